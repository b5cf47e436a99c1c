"""What was made together: by whom, on what it builds, and whether others looked at it."""
