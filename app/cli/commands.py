"""The commands, each with what it may be given."""

import json
import sys
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.cli.files import read, write
from app.cli.talking import Status, say
from app.members.rules import EVERY_SCOPE, Role, Scope
from badges.errors import Unreadable

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
audit = typer.Typer(help="What the journals of communities say.", no_args_is_help=True)
commands.add_typer(audit, name="audit")
figures = typer.Typer(help="What was published of communities.", no_args_is_help=True)
commands.add_typer(figures, name="figures")
contributions = typer.Typer(help="What people did.", no_args_is_help=True)
commands.add_typer(contributions, name="contributions")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; standard output if left out.")]


def main() -> None:
    """Runs the command; what is refused ends in one sentence, not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign shows another
    try:
        status = commands(standalone_mode=False)  # typer's own end for wrong usage is 2, which is a verdict here
    except typer.TyperException as error:
        said = error.format_message()  # empty where the help has been shown instead
        _refuse(Status.wrong_usage, said and f"{said} See `laurels --help`.")
    except Exception as error:
        from app.cli.refusing import told  # loads all of the service, whose refusals these are

        refusal = told(error)
        if refusal is None:
            raise
        _refuse(*refusal)
    sys.exit(status)


def _refuse(status: Status, sentence: str) -> NoReturn:
    """Ends the command; who asked for JSON gets that, too."""
    if sentence:
        say(f"laurels: {sentence}")
    if "--json" in sys.argv:
        print(json.dumps({"error": status.name.replace("_", "-"), "detail": sentence}, indent=2))
    sys.exit(status)


@commands.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve. An SQLite file is made and migrated by itself; a PostgreSQL has to be at head (`laurels migrate`)."""
    from app.cli.serving import run
    from app.main import create_app
    from app.settings import Settings

    settings = Settings()
    if "public_url" not in settings.model_fields_set:  # nobody said otherwise, so badges name where it listens
        settings = settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})
    run(create_app(settings), host, port, once_up=f"Laurels serves {settings.public_url} on {host}:{port}.")


@commands.command()
def worker() -> None:
    """Do what is done beside the requests, on PostgreSQL; any number may. With SQLite `serve` does it itself."""
    from app.cli.installing import here
    from app.cli.serving import work
    from app.settings import Settings
    from app.worker import refuse_beside_serving

    settings = Settings()
    refuse_beside_serving(settings.database_url)
    work(here(settings))


@commands.command()
def migrate() -> None:
    """Bring the database to the newest shape."""
    from app.kit.deps import Runtime
    from app.kit.migrations import upgrade
    from app.settings import Settings

    runtime = Runtime.of(Settings())
    upgrade(runtime.engine)
    say("The database has the newest shape.")


@commands.command()
def demo(port: Port = 8000, folder: Annotated[Path, typer.Option(help="Where the demo lives.")] = Path("var")) -> None:
    """A small living community on 127.0.0.1, with lines to try. Ctrl-C stops it."""
    from app.cli.serving import run
    from app.demo.receiver import receiver
    from app.demo.seeding import prepare
    from app.kit.mail import into
    from app.main import create_app

    prepared = prepare(folder, port)
    app = create_app(prepared.settings, send=into(prepared.mails))
    if prepared.secret is not None:
        app.router.routes.extend(receiver(prepared.secret, partial(print, flush=True)).routes)
    run(app, "127.0.0.1", port, once_up=prepared.lines)


@commands.command()
def verify(
    given: Annotated[
        list[str], typer.Argument(metavar="BADGE", help="Files, addresses on the web, or - for standard input.")
    ],
    recipient: Annotated[str | None, typer.Option(help="Whose badge it should be: email, DID, URL.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The whole report as JSON; of several badges an array of them.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say too why something could not be fetched.")] = False,
) -> None:
    """Verify badges. Exit status: 0 all verified, 1 one is not, 2 could not tell; 66 a file cannot be read."""
    from app.cli.verifying import verify

    raise typer.Exit(verify(given, recipient=recipient, as_json=as_json, verbose=verbose))


@commands.command()
def bake(
    image: Annotated[Path, typer.Argument(help="A PNG or SVG.")],
    credential: Annotated[str, typer.Argument(help="The signed credential: a file, or - for standard input.")],
    output: Output = None,
) -> None:
    """Put a signed credential into an image. The pixels stay as they are."""
    import badges

    try:
        text = read(credential).decode()
    except UnicodeDecodeError:
        raise Unreadable("The credential is not text in UTF-8.") from None
    write(badges.bake(read(str(image)), text.strip()), output)


@commands.command()
def unbake(
    image: Annotated[str, typer.Argument(help="A file, or - for standard input.")], output: Output = None
) -> None:
    """Take the signed credential out of an image."""
    import badges

    write(badges.unbake(read(image)).text.encode(), output)


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
    from app.cli.installing import use_case
    from app.members import service as members
    from app.members.tokens import create_token

    with use_case() as (session, _, on):
        found = members.community_by_slug(session, community) if community else None
        _, secret = create_token(
            session,
            found,
            owner=members.member_named(session, found, owner) if owner and found else None,
            role=(role or Role.steward) if found else Role.admin,
            scopes=scope,
            expires_at=None,
            granter=EVERY_SCOPE,
            own=True,
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
    from app.cli.installing import use_case
    from app.credentials import rotation
    from app.credentials.service import any_signed
    from app.kit.installation import settle_address
    from app.members import service as members

    with use_case() as (session, runtime, on):
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


@audit.command("verify")
def audit_verify(
    community: Annotated[str | None, typer.Option(help="Slug of the community; every one if left out.")] = None,
) -> None:
    """Look whether journals were tampered with. Exit status: 0 they hold, 1 one does not."""
    from app.cli.auditing import verify_journals

    raise typer.Exit(verify_journals(community))


@figures.command("verify")
def figures_verify(
    community: Annotated[str | None, typer.Option(help="Slug of the community; every one if left out.")] = None,
) -> None:
    """Work out again what was published, from what is known today. Exit status: 0 it is the same, 1 some of it is not.

    What was recorded since about a time that is over changes nothing that was published; it is said where that is so.
    """
    from app.cli.figuring import verify_figures

    raise typer.Exit(verify_figures(community))


@contributions.command("import")
def contributions_import(
    file: Annotated[str, typer.Argument(help="CSV or XLSX with column names first, or - for standard input.")],
    community: Annotated[str, typer.Option(help="Slug of the community.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it, and keep nothing.")] = False,
) -> None:
    """Import contributions from a table; lines that are refused are printed. Exit status: 0 none was, 65 some were.

    Columns: type, occurred_at; any of person, account with platform, email, for, role, ends_at, url, title, channel,
    evidence_digest, loop, dedupe_key. A table that is imported twice is recorded once.
    """
    from app.cli.importing import import_table

    raise typer.Exit(import_table(file, community, dry_run=dry_run))


@commands.command("export-issuer")
def export_issuer(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    community: Annotated[str, typer.Option(help="Slug of the community.")],
) -> None:
    """Write all that a community publishes as files, which any web host can serve in this service's stead."""
    from app.cli.exporting import export_issuer

    say(f"{export_issuer(folder, community)} files are in {folder}; {folder / 'SERVING.txt'} says how to serve them.")
