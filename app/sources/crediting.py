"""Whom events credit: the accounts that they name people by, and the members whose those are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col, select

from app.contributions import naming
from app.contributions.rules import Account
from app.kit.installation import Installation
from app.members import links
from app.members.tables import Community
from app.sources.events import Known, Party, WouldRecord
from app.sources.tables import Remembered, Source


@dataclass(frozen=True)
class Named:
    """Somebody whom an event credits."""

    account: Account
    role: str
    part: str
    members: frozenset[UUID]
    """Whose account it is."""


def whom(
    session: Session,
    community: Community,
    source: Source,
    would: Sequence[WouldRecord],
    *,
    at: Installation,
    members: bool = True,
) -> dict[int, Sequence[Named] | str]:
    """By the `id()` of each, whom it names, or why nobody. Without `members`, as if accounts were nobody's."""
    accounts = accounts_in(session, community, source, would, at=at)
    if not members:
        accounts = replace(accounts, holders={})
    return {id(one): accounts.named(one) for one in would}


@dataclass(frozen=True)
class Accounts:
    """Who is meant by what events name people by."""

    source: Source
    kept: dict[Account, Account]
    """By what is named, the form in which it is compared."""
    holders: dict[Account, set[UUID]]
    """By that form, the members whose it is."""
    remembered: dict[str, Account]
    persons: dict[UUID, UUID]
    """Who each member is, of whom one person may be several."""

    def named(self, one: WouldRecord) -> list[Named] | str:
        """Those whom a contribution names, or why it names nobody."""
        found: dict[tuple[Account, str, str], Named] = {}
        did, helped = set[object](), set[object]()
        for party in one.parties:
            account = self._chosen(party)
            if account is None:
                return "it is not known whose that is"
            kept = self.kept.get(account, account)
            members = frozenset(self.holders.get(kept, set()))
            (did if party.part == "by" else helped).update(
                {kept, *(self.persons.get(member, member) for member in members)}
            )
            found.setdefault((kept, party.role, party.part), Named(account, party.role, party.part, members))
        return "it was done for whoever did it" if did & helped else list(found.values())

    def _chosen(self, party: Party) -> Account | None:
        ways = [account_of(self.source, known) for known in party.known]
        if party.remembered is not None and party.remembered in self.remembered:
            ways.append(self.remembered[party.remembered])
        ours = (account for account in ways if self.holders.get(self.kept.get(account, account)))
        return next(ours, ways[0] if ways else None)


def account_of(source: Source, known: Known) -> Account:
    """The account that is meant."""
    return Account(known.scheme or source.accounts, known.account)


def accounts_in(
    session: Session, community: Community, source: Source, would: Sequence[WouldRecord], *, at: Installation
) -> Accounts:
    parties = [party for one in would for party in one.parties]
    keys = {party.remembered for party in parties if party.remembered is not None}
    remembered = dict[str, Account]()
    for some in naming.in_batches(keys):
        rows = select(Remembered).where(Remembered.source_id == source.id, col(Remembered.key).in_(some))
        remembered |= {row.key: Account(source.accounts, row.account) for row in session.exec(rows).all()}
    named = {account_of(source, known) for party in parties for known in party.known} | set(remembered.values())
    kept = {account: naming.known_as(account, community.id, at=at) for account in named}
    claims = naming.claims_on(session, community.id, set(kept.values()))
    holders = {account: {claim.member for claim in of} for account, of in claims.items()}
    everybody = {member for of in holders.values() for member in of}
    persons = links.one_person(session, community.id, everybody) if everybody else {}
    return Accounts(source, kept, holders, remembered, persons)
