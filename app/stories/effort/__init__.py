"""What running a community costs in hours: stated by whoever spends them, shown to nobody else, told in sums."""
