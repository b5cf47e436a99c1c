"""The command line: data on standard output, talk on standard error, and an exit status that says how it went.

A command loads what it needs when it is given: the whole service takes seconds to load, a badge less to verify.
"""

from app.cli.commands import main

__all__ = ["main"]
