"""The command line: data on standard output, talk on standard error, and an exit status that says how it went."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from socket import socket
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

import badges
from app.credentials import rotation
from app.credentials.service import any_signed
from app.demo import prepare
from app.kit.clock import system_clock
from app.kit.database import AlreadyServed, is_sqlite, write_session
from app.kit.deps import Runtime, fetcher
from app.kit.errors import AppError
from app.kit.garbage import look_seldom
from app.kit.installation import AddressFixed, settle_address
from app.kit.migrations import NotMigrated, current_is_head, upgrade
from app.kit.occasions import Occasion
from app.kit.vault import VaultFault
from app.main import ClockBehind, create_app
from app.members import service as members
from app.members.rules import EVERY_SCOPE, Role, Scope
from app.pages.rendering import visible
from app.settings import Settings
from app.verifier.service import documents, judge, judge_address

VERIFIED, NOT_VERIFIED, COULD_NOT_TELL = 0, 1, 2
MOST = 4 * 1024 * 1024
"""Bytes that are read of a file."""

commands = typer.Typer(
    name="laurels",
    help="Recognition for communities of practice, as Open Badges that anyone can verify.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
token = typer.Typer(help="Tokens by which people and platforms call.", no_args_is_help=True)
key = typer.Typer(help="The keys that communities sign with.", no_args_is_help=True)
commands.add_typer(token, name="token")
commands.add_typer(key, name="keys")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; standard output if left out.")]


def main() -> None:
    """Runs the command; what is refused ends in one sentence, not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign shows another
    try:
        commands()
    except (AppError, badges.BadgeError) as error:
        _fail(_refusal(error))
    except (AlreadyServed, NotMigrated, VaultFault, AddressFixed, ClockBehind) as error:
        _fail(str(error))
    except ValidationError as error:
        mistakes = [e for e in error.errors() if e["type"] != "default_factory_not_called"]  # follows from another
        _fail("\n".join(f"LAURELS_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in mistakes))
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}".lstrip(": "))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        _fail(f"The database cannot be used: {reason}")


@commands.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve. An SQLite file is made and migrated by itself; a PostgreSQL has to be at head (`laurels migrate`)."""
    settings = Settings()
    if "public_url" not in settings.model_fields_set:  # nobody said otherwise, so badges name where it listens
        settings = settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})
    run(create_app(settings), host, port, once_up=f"Laurels serves {settings.public_url} on {host}:{port}.")


@commands.command()
def migrate() -> None:
    """Bring the database to the newest shape."""
    runtime = Runtime.of(Settings())
    upgrade(runtime.engine)
    _say("The database has the newest shape.")


@commands.command()
def demo(port: Port = 8000, folder: Annotated[Path, typer.Option(help="Where the demo lives.")] = Path("var")) -> None:
    """A small living community on 127.0.0.1, with lines to try. Ctrl-C stops it."""
    settings, lines = prepare(folder, port)
    run(create_app(settings), "127.0.0.1", port, once_up=lines)


@commands.command()
def verify(
    badge: Annotated[str, typer.Argument(help="A file, an address on the web, or - for standard input.")],
    recipient: Annotated[str | None, typer.Option(help="Whose badge it should be: email, DID, URL.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
) -> None:
    """Verify a badge. Exit status: 0 verified, 1 not, 2 could not tell."""
    settings, now = Settings(), system_clock()
    # Where there is no database, verifying makes none: then nothing was issued here, and all badges are others'.
    fetch = documents(_here(settings), now) if _is_made(settings) else fetcher(settings, system_clock)
    if badge.lower().startswith(("https://", "http://")):
        report = judge_address(badge, fetch, recipient=recipient, now=now)
    else:
        report = judge(_read(badge), fetch, recipient=recipient, now=now)
    print(json.dumps(report.to_dict(), indent=2) if as_json else _in_words(report))
    unknown = report.outcome is badges.Outcome.unknown
    raise typer.Exit(VERIFIED if report.verified else COULD_NOT_TELL if unknown else NOT_VERIFIED)


@commands.command()
def bake(
    image: Annotated[Path, typer.Argument(help="A PNG or SVG.")],
    credential: Annotated[str, typer.Argument(help="The signed credential: a file, or - for standard input.")],
    output: Output = None,
) -> None:
    """Put a signed credential into an image. The pixels stay as they are."""
    try:
        text = _read(credential).decode()
    except UnicodeDecodeError:
        raise typer.BadParameter("The credential is not text in UTF-8.") from None
    _write(badges.bake(_read(str(image)), text.strip()), output)


@commands.command()
def unbake(
    image: Annotated[str, typer.Argument(help="A file, or - for standard input.")], output: Output = None
) -> None:
    """Take the signed credential out of an image."""
    _write(badges.unbake(_read(image)).text.encode(), output)


@token.command("create")
def token_create(
    community: Annotated[str | None, typer.Argument(help="Slug of the community; none for an admin's token.")] = None,
    owner: Annotated[str | None, typer.Option(help="Handle of the member whose token it is.")] = None,
    role: Annotated[Role | None, typer.Option(help="What its holder is; a steward if left out.")] = None,
    scope: Annotated[list[Scope] | None, typer.Option(help="A scope; may be given several times.")] = None,
) -> None:
    """Make a token and print its secret, which nobody can read again."""
    if community is None and (owner is not None or role not in {None, Role.admin}):
        raise typer.BadParameter("Say of which community; a token of none is an admin's, and nobody else's.")
    if community is not None and role is Role.admin:
        raise typer.BadParameter("An admin's token is of no community; leave the community out.")
    with _use_case() as (session, _, on):
        found = members.community_by_slug(session, community) if community else None
        _, secret = members.create_token(
            session,
            found,
            owner=members.member_named(session, found, owner) if owner and found else None,
            role=(role or Role.steward) if found else Role.admin,
            scopes=scope,
            expires_at=None,
            granter=EVERY_SCOPE,
            on=on,
        )
    print(secret)


@key.command("rotate")
def keys_rotate(
    community: Annotated[str, typer.Argument(help="Slug of the community.")],
    compromised: Annotated[
        bool, typer.Option("--compromised", help="The old key is no longer to be believed.")
    ] = False,
    ob2: Annotated[bool, typer.Option("--ob2", help="The Open Badges 2.0 key instead of the others.")] = False,
    new_issuer: Annotated[bool, typer.Option("--new-issuer", help="Become a new did:key issuer.")] = False,
) -> None:
    """Give a community new keys. What the old ones signed goes on verifying, unless they were compromised."""
    with _use_case() as (session, runtime, on):
        settle_address(session, runtime.installation, badges_exist=any_signed(session))
        made = rotation.rotate(
            session,
            members.community_by_slug(session, community),
            at=runtime.installation,
            on=on,
            compromised=compromised,
            ob2=ob2,
            new_issuer=new_issuer,
        )
    for new in made:
        print(f"{new.kind.value}\t{new.kid}")


class _Server(uvicorn.Server):
    """Lets what the application refuses at its start be told by `main`, where uvicorn would log a traceback.

    Says that it is up when it is, not before.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config, once_up: str) -> None:
        super().__init__(config)
        self._lifespan = app.router.lifespan_context(app)
        self._once_up = once_up

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await self._lifespan.__aenter__()
        try:
            await super().startup(sockets)
        except SystemExit:  # the port is taken, as uvicorn has said
            await self._lifespan.__aexit__(None, None, None)
            raise
        if self.started and not self.should_exit:
            print(self._once_up, flush=True)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        await super().shutdown(sockets)
        await self._lifespan.__aexit__(None, None, None)


