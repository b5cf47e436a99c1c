"""Every knob of the service."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings


def given(**values: object) -> Settings:
    return Settings.model_validate(values)


def test_without_a_word_it_runs_on_a_file_of_its_own() -> None:
    settings = given()
    assert settings.database_url == "sqlite:///var/laurels.db"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.state_dir == Path("var")
    assert settings.admin_token is None


def test_state_lies_beside_the_file_or_in_var() -> None:
    assert given(database_url="sqlite:////srv/laurels/x.db").state_dir == Path("/srv/laurels")
    assert given(database_url="postgresql://u@h/d").state_dir == Path("var")
    assert given(database_url="postgresql://u@h/d", state_dir="/etc/laurels").state_dir == Path("/etc/laurels")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("postgresql://u:p%40@h:5433/d", "postgresql+psycopg://u:p%40@h:5433/d"),
        ("postgresql+psycopg://u@/d?host=/run/x", "postgresql+psycopg://u@/d?host=%2Frun%2Fx"),
        ("sqlite:///x.db", "sqlite:///x.db"),
    ],
)
def test_a_database_is_sqlite_or_postgresql(said: str, meant: str) -> None:
    assert given(database_url=said).database_url == meant


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "sqlite:///"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        given(database_url=url)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("https://Badges.Example.org/", "https://badges.example.org"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_public_address_is_an_origin(said: str, meant: str) -> None:
    assert given(public_url=said).public_url == meant


@pytest.mark.parametrize("user", ["", "u:p@", ":p@"])
@pytest.mark.parametrize("rest", ["/badges", "?a", "/#a", ":0", ":99999", ":a"])
def test_a_public_address_with_more_than_an_origin_is_refused(user: str, rest: str) -> None:
    with pytest.raises(ValidationError):
        given(public_url=f"https://{user}x.org{rest}")


@pytest.mark.parametrize(
    "url", ["", "badges.example.org", "ftp://x.org", "https://", "https://u:p@x.org", "https://:p@x.org"]
)
def test_a_public_address_that_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        given(public_url=url)


def test_a_short_admin_token_is_refused_without_being_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        given(admin_token="swordfish")
    assert "swordfish" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    settings = given(admin_token="s" * 32, database_url="postgresql://u:swordfish@h/d")
    assert "ssss" not in repr(settings)
    assert "swordfish" not in repr(settings)


def test_every_knob_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


FROM = "Laurels <laurels@badges.example>"


@pytest.mark.parametrize("way", ["console", "off", "smtp://mail.example", "smtps://u%40x:p@mail.example:465/"])
def test_mail_leaves_by_the_console_by_a_server_or_not_at_all(way: str) -> None:
    assert given(mail=way, mail_from=FROM).mail == way
    assert "u%40x" not in repr(given(mail=way, mail_from=FROM))


@pytest.mark.parametrize("way", ["", "CONSOLE", "smtp:", "smtp://", "http://mail.example", "smtp://h:0", "smtp://h:x",
                                 "smtp://[", "smtp://h/path", "smtp://h?a", "mail.example:25"])  # fmt: skip
def test_another_way_is_refused(way: str) -> None:
    with pytest.raises(ValidationError):
        given(mail=way, mail_from=FROM)


@pytest.mark.parametrize("who", ["laurels@badges.example", FROM, "“Die Gilde” <g@x.example>"])
def test_mails_are_from_one_address(who: str) -> None:
    assert given(mail_from=who).mail_from == who


@pytest.mark.parametrize(
    "who", ["x", "@", "a@", "A <a@x.example>, b@x.example", "a@x.example\r\nBcc: b@x.example", "A <>"]
)
def test_whatever_else_is_no_sender(who: str) -> None:
    with pytest.raises(ValidationError):
        given(mail_from=who)


def test_a_mail_server_needs_somebody_to_be_from() -> None:
    with pytest.raises(ValidationError, match="mail_from"):
        given(mail="smtps://mail.example")
