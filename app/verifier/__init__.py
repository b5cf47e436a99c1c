"""Judging any badge, for anyone."""
