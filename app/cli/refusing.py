"""What a refusal is for whoever typed the command: a sentence and an exit status."""

import re

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

import badges
from app.cli.installing import NoDatabase
from app.cli.talking import Status, Unread
from app.kit.database import AlreadyServed
from app.kit.errors import AppError
from app.kit.installation import AddressFixed
from app.kit.migrations import NotMigrated
from app.kit.vault import VaultFault
from app.main import ClockBehind
from app.worker import ServedHere

_CALL = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) |/v1/|If-Match|Idempotency-Key")


def told(error: Exception) -> tuple[Status, str] | None:
    """How the command ends and why; None where the error is ours and a traceback is right."""
    match error:
        case Unread():
            return Status.no_input, str(error)
        case badges.BadgeError():
            return Status.unusable_data, error.detail
        case AppError():
            return Status.refused, _in_full(error)
        case NoDatabase() | NotMigrated() | VaultFault() | AddressFixed():
            return Status.refused, str(error)
        case AlreadyServed() | ClockBehind() | ServedHere():
            return Status.refused, str(error)
        case ValidationError():
            mistakes = [e for e in error.errors() if e["type"] != "default_factory_not_called"]  # follows from another
            named = (f"LAURELS_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in mistakes)
            return Status.wrong_settings, "\n".join(named)
        case OSError():
            return Status.refused, f"{error.filename or ''}: {error.strerror or error}".lstrip(": ")
        case SQLAlchemyError():
            reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            return Status.refused, f"The database cannot be used: {reason}"
    return None


def _in_full(error: AppError) -> str:
    """What was wrong, field by field if need be, and what to do."""
    said = [
        error.detail or (type(error).__doc__ or "").partition("\n")[0],
        *(wrong["message"] for wrong in error.errors),
    ]
    # What to do is mostly told in calls of the API, which nobody makes who types commands.
    return " ".join(said if error.errors or _CALL.search(error.fix) else [*said, error.fix])
