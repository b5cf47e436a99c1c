"""The Open Badges library."""
