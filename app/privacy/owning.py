"""Use-cases: a member gets a token that nobody else has seen, by a letter to their address (decision record 37)."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit import rates
from app.kit.deps import Runtime
from app.kit.errors import Conflict, Gone, NotFound, TooMany
from app.kit.occasions import Occasion
from app.members.addresses import reached_at
from app.members.rules import GRANTED, Role, digest
from app.members.tables import Community, Member, Token
from app.members.tokens import create_token
from app.nominations.rules import ON_HOLD
from app.privacy.letters import send_token_link
from app.privacy.tables import TokenLink

LINK_LASTS = timedelta(days=1)
MOST = 3
"""Links that somebody is sent within a day."""


class NoAddressForToken(Conflict):
    """No link can be sent to you."""

    code = "no-address-for-token"
    fix = "Prove an address with POST /v1/me/emails, or ask whoever runs the installation: a token of theirs will do."


class AddressTooNew(Conflict):
    """The address at which you are written to was changed a short while ago, and it may not have been you."""

    code = "address-too-new"
    fix = "Ask again 72 hours after it was changed."


class TooManyTokenLinks(TooMany):
    """As many links have been sent to you as are in a day."""

    code = "too-many-token-links"
    fix = "Look for the letters that were sent, also among what was taken for spam, or wait until Retry-After."


class NoSuchTokenLink(NotFound):
    """Nobody gets a token by this link."""

    code = "no-such-token-link"
    fix = "Open the link exactly as it stands in the letter."


class TokenLinkOver(Gone):
    """This link was used, is a day old, or its member has left."""

    code = "token-link-over"
    fix = "POST /v1/me/tokens has another one sent."


class NoSuchTokenOfYours(NotFound):
    """No token of this id speaks for you."""

    code = "no-such-token-of-yours"
    fix = "GET /v1/me/tokens lists those that do."


def ask(session: Session, member: UUID, *, runtime: Runtime, on: Occasion) -> None:
    """Has a link sent to the address at which a member is written to.

    Raises `NoAddressForToken`, `AddressTooNew`, `TooManyTokenLinks`.
    """
    me = session.exec(select(Member).where(Member.id == member).with_for_update(key_share=True)).one()
    to = reached_at(session, me)
    if runtime.send is None or to is None:
        raise NoAddressForToken("No mail goes out from here." if to else "You have no address that counts as yours.")
    if me.contact_changed_at is not None and on.now < me.contact_changed_at + ON_HOLD:
        raise AddressTooNew(f"That was on {me.contact_changed_at:%Y-%m-%d}.")
    sent = select(TokenLink.at).where(TokenLink.member_id == member, col(TokenLink.at) > on.now - LINK_LASTS)
    recent = session.exec(sent.order_by(col(TokenLink.at).desc()).limit(MOST)).all()
    if wait := rates.wait(recent, most=MOST, within=LINK_LASTS, now=on.now):
        raise TooManyTokenLinks(f"At most {MOST}.", retry_after=wait)
    secret, at = on.ids.secret(), runtime.installation
    link = TokenLink(id=on.ids.row(), member_id=member, digest=digest(secret), at=on.now, ends_at=on.now + LINK_LASTS)
    session.add(link)
    session.flush()
    send_token_link(session, to, me, f"{at.public_url}/own-token/{secret}", at=at, on=on)
    on.record(session, me.community_id, "token.asked", me.id)


def behind(session: Session, secret: str, *, on: Occasion, lock: bool = False) -> tuple[TokenLink, Member]:
    """What a link is good for. Raises `NoSuchTokenLink`, `TokenLinkOver`."""
    chosen = select(TokenLink).where(TokenLink.digest == digest(secret))
    link = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if link is None:
        raise NoSuchTokenLink("It leads nowhere.")
    member = session.get_one(Member, link.member_id)
    if link.ends_at <= on.now or member.left_at is not None:
        raise TokenLinkOver("It is good for a day, and once.")
    return link, member


def get(session: Session, secret: str, *, on: Occasion) -> tuple[Token, str]:
    """A new token of a member, and its secret, for whoever reads their mail. Raises `NoSuchTokenLink`, `TokenLinkOver`.

    It is a member's, of stewards too: more than what is theirs alone needs no token that nobody else has seen.
    """
    link, member = behind(session, secret, on=on, lock=True)
    link.ends_at = on.now
    session.add(link)
    community = session.get_one(Community, member.community_id)
    by = Occasion(actor=str(member.id), now=on.now, ids=on.ids)
    granted = GRANTED[Role.member]
    return create_token(
        session, community, owner=member, role=Role.member, scopes=None, expires_at=None, granter=granted, own=True,
        on=by,
    )  # fmt: skip


def token_of(session: Session, member: UUID, id: UUID) -> Token:
    """A token by which its holder is taken for a member. Raises `NoSuchTokenOfYours`."""
    token = session.get(Token, id)
    if token is None or token.owner_id != member or token.role is Role.platform:
        raise NoSuchTokenOfYours(f"{id} is none.")
    return token
