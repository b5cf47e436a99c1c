"""The service as a process that is killed at a given statement: `python -m tests.app.nominations.dying`.

It reads one order a line and answers each with a line. Every order is carried out by a fork of its own, so that the
service is loaded once and killed many times. The database is as the fork finds it.
"""

import json
import os
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI

import badges
from app.main import create_app
from app.settings import Settings
from tests.client import Client
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock

STEPS = ("before_cursor_execute", "savepoint", "release_savepoint", "commit", "checkin")
"""What the process does with its database: after `commit`, before which it is told, it gives the connection back."""


@cache
def service(database: str, folder: str) -> FastAPI:
    """The service on a database, to which it does not connect before it has forked."""
    values = {"database_url": database, "admin_token": ADMIN_TOKEN, "state_dir": Path(folder)}
    return create_app(Settings.model_validate(values), clock=SettableClock(), fetch=badges.no_fetch)


def answered(app: FastAPI, path: str, token: str, body: dict[str, Any], *, killed_at: int) -> dict[str, Any]:
    """The status of a call, and how many steps it took; at this one of them the process ends. 0: at none."""
    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with Client(app) as client:
        for step in STEPS:
            sa.event.listen(app.state.runtime.engine, step, count)
        answer = client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})
        return {"status": answer.status_code, "steps": seen}


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        app = service(order.pop("database"), order.pop("folder"))
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, json.dumps(answered(app, **order)).encode())
            os._exit(0)
        os.close(writing)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as pipe:
            sys.stdout.write((pipe.read().decode() or json.dumps({"status": None})) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
