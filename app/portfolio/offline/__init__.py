"""What an archive brings along so that it is verified without a network and without us."""
