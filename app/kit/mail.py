"""Mail: what one is, and how it leaves.

Nobody's words reach a header but through `email.message.EmailMessage`, which refuses line ends there; a subject is one
line, a body is plain text.
"""

import re
import smtplib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.kit.wording import visible

PATIENCE = 20.0
"""Seconds that a mail server may take over one answer."""
_DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""RFC 5322 §3.2.3."""
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Message:
    """One mail, to one person."""

    id: str
    """The same whenever it is sent again, so that its reader's program can tell."""
    at: datetime
    to: str
    """An address in its canonical form."""
    subject: str
    body: str
    unsubscribe: str | None = None
    """Where mails are turned off, if they can be."""


class NotSent(Exception):
    """This mail was not taken this time; trying again may help."""


class Refused(NotSent):
    """This mail will never be taken."""


class NobodyTakesMail(NotSent):
    """The server cannot be reached, or lets us send nothing at all at this time."""


Send = Callable[[Message], None]
"""Sends a mail, or raises `NotSent`, `Refused` or `NobodyTakesMail`."""


def sender(way: str, from_: str) -> Send | None:
    """How mails leave: `console`, `off` (they do not: None), or the URL of a mail server."""
    if way == "off":
        return None
    return on_the_console if way == "console" else MailServer(way, from_)


def on_the_console(message: Message) -> None:
    """Shows a mail to whoever runs the service."""
    sys.stdout.write(_shown(message))
    sys.stdout.flush()


def into(file: Path) -> Send:
    """Mails are added to the end of a file, as they would be shown."""

    def send(message: Message) -> None:
        with file.open("a", encoding="utf-8") as end:
            end.write(_shown(message))

    return send


def _shown(message: Message) -> str:
    text = visible(f"\nMail to {message.to}: {message.subject}\n\n{message.body}".rstrip())
    return "".join(f"    {line}".rstrip() + "\n" for line in text.split("\n")) + "\n"


@dataclass(frozen=True)
class MailServer:
    """Sends through a mail server (RFC 5321): `smtp://` with TLS where the server offers it, `smtps://` always with.

    Who has to log in does so over TLS only.
    """

    url: str
    from_: str

    def __call__(self, message: Message) -> None:
        """Sends it. Raises `NotSent`, `Refused`, `NobodyTakesMail`."""
        written = self.written(message)
        try:
            with self._reached() as server:
                self._let_in(server)
                self._handed_over(server, written)
        except (smtplib.SMTPException, OSError) as error:
            raise NobodyTakesMail(_code(error)) from None

    def written(self, message: Message) -> EmailMessage:
        """The mail as it is sent. Raises `Refused` where its address cannot stand in one."""
        written = EmailMessage(policy=SMTP)
        name, _, domain = message.to.rpartition("@")
        try:
            if not (_DOT_ATOM.fullmatch(name) and domain):  # quoted, it would be another mailbox
                raise Refused("address")
            written["To"] = Address(username=name, domain=domain.encode("idna").decode())
            written["From"] = self.from_
            written["Subject"] = " ".join(visible(message.subject).split())
        except (MessageError, ValueError) as error:  # UnicodeError, where a domain is none, is a ValueError
            raise Refused(type(error).__name__) from None
        written["Date"] = message.at
        written["Message-ID"] = f"<{message.id}@{written['From'].addresses[0].domain}>"
        written["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        if message.unsubscribe is not None:
            written["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            if message.unsubscribe.startswith("https:"):
                written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        written.set_content(visible(message.body))
        return written

    def _reached(self) -> smtplib.SMTP:
        url = urlsplit(self.url)
        host, port = str(url.hostname), url.port or _PORTS[url.scheme]
        # By the name that mails are from: to look this machine's up could take as long as the mail.
        ours: Any = {"local_hostname": self.from_.rpartition("@")[2].rstrip(">"), "timeout": PATIENCE}
        if url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, **ours, context=ssl.create_default_context())
        return smtplib.SMTP(host, port, **ours)

    def _let_in(self, server: smtplib.SMTP) -> None:
        url = urlsplit(self.url)
        server.ehlo()
        if url.scheme == "smtp" and (url.username or server.has_extn("starttls")):
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))

    def _handed_over(self, server: smtplib.SMTP, written: EmailMessage) -> None:
        try:
            server.send_message(written)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            raise _answered(code) from None
        except smtplib.SMTPDataError as error:
            raise _answered(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(type(error).__name__) from None


def _answered(code: int) -> NotSent:
    """RFC 5321 §4.2.1: 5yz is for good, 4yz is not."""
    return Refused(str(code)) if 500 <= code < 600 else NotSent(str(code))


def _code(error: Exception) -> str:
    """What went wrong, without anybody's words or address."""
    code = getattr(error, "smtp_code", None)
    return type(error).__name__ if code is None else str(code)
