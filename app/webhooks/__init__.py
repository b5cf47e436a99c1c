"""Telling other systems what happened: subscriptions, signed deliveries, and what came of each attempt."""
