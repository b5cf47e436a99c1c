"""Tests of app.portfolio."""
