"""When the service is gone: its operator exports what a community published, and any web host serves the files.

The badges are those that were judged while it ran, byte for byte; all that is asked for them comes from the files.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path
from threading import Thread

import httpx

from interop.community import Community
from interop.service import Service


class NotExported(Exception):
    """The service would not export what it published; the message is what it said."""


def export(service: Service, community: Community, folder: Path) -> None:
    """Everything that a community publishes, as files."""
    done = service.command("export-issuer", str(folder), "--community", community.slug)
    if done.returncode:
        raise NotExported(f"export-issuer {community.slug}: {done.stderr}")


@contextmanager
def any_web_host(folder: Path) -> Iterator[httpx.Client]:
    """A static server that knows nothing of badges; a client that asks it."""

    class AsAsked(SimpleHTTPRequestHandler):
        # what `SERVING.txt` in the folder asks of a web host: some judges read nothing that is not called JSON
        extensions_map = SimpleHTTPRequestHandler.extensions_map | {"": "application/json", ".jwt": "text/plain"}

        def guess_type(self, path: str | PathLike[str]) -> str:
            rested_on = Path(path).parent == folder / "participation"
            return "application/jwt" if rested_on else super().guess_type(path)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(AsAsked, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
                yield client
        finally:
            server.shutdown()
