"""A mail says what it was given and nothing else, to whom it was for; and a server's answers are understood."""

import io
from contextlib import redirect_stdout
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.mail import MailServer, Message, NobodyTakesMail, NotSent, Refused, sender
from tests.mail_server import mail_server
from tests.stand_ins import THEN

FROM = "Laurels <laurels@badges.example>"
MAIL = Message(
    "1", THEN, "bo@people.example", "Thank you", "Hello Bo,\n.\nthank you.\n", "https://b.example/unsubscribe/x"
)


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as server:
        MailServer(server.url, FROM)(MAIL)
    (got,) = server.got
    assert got.get_content().splitlines() == MAIL.body.splitlines()
    assert {name: str(value) for name, value in got.items() if name not in {"Content-Type", "MIME-Version"}} == {
        "To": "bo@people.example",
        "From": FROM,
        "Subject": "Thank you",
        "Date": "Sat, 21 Nov 2026 09:00:00 +0000",
        "Message-ID": "<1@badges.example>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://b.example/unsubscribe/x>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Transfer-Encoding": "7bit",
    }


@given(subject=st.text(max_size=60), body=st.text(max_size=60), to=st.text(max_size=30))
def test_no_words_become_a_header(subject: str, body: str, to: str) -> None:
    try:
        written = MailServer("smtp://x", FROM).written(replace(MAIL, subject=subject, body=body, to=f"{to}@x.example"))
    except Refused:
        return
    head, _, _ = written.as_bytes().partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert set(names) <= {name.encode() for name in written}
    assert len(names) == len(set(names)) == 11
    assert len(written["To"].addresses) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_line_end_in_a_subject_starts_no_header(end: str) -> None:
    written = MailServer("smtp://x", FROM).written(replace(MAIL, subject=f"Hello{end}Bcc: eve@x.example"))
    assert "Bcc" not in written
    assert len(str(written["Subject"]).splitlines()) == 1


@pytest.mark.parametrize(
    "to", ["bo", "b o@x.example", "bo@x.example\nBcc: eve@x.example", "ü@x.example", "a..b@x.example", "@", "bo@"]
)
def test_an_address_that_cannot_stand_in_a_mail_is_refused_for_good(to: str) -> None:
    with pytest.raises(Refused):
        MailServer("smtp://x", FROM).written(replace(MAIL, to=to))


def test_an_international_domain_is_asked_for_by_its_other_name() -> None:
    assert (
        str(MailServer("smtp://x", FROM).written(replace(MAIL, to="bo@bücher.example"))["To"])
        == "bo@xn--bcher-kva.example"
    )


@pytest.mark.parametrize(
    ("answer", "meant"), [("550 no such user", Refused), ("450 come back later", NotSent), ("421 closing", NotSent)]
)
def test_what_a_server_answers_of_one_address_is_about_that_mail(answer: str, meant: type[NotSent]) -> None:
    with mail_server() as server:
        server.refuses[MAIL.to] = answer
        with pytest.raises(NotSent) as refused:
            MailServer(server.url, FROM)(MAIL)
    assert refused.type is meant
    assert MAIL.to not in str(refused.value)


def test_a_server_that_is_not_there_takes_no_mail_of_anybody() -> None:
    with mail_server() as server:
        url = server.url
    with pytest.raises(NobodyTakesMail, match="ConnectionRefusedError"):
        MailServer(url, FROM)(MAIL)


def test_no_password_is_said_in_clear() -> None:
    with mail_server() as server, pytest.raises(NobodyTakesMail, match="NotSupported"):
        MailServer(server.url.replace("//", "//user:password@"), FROM)(MAIL)
    assert server.got == []


def test_on_the_console_a_mail_is_shown_and_acts_on_nothing() -> None:
    shown, send = io.StringIO(), sender("console", "")
    assert send is not None
    with redirect_stdout(shown):
        send(replace(MAIL, subject="Hi\x1b[2J"))
    assert shown.getvalue() == "\n    Mail to bo@people.example: Hi�[2J\n\n    Hello Bo,\n    .\n    thank you.\n\n"


def test_where_mails_are_off_none_leave() -> None:
    assert sender("off", "") is None