def run(app: FastAPI, host: str, port: int, *, once_up: str) -> None:
    """Serves until a signal comes; finishes what is under way first."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",  # `_Server` sees to it
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=25,
    )
    server = _Server(app, config, once_up)
    look_seldom()
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        server.run()
    if not server.started:
        sys.exit(COULD_NOT_TELL)


@contextmanager
def _use_case() -> Iterator[tuple[Session, Runtime, Occasion]]:
    """One transaction beside a serving process: it waits its turn, and serves nothing itself."""
    runtime = _here(Settings())
    _ = runtime.installation  # opened before the transaction that would wait for it
    with write_session(runtime.engine) as session:
        yield session, runtime, Occasion(actor="operator", now=system_clock(), ids=runtime.ids)


def _is_made(settings: Settings) -> bool:
    """Whether there is a database, as far as can be told without making one."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()


def _here(settings: Settings) -> Runtime:
    """This installation, with its database in the newest shape. Raises `NotMigrated`."""
    runtime = Runtime.of(settings)
    if is_sqlite(runtime.engine):
        upgrade(runtime.engine)
    with runtime.engine.connect() as connection:
        if not current_is_head(connection):
            raise NotMigrated("This database is not in the newest shape. Run `laurels migrate` first.")
    return runtime


def _refusal(error: AppError | badges.BadgeError) -> str:
    """What was wrong, field by field if need be, and what to do."""
    if not isinstance(error, AppError):
        return error.detail
    told = [
        error.detail or (type(error).__doc__ or "").partition("\n")[0],
        *(wrong["message"] for wrong in error.errors),
    ]
    return " ".join(told if error.errors else [*told, error.fix])


def _in_words(report: badges.Report) -> str:
    marks = {"passed": "✓", "failed": "✗", "unknown": "?", "skipped": "–"}
    lines = [report.summary, ""]
    lines += [f"  {marks[check.outcome.value]} {check.check}: {check.detail}" for check in report.checks]
    lines += [f"  = {each['pointer']}: {each['summary']}" for each in report.contains]
    lines += [f"  ! {warning.detail}" for warning in report.warnings]
    lines += [
        f"  → {asked.url} at {badges.timestamp(asked.at)}: {asked.status or 'no answer'}" for asked in report.fetched
    ]
    return visible("\n".join(lines))


def _read(name: str) -> bytes:
    """What a file or standard input holds, as far as any badge or image reaches; the library refuses what is longer."""
    if name == "-":
        return sys.stdin.buffer.read(MOST)
    with Path(name).open("rb") as file:
        return file.read(MOST)


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _fail(text: str) -> None:
    _say(visible(f"laurels: {text}"))
    sys.exit(COULD_NOT_TELL)
