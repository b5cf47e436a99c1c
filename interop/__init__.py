"""Verifiers written by others judge what a running Laurels service serves: `python -m interop`, see docs/interop.md."""
