"""Whom an award is for: a person with all their memberships here, a stranger with an address, or nobody yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from sqlmodel import col, select

from app.contributions import naming
from app.contributions.rules import Account
from app.credentials.recipients import Named
from app.kit.errors import NotFound
from app.members import service as members
from app.members.dids import proven
from app.members.tables import Member, MemberDid
from app.members.unasked import accounts, fingerprints, fingerprints_of, is_listed
from app.sources.applying import Place
from app.sources.crediting import account_of
from app.sources.events import Known, Party
from app.sources.tables import Remembered

MEMBER, EMAIL, DID = "member", "email", "did"


@dataclass(frozen=True)
class Awardee:
    """Whom an award, or the end of one, names."""

    known: Sequence[Known]
    """The ways in which it does, the first first."""
    person: Sequence[Member]
    """Their memberships here, those that are named first; empty for who is no member."""
    prints: Sequence[str]
    """By what they are found again: keyed hashes, that of the first way first."""

    @property
    def waits_for(self) -> Sequence[Known]:
        """The accounts that are nobody's yet, if it is by such that nobody is named."""
        if self.person or not self.known or self.known[0].scheme in {MEMBER, EMAIL, DID}:
            return []
        return [way for way in self.known if way.scheme not in {MEMBER, DID}]

    def named(self, name: str | None) -> Named | None:
        """As awards name them; None for who has left, and for nobody."""
        here = next((member for member in self.person if member.left_at is None), None)
        if here is not None:
            return Named(member=str(here.id))
        way = self.known[0] if self.known and not self.person else Known(MEMBER, "")
        match way.scheme:
            case "email":
                return Named(email=way.account, name=name)
            case "did":
                return Named(did=way.account, name=name)
        return None


def awardee(place: Place, party: Party) -> Awardee:
    """Whom a platform names."""
    known = party.known or _remembered(place, party)
    named = _named(place, known)
    others = [each for one in named for each in accounts(place.session, one)]
    person = {member.id: member for member in [*named, *sorted(others, key=lambda member: member.id)]}
    prints = [_print(place, way) for way in known]
    prints += [_print(place, Known(MEMBER, str(id))) for id in person]
    return Awardee(known, list(person.values()), list(dict.fromkeys(prints)))


def wants_none(place: Place, whom: Awardee) -> bool:
    """Whether they are never to be added: asked of all by which they are named, and by which they are known."""
    prints = list[str]()
    for way in whom.known:
        prints += fingerprints(place.at, email=way.account if way.scheme == EMAIL else None)
        prints += fingerprints(place.at, did=way.account if way.scheme == DID else None)
    for member in whom.person:
        prints += fingerprints_of(place.session, member, at=place.at)
        dids = proven(place.session, member.id)
        prints += chain.from_iterable(fingerprints(place.at, did=did) for did in dids)
    return is_listed(place.session, prints)


def also_known(place: Place, whom: Awardee) -> list[str]:
    """By what else they are found again: each account and address that is theirs now, by whatever they are named."""
    claims = naming.claims_of(place.session, place.community.id, [member.id for member in whom.person])
    return [_fingerprint(place, _said(claim.account)) for claim in claims if claim.covers(place.on.now)]


def kept_as(place: Place, way: Known) -> Account:
    """An account in the form in which it is kept and compared; of an address its keyed hash."""
    return naming.known_as(account_of(place.source, way), place.community.id, at=place.at)


def _named(place: Place, known: Sequence[Known]) -> list[Member]:
    """The members who are meant by the first way by which anybody is."""
    for way in known:
        match way.scheme:
            case "member":
                found = _by_name(place, way.account)
            case "did":
                found = _by_did(place, way.account)
            case _:
                found = _by_account(place, kept_as(place, way))
        if found:
            return found
    return []


def _by_name(place: Place, name: str) -> list[Member]:
    try:
        return [members.member_named(place.session, place.community, name)]
    except NotFound:
        return []


def _by_did(place: Place, did: str) -> list[Member]:
    member = members.member_by_contact(place.session, place.community, did=did)
    if member is not None:
        return [member]
    holding = select(MemberDid.member_id).where(
        MemberDid.community_id == place.community.id, MemberDid.did == did, col(MemberDid.proven_at).is_not(None)
    )
    return [place.session.get_one(Member, id) for id in place.session.exec(holding).all()]


def _by_account(place: Place, account: Account) -> list[Member]:
    claims = naming.claims_on(place.session, place.community.id, {account}).get(account, [])
    holders = {claim.member for claim in claims if claim.covers(place.on.now)}
    return [place.session.get_one(Member, id) for id in sorted(holders)]


def _remembered(place: Place, party: Party) -> tuple[Known, ...]:
    """Who is known by what others refer to."""
    row = place.session.get(Remembered, (place.source.id, party.remembered)) if party.remembered else None
    return (Known(None, row.account),) if row is not None else ()


def _print(place: Place, way: Known) -> str:
    is_account = way.scheme not in {MEMBER, DID}
    return _fingerprint(place, _said(kept_as(place, way)) if is_account else f"{way.scheme}:{way.account}")


def _said(account: Account) -> str:
    return f"{account.platform}:{account.account}"


def _fingerprint(place: Place, text: str) -> str:
    return place.at.vault.fingerprint(text, bound_to=f"platform-award/{place.source.id}")
