"""What happened in a week, for those who were not there."""
