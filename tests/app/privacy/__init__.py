"""Tests of what is told to people of themselves, and erased."""
