"""What a badge rests on: evidence that it pins by a digest is fetched, to see whether it is still that.

Only what stands both in `evidence` and in `relatedResource` is asked for: by the digest its issuer signed what is to be
found there. What comes of it changes no verdict, since the badge holds by its own signature. What has another digest is
an error of that resource (VC Data Model 2.0 §5.3): it is told, and nothing of it is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges import digests, reports
from badges.checks import participating
from badges.checks.questions import Question, brief, named
from badges.documents import Document, as_list, id_of, pointer_to
from badges.errors import BadgeError, NotConformant, Unreachable, Unreadable
from badges.reports import Check, Outcome
from badges.resolving import JSON_LD, Fetch, Fetched, authority_of, document_at, fetched, is_own_answer

RESTING = Question("evidence", "VC Data Model 2.0 §5.3, §5.6")
MOST_EVIDENCE = 4
"""Pieces of evidence of one badge that are fetched."""
MOST_CONTRIBUTIONS = 1000
"""Contributions of one piece that are told."""


@dataclass(frozen=True)
class Rest:
    """What came of one piece of evidence."""

    id: str
    pointer: str
    """Where the badge pins it."""
    found: Check
    contributions: tuple[Document, ...] = ()
    """Those that it lists, as it names them; `stands` where its publisher says today whether they still do."""
    participation: Document | None = None
    """Window and counts, where it says them."""
    signature: Check | None = None
    """Whether the issuer signed it alone, where it is a token of its own."""

    def to_dict(self) -> Document:
        """As in the JSON report."""
        return {
            "id": self.id,
            "outcome": self.found.outcome.value,
            "code": self.found.code,
            "detail": self.found.detail,
            "signature": _answer(self.signature),
            "participation": self.participation,
            "contributions": list(self.contributions),
        }

    def warnings(self) -> Iterator[reports.Warning]:
        """What there is to know of it."""
        if self.found.outcome is not Outcome.passed:
            yield reports.Warning(self.found.code, self.found.detail, self.pointer, self.found.spec)
        elif self.signature is not None and self.signature.outcome is not Outcome.passed:
            told = f"Who signed the evidence alone could not be checked: {self.signature.detail}"
            yield RESTING.warning("evidence-signature-unknown", told, self.pointer)
        fallen = sum(each.get("stands") is False for each in self.contributions)
        if fallen:
            told = (
                f"Of the {len(self.contributions)} contributions that the badge rests on, {fallen} do not stand today."
            )
            yield RESTING.warning("evidence-fallen", told, self.pointer)


def rests_of(document: Document, *, fetch: Fetch, now: datetime) -> list[Rest]:
    """What came of the evidence that a credential pins. Its proof holds, so that its issuer chose whom this asks."""
    shown = {id for each in as_list(document.get("evidence")) if (id := id_of(each))}
    pins = [
        (pointer_to("relatedResource", n), node)
        for n, node in enumerate(as_list(document.get("relatedResource")))
        if isinstance(node, dict) and id_of(node) in shown
    ]
    found = [_rest(pointer, node, document, fetch, now) for pointer, node in pins[:MOST_EVIDENCE]]
    told = f"This was not looked at: of the evidence of one badge, {MOST_EVIDENCE} pieces are."
    return found + [
        Rest(str(id_of(node)), pointer, RESTING.unknown("too-much-evidence", told))
        for pointer, node in pins[MOST_EVIDENCE:]
    ]


def _rest(pointer: str, node: dict[str, Any], badge: Document, fetch: Fetch, now: datetime) -> Rest:
    url = str(id_of(node))
    try:
        body = _body(url, fetch)
    except (Unreachable, NotConformant) as error:
        told = f"The evidence was not to be had, for it is not public, or not there: {error.detail}"
        return Rest(url, pointer, RESTING.unknown("evidence-unreachable", told))
    match digests.matches(node, body.body):
        case None:
            told = f"The evidence {named(url)} is pinned by a digest of a kind that is not known here."
            return Rest(url, pointer, RESTING.unknown("evidence-digest-unknown", told))
        case False:
            told = f"What is found at {named(url)} is not what the badge pins: it was changed since, and is not used."
            return Rest(url, pointer, RESTING.failed("evidence-changed", told))
    said, signed = _said(body, badge, fetch, now)
    if signed is not None and signed.outcome is Outcome.failed:
        told = f"{named(url)} is what the badge pins, and its own signature does not hold: {signed.detail}"
        return Rest(url, pointer, RESTING.failed("evidence-forged", told), signature=signed)
    listed, facts = _listed(url, said, fetch), participating.facts_in(said)
    told = _told(listed) + (participating.told(facts, signed) if facts is not None else "")
    return Rest(url, pointer, RESTING.passed("evidence-unchanged", told), tuple(listed), facts, signed)


def _body(url: str, fetch: Fetch) -> Fetched:
    """Raises `Unreachable`, `NotConformant`."""
    answer = fetched(url, fetch=fetch, accept=JSON_LD)
    if answer.status != 200:
        raise Unreachable(f"{url} answers with status {answer.status}.")
    if not is_own_answer(url, answer):
        raise Unreachable(f"{url} sends us elsewhere ({answer.url[:200]}), and it is not believed from there.")
    return answer


def _said(answer: Fetched, badge: Document, fetch: Fetch, now: datetime) -> tuple[Document, Check | None]:
    """What evidence says that can be read, and whether the issuer signed it, where it is signed alone."""
    token = participating.token_in(answer.body)
    if token is None:
        try:
            return answer.document(), None
        except Unreadable:
            return {}, None  # a picture, say: it is what it was
    try:
        claims = participating.claims_in(token)
    except Unreadable as error:
        return {}, participating.SIGNED.unknown("token-unreadable", f"What it says cannot be read: {error.detail}")
    return claims, participating.signature(token, claims, badge, fetch=fetch, now=now)


def _listed(url: str, document: Document, fetch: Fetch) -> list[Document]:
    """The contributions that evidence lists, where it does, and whether each still stands."""
    given = [each for each in as_list(document.get("contributions")) if isinstance(each, dict) and id_of(each)]
    stands = _standing(url, document, fetch) if given else {}
    return [
        {
            "id": brief(id_of(each), 200),
            "type": brief(each.get("type", ""), 200),
            "stands": stands.get(str(id_of(each))),
        }
        for each in given[:MOST_CONTRIBUTIONS]
    ]


def _standing(url: str, document: Document, fetch: Fetch) -> Mapping[str, bool]:
    """What the site of the evidence says today; nothing, where it does not say."""
    today = document.get("standing")
    if not isinstance(today, str) or authority_of(today) is None or authority_of(today) != authority_of(url):
        return {}
    try:
        said = as_list(document_at(today, fetch=fetch).get("contributions"))
    except BadgeError:
        return {}
    pairs = ((id_of(each), each.get("stands")) for each in said if isinstance(each, dict))
    return {id: stands for id, stands in pairs if id and isinstance(stands, bool)}


def _answer(check: Check | None) -> Document | None:
    if check is None:
        return None
    return {"outcome": check.outcome.value, "code": check.code, "detail": check.detail}


def _told(listed: Sequence[Document]) -> str:
    if not listed:
        return "The evidence is what it was when the badge was signed."
    number = f"{len(listed)} contribution" + ("s" if len(listed) != 1 else "")
    standing = sum(each["stands"] is True for each in listed)
    known = sum(each["stands"] is not None for each in listed)
    today = f"; {standing} of them stand today" if known else ", and nobody says whether they stand today"
    return f"The evidence is what it was when the badge was signed. It lists {number}{today}."
