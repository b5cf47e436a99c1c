"""Tests of the service are given a service."""

from tests.service import app, client, clock, database, engine, ids, servers, settings

__all__ = ["app", "client", "clock", "database", "engine", "ids", "servers", "settings"]
