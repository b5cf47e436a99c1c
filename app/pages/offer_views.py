"""An offer that came of a nomination, as the page behind the link in the letter shows it."""

import json
from typing import Any

from app.achievements.documents import address
from app.kit.installation import Installation
from app.kit.markup import prose
from app.kit.occasions import Occasion
from app.nominations.answering import on_hold_until
from app.nominations.casefile import Case
from app.nominations.consenting import asked_of, preview, version_asked
from app.nominations.tables import Nominee
from app.nominations.wording import sentences
from app.pages.stated import day
from app.pages.voices import behind


def offer(case: Case, nominee: Nominee, *, at: Installation, on: Occasion) -> dict[str, Any]:
    """Every word that the badge would say, and who would see it. Raises `NothingKept`."""
    asked, version, until = asked_of(case, nominee, at=at), case.version, case.deadline()
    held = on_hold_until(case, nominee, now=on.now)
    document = preview(case, asked, at=at, on=on)
    subject: str = document["credentialSubject"]["id"]
    return {
        "community": case.community,
        "achievement": version,
        "image": f"{address('', version.achievement_id, version.number)}.png",
        "recipient": asked.recipient.name,
        "criteria": prose(version.criteria_narrative),
        "narrative": prose(asked.narrative) if asked.narrative else None,
        "sentences": sentences(asked.narrative or ""),
        "participation": asked.participation,
        "text_version": version_asked(case, nominee),
        "until": day(until) if until is not None else None,
        "on_hold_until": day(held) if held is not None else None,
        "called": None if subject.startswith("urn:uuid:") else subject,
        "document": json.dumps(document, indent=2, ensure_ascii=False),
        **behind(asked.evidence, asked.narrative),
    }
