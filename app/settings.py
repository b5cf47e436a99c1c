"""Every knob of the service, from the environment: `LAURELS_` and the name in capitals. Nothing happens on import.

SQLAlchemy is loaded where a database is named, not before: it takes longer to load than a badge to verify.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ADDRESS = r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_SENDER = re.compile(rf"{_ADDRESS}|[^<>@\"(),:;\\\[\]]*[^<>@\"(),:;\\\[\]\s] <{_ADDRESS}>")
_DEFAULT_DATABASE = "sqlite:///var/laurels.db"


def _beside_the_database(settings: dict[str, Any]) -> Path:
    from sqlalchemy.engine import make_url

    url = make_url(settings.get("database_url", _DEFAULT_DATABASE))
    return Path(str(url.database)).parent if url.get_backend_name() == "sqlite" else Path("var")


class Outward(BaseSettings):
    """As what, and where, others are asked. Apart, since who only asks needs no database."""

    model_config = SettingsConfigDict(
        env_prefix="LAURELS_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True, validate_default=True
    )

    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="The address people and verifiers see, written into every badge. With https the issuers are "
        "did:web, with http did:key. It cannot change once badges exist.",
    )

    allow_loopback: bool = Field(
        default=False,
        description="Whether documents of others may be fetched from this machine, and webhooks lead to it, by http "
        "too. For development and tests only: with it a stranger's badge can make the service ask whatever else "
        "listens here.",
    )

    @field_validator("public_url")
    @classmethod
    def _bare_origin(cls, text: str) -> str:
        url = urlsplit(text)
        beside_the_origin = url.path.strip("/") or url.query or url.fragment or "@" in url.netloc
        if url.scheme not in {"http", "https"} or not url.hostname or beside_the_origin or url.port == 0:
            raise ValueError("an origin is needed, like https://badges.example.org, with nothing after it")
        return f"{url.scheme}://{url.netloc.lower()}"


class Settings(Outward):
    """Read once, where a process starts; handed down from there."""

    database_url: str = Field(
        default=_DEFAULT_DATABASE,
        repr=False,
        description="Where everything is kept: `sqlite:///file` (served by one process) or `postgresql://…` (by any "
        "number).",
    )
    admin_token: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="The installation admin's bearer token, at least 32 characters. "
        "Without it the first start prints one, once.",
    )
    state_dir: Path = Field(
        default_factory=_beside_the_database,
        description="Where the key that encrypts private keys and the instance record live; keep it out of database "
        "backups. Default: beside the SQLite file, else `var/`.",
    )

    mail: str = Field(
        default="console",
        repr=False,
        description="How mails leave: `console` (printed where the service runs), `smtp://user:password@host:587`, "
        "`smtps://…`, or `off`.",
    )
    mail_from: str = Field(
        default="",
        description="Who mails are from, such as `Laurels <laurels@badges.example.org>`; needed with a mail server.",
    )

    @field_validator("mail")
    @classmethod
    def _known_way(cls, text: str) -> str:
        if text in {"console", "off"}:
            return text
        url = urlsplit(text)  # a ValueError of its own says what is wrong
        if url.scheme not in {"smtp", "smtps"} or not url.hostname or url.port == 0:
            raise ValueError("console, off, smtp://user:password@host:587 or smtps://… are known")
        if url.path.strip("/") or url.query or url.fragment:
            raise ValueError("a mail server has an address like smtp://host:587, with nothing after it")
        return text

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, text: str, others: ValidationInfo) -> str:
        if not text and str(others.data.get("mail", "")).startswith("smtp"):
            raise ValueError("needed with a mail server, like Laurels <laurels@badges.example.org>")
        if text and not (_SENDER.fullmatch(text) and text.isprintable()):
            raise ValueError("one address is needed, like Laurels <laurels@badges.example.org>")
        return text

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, text: str) -> str:
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            url = make_url(text)
        except ArgumentError:
            raise ValueError("not a database URL; say sqlite:///file or postgresql://user@host/name") from None
        match url.get_backend_name():
            case "sqlite" if url.database and url.database != ":memory:":
                return text
            case "sqlite":
                raise ValueError("an SQLite database needs a file: sqlite:///var/laurels.db")
            case "postgresql" | "postgres":
                return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        raise ValueError("only sqlite:/// and postgresql:// are known")
