"""What can be earned: achievements, their versions, their policies and their images."""
