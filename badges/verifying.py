"""The verdict: what is asked of a badge, in the order of the standards, and what makes later questions meaningless.

Nothing in the badge is believed until its proof holds, and no refusal leaves `verify`: bad input is a report.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from badges.checks import (
    collecting,
    endorsing,
    endorsing_ob2,
    hosting,
    linking,
    recipients,
    reporting,
    resting,
    signing,
    stating,
    timing,
    vouching,
)
from badges.checks.addressing import followed
from badges.checks.allowances import Inside
from badges.checks.collecting import Examined, Member
from badges.checks.conformance import conforms, is_hopeless, presentation_conforms
from badges.checks.endorsing import Judged
from badges.checks.following import Links, follow
from badges.checks.opened_lists import Lists
from badges.checks.presenting import holder_proof
from badges.checks.proofs import FurtherProofs, issuer, proof, proof_not_looked_at
from badges.checks.reading import Badge, Format, read
from badges.checks.statuses import status
from badges.checks.tokens import date_of
from badges.checks.vouching import Embedded, Named, Shown
from badges.errors import BadgeError, NoCredential
from badges.reports import Lookup, Outcome, Report
from badges.resolving import BoundedFetch, Fetch, Fetched


@dataclass(frozen=True)
class Asking:
    """With what a badge is judged."""

    fetch: Fetch
    now: datetime
    recipient: str | None = None
    endorsements: bool = True
    """Whether those inside it are judged too. Those inside an endorsement are found in the badge that shows it."""
    allowance: Inside = field(default_factory=lambda: Inside(None))
    """How much more of what is inside others may be looked at; one for the whole verification."""
    further_proofs: FurtherProofs = field(default_factory=FurtherProofs)
    """How many more proofs may be looked at, where a badge has several; also one for the whole verification."""
    lists: Lists = field(default_factory=Lists)
    """The status lists that were opened; also one for the whole verification."""
    depth: int = 0
    """In how many collections the badge lies."""


def verify(data: bytes | str, *, fetch: Fetch, now: datetime, recipient: str | None = None) -> Report:
    """The report about whatever is handed in: an Open Badge as JSON, compact JWS, PNG, SVG or address, or none at all.

    `fetch` asks for what issuers publish, and decides whom it asks; `now` is the instant of the question; `recipient`,
    if given, is an email address, DID, URL or other identifier of whom the badge should belong to. Raises nothing: a
    bad badge is a report, and so is one that could not be checked, be it for an error of ours or of `fetch`
    (code `internal`, and `faults`); but for a MemoryError, after which nothing can be promised, and for mistakes of the
    caller's: a TypeError where `data` is neither bytes nor text, or `recipient` no text, a ValueError where `now` is of
    no time zone.
    """
    if not isinstance(data, bytes | str):
        raise TypeError(f"A badge is handed in as bytes or text (such as its JSON), not as {type(data).__name__}.")
    if not isinstance(recipient, str | None):
        raise TypeError(f"A recipient is named in text, not by {type(recipient).__name__}.")
    if now.utcoffset() is None:
        raise ValueError("`now` has to be of a time zone: datetime.now(UTC).")
    bounded = BoundedFetch(fetch)
    # (1) Is there a badge, and only one way to read it?
    report = _guarded(lambda: _judge_whole(followed(read(data), fetch=bounded), Asking(bounded, now, recipient)), now)
    lookups = [_lookup(url, answer, now) for url, answer in bounded.asked]
    return replace(report, fetched=tuple(dict.fromkeys(lookups)))


def _lookup(url: str, answer: Fetched | None, now: datetime) -> Lookup:
    return Lookup(url, answer.fetched_at or now, answer.status) if answer else Lookup(url, now, None)


def _guarded(judge: Callable[[], Report], now: datetime) -> Report:
    """What `judge` reports, or that it could not: an error of ours says nothing about a badge, and stops no other."""
    try:
        return judge()
    except BadgeError as error:
        return reporting.unread(error, now)
    except MemoryError:
        raise  # the machine's own, and whoever set it bounds has to hear of it
    except Exception as error:  # noqa: BLE001  whatever it is, it is no verdict
        return reporting.unjudged(error, now)


def _judge_whole(badge: Badge, asking: Asking) -> Report:
    return _judge(badge, replace(asking, allowance=Inside(badge.document)))


def _judge(badge: Badge, asking: Asking) -> Report:
    return _presentation(badge, asking) if badge.is_presentation else _EXAMINED[badge.format](badge, asking)


def _credential(badge: Badge, asking: Asking) -> Report:
    """OB 3.0 §9.1 (of an endorsement §9.2) by its steps; step 3, a refresh, is not taken: what is in hand is judged."""
    document, fetch, now = badge.document, asking.fetch, asking.now
    claims = stating.of_credential(document)
    inside = _inside(badge, asking)
    # (2) Is it what the standard calls a badge, and (3) did its issuer sign it? (§9.1 steps 1 and 2)
    checks = [conforms(badge)]
    if is_hopeless(badge, checks[0]) and not badge.jws:
        checks.append(proof_not_looked_at())
    else:
        checks.append(proof(badge, fetch=fetch, now=now, further=asking.further_proofs))
    # Unsigned words are nobody's. To go on would be to repeat what a forger wrote, and to ask whom a forger names.
    if checks[-1].outcome is not Outcome.passed:
        return reporting.report(badge, checks, claims, asking.now, inside=inside)
    subject = stating.node(document.get("credentialSubject"))
    checks += [
        # (4) Who is it that signed? (step 2)
        issuer(document),
        # (5) Do they still stand by it, (6) has it begun and (7) not yet ended? (step 4)
        status(document, fetch=fetch, now=now, lists=asking.lists),
        timing.valid_from(timing.begin_of(document), now=now),
        timing.expiry(timing.end_of(document, badge.claims), now=now),
        # (8) Is it the badge of whom we were told? (step 5)
        recipients.recipient(recipients.of_subject(subject), asking.recipient),
    ]
    # (9) Is every endorsement in it what it seems? (step 6)
    itself, members = collecting.without_members(badge), collecting.documents_in(badge, inside)
    shown = vouching.shown_in(itself, members) if asking.endorsements else Shown()
    near = [each for each in shown.endorsements if each.is_near]
    granted = asking.allowance.take([each.given for each in near[: vouching.MOST_ENDORSEMENTS]], endorsements=True)
    judged = endorsing.aimed(shown, [(each, _endorsement(each, asking)) for each in near[:granted]])
    checks.append(endorsing.endorsements(judged, len(shown.endorsements)))
    # (10) Is what it rests on still what it was? Asked last, and of no badge in a collection: no question on which a
    # verdict hangs is to lack an address for it.
    rests = resting.rests_of(itself, fetch=fetch, now=now) if asking.endorsements and not asking.depth else []
    return reporting.report(badge, checks, claims, asking.now, judged, inside, rests)


def _presentation(badge: Badge, asking: Asking) -> Report:
    """VC Data Model 2.0 §7.1 of a presentation: is it one, who shows it, and what is each credential in it?"""
    fetch, now = asking.fetch, asking.now
    if not collecting.members_of(badge):
        told = "This is a presentation of credentials, and there is none in it."
        return reporting.unread(NoCredential(told), asking.now)
    checks = [
        # (2) Is it what the standard calls a presentation, and (3) did its holder sign it?
        presentation_conforms(badge),
        holder_proof(badge, fetch=fetch, now=now, further=asking.further_proofs),
        # (4) Is the token around it of today?
        *(timing.valid_from(date_of(badge.claims, "nbf"), now=now) for _ in range("nbf" in badge.claims)),
        *(timing.expiry(date_of(badge.claims, "exp"), now=now) for _ in range("exp" in badge.claims)),
    ]
    # (5) What is inside is judged alone, whoever shows it.
    return reporting.report(badge, checks, stating.NOTHING, asking.now, inside=_inside(badge, asking))


def _inside(badge: Badge, asking: Asking) -> list[Examined]:
    """What came of each credential in a collection, as far as the allowance goes."""
    members = collecting.members_of(badge)
    deeper = replace(asking, depth=asking.depth + 1)
    near = members if asking.depth < collecting.DEEPEST else []
    granted = asking.allowance.take([member.given for member in near])
    return [Examined(member.pointer, _member(member, deeper)) for member in members[:granted]]


def _member(member: Member, asking: Asking) -> Report:
    return _guarded(lambda: _judge(_admitted(member.read(), asking), asking), asking.now)


def _admitted(badge: Badge, asking: Asking) -> Badge:
    """A credential inside another, which may be looked at. Raises `TooLarge`."""
    asking.allowance.admit(badge.document)
    return badge


def _assertion(badge: Badge, asking: Asking) -> Report:
    return _linked(badge, asking)[1]


def _linked(badge: Badge, asking: Asking) -> tuple[Links, Report]:
    """OB 2.0 §Verification by its steps; what an assertion (or an Endorsement) links to is part of what is judged."""
    document, fetch, now = badge.document, asking.fetch, asking.now
    is_hosted = badge.format is Format.ob2_hosted
    # (2) Of a hosted assertion its own address has the last word, also that there is none. (§HostedBadge)
    links, end = hosting.look_up(badge, fetch=fetch) if is_hosted else (follow(document, fetch=fetch), None)
    claims, assertion = stating.of_assertion(links), links.assertion
    if end:
        return links, reporting.report(badge, [end], claims, asking.now)
    # (3) Are assertion, BadgeClass and issuer what the standard says (data validation), and
    # (4) does the assertion come from the issuer that its BadgeClass names? (§HostedBadge, §SignedBadge)
    proven = hosting.hosted_proof(document, links) if is_hosted else signing.signed_proof(badge, links, fetch=fetch)
    checks = [linking.conforms(links), proven]
    if proven.outcome is not Outcome.passed:
        return links, reporting.report(badge, checks, claims, asking.now)
    checks += [
        # (5) Is that issuer who it says it is?
        linking.issuer(links),
        # (6) Do they still stand by it, (7) was it awarded by now, and (8) has it not expired?
        hosting.hosted_status() if is_hosted else signing.listed_status(links, fetch=fetch, lists=asking.lists),
        timing.valid_from(assertion.get("issuedOn"), now=now),
        timing.expiry(assertion.get("expires"), now=now),
        # (9) Is it the badge of whom we were told?
        recipients.recipient(recipients.of_assertion(assertion), asking.recipient),
    ]
    # (10) Is every endorsement of it, of its BadgeClass and its issuer what it seems?
    shown = endorsing_ob2.shown_by(links) if asking.endorsements else []
    granted = asking.allowance.take([each.given for each in shown[: vouching.MOST_ENDORSEMENTS]], endorsements=True)
    named = endorsing_ob2.named_in(links) if shown else Named()
    judged = [_endorsement_ob2(each, named, asking) for each in shown[:granted]]
    checks.append(endorsing.endorsements(judged, len(shown), endorsing_ob2.ENDORSEMENTS))
    return links, reporting.report(badge, checks, claims, asking.now, judged)


def _endorsement_ob2(embedded: Embedded, named: Named, asking: Asking) -> Judged:
    """An Endorsement in an assertion or in what that links to, judged like an assertion; `named`, what is in them."""
    alone = replace(asking, recipient=None, endorsements=False)
    try:
        endorsement = endorsing_ob2.read(embedded.given)
    except BadgeError as error:
        unread = reporting.unread(error, alone.now, whose="endorsement")
        return Judged(embedded.pointer, None, None, unread)
    found, report = _linked(endorsement, alone)
    aim = endorsing_ob2.aim_of(found.assertion, report.found("proof"), named)
    return Judged(embedded.pointer, endorsing_ob2.claimed(found.assertion), aim, report)


_EXAMINED: dict[Format, Callable[[Badge, Asking], Report]] = {
    Format.data_integrity: _credential,
    Format.vc_jwt: _credential,
    Format.ob2_hosted: _assertion,
    Format.ob2_signed: _assertion,
}


def _endorsement(embedded: Embedded, asking: Asking) -> Report:
    """One of the endorsements that a credential shows, judged like a badge of its own."""
    try:
        endorsement = _admitted(embedded.read(), asking)
    except BadgeError as error:
        return reporting.unread(error, asking.now, whose="endorsement")
    return _judge(endorsement, replace(asking, recipient=None, endorsements=False))
