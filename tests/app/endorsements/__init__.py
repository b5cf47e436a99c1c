"""Tests of app.endorsements."""
