"""Laurels: the recognition service for communities of practice."""
