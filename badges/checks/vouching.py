"""Where endorsements stand in an OB 3.0 credential, and what is in it that they may be about (OB 3.0 §9.2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from badges.checks.reading import Badge, Format, secured_in
from badges.checks.stating import node
from badges.documents import Document, as_list, id_of, pointer_to
from badges.errors import BadgeError, NoCredential

MOST_ENDORSEMENTS = 32
"""Endorsements of one badge that are looked at."""
DEEPEST_ENDORSEMENT = 2
"""Endorsements inside endorsements that are looked at: each is part of the one around it, and read with it again."""
DEEPEST_TOKEN = 3
"""Tokens inside tokens whose endorsements are looked at."""

_MEMBERS = ("endorsement", "endorsementJwt")
_THINGS = {"issuer", "credentialSubject", "achievement", "creator", "source", "parentOrg"}
"""Members by which one comes from a credential to what may be endorsed: its subject, achievements and profiles."""
_NO_THINGS = {
    "proof",  # which no signature covers: whoever passes a badge on may add one
    "credentialStatus",
    "credentialSchema",
    "termsOfUse",
    "refreshService",
    "relatedResource",
    "confidenceMethod",
    "renderMethod",
}
"""Members that say how to treat a credential, so that what is in them is nothing that it is about."""


@dataclass(frozen=True)
class Named:
    """The ids in a credential, or in an endorsement, of what is in it."""

    things: set[str] = field(default_factory=set)
    """Of what may be endorsed: itself, its subject, achievements and profiles."""
    beside: set[str] = field(default_factory=set)
    """Of all else: evidence, pictures, related achievements…"""


@dataclass(frozen=True)
class Embedded:
    """An endorsement as it stands in a credential: an object with its own proof, or a VC-JWT."""

    pointer: str
    """Where in the credential; behind a `#`, where in the token that stands there."""
    given: Any
    around: tuple["Embedded", ...] = ()
    """The endorsements in which it stands, the outermost first."""
    named: Named = field(default_factory=Named)
    """What is in it, but for its subject and what is in endorsements inside: what those may be about."""

    @property
    def is_near(self) -> bool:
        """Whether it is not too deep inside others."""
        depth = f"{self.pointer}/".count("/endorsement/")
        return depth <= DEEPEST_ENDORSEMENT and self.pointer.count("#") <= DEEPEST_TOKEN

    def read(self) -> Badge:
        """The endorsement. Raises `NoCredential`, `Unreadable` or `NotConformant` when it is none."""
        if isinstance(self._read, BadgeError):
            raise self._read
        return self._read

    @cached_property
    def _read(self) -> Badge | BadgeError:
        try:
            if isinstance(self.given, dict):
                badge = Badge(self.given)
            else:
                secured = secured_in(self.given if isinstance(self.given, str) else "")
                badge = Badge(**vars(secured), format=Format.vc_jwt)
        except BadgeError as error:
            return error
        return badge if badge.is_endorsement else NoCredential("This is no EndorsementCredential.")

    @property
    def document(self) -> Document:
        """What it says; nothing, where it cannot be read."""
        return {} if isinstance(self._read, BadgeError) else self._read.document

    @property
    def about(self) -> str | None:
        """Id of what it endorses."""
        return id_of(node(self.document.get("credentialSubject")))


@dataclass
class Shown:
    """The endorsements that a credential shows."""

    endorsements: list[Embedded] = field(default_factory=list)
    """In the order in which they stand there, and no more than one beyond `MOST_ENDORSEMENTS`."""
    named: Named = field(default_factory=Named)
    """What is in the credential, but for what is in the endorsements."""
    passed_over: set[str] = field(default_factory=set)
    """The ids of endorsements beyond those; one of them may be what another is about."""


def shown_in(document: Document, inside: Iterable[tuple[Document, bool]] = ()) -> Shown:
    """Every `endorsement` and `endorsementJwt` at any depth of a credential, on achievements and profiles too.

    They may be about what is `inside` as well, the credentials in a collection, each with whether its proof holds;
    those show endorsements of their own.
    """
    shown = Shown()
    _look_into(document, shown, "", (), shown.named)
    doubtful = Named(shown.named.beside, shown.named.beside)
    for each, is_proven in inside if shown.endorsements else ():
        _look_into(each, Shown(), "", (), shown.named if is_proven else doubtful)
    return shown


@dataclass(frozen=True)
class _Place:
    """Where one is on the way through a credential."""

    pointer: str
    here: Any
    around: tuple[Embedded, ...]
    named: Named
    """Where what is named here is written down."""
    is_thing: bool
    """Whether it may be endorsed."""


def _look_into(document: Document, shown: Shown, at: str, around: tuple[Embedded, ...], named: Named) -> None:
    """Adds what is in a credential, or in an endorsement that is a token: its endorsements, and the ids in it."""
    stack = [_Place(at, document, around, named, is_thing=True)]
    while stack:
        place = stack.pop()
        here = place.here
        if isinstance(here, list):
            several = [
                (f"{place.pointer}/{n}", each) for n, each in enumerate(here) if place.is_thing or _has_more(each)
            ]
            stack.extend(replace(place, pointer=pointer, here=each) for pointer, each in reversed(several))
        elif (place.is_thing or isinstance(here, dict)) and (id := id_of(here)):
            (place.named.things if place.is_thing else place.named.beside).add(id)
        if isinstance(here, dict):
            inside = [*_endorsements_of(here, place, shown), *_rest_of(here, place)]
            stack.extend(reversed(inside))


def _endorsements_of(holder: Document, place: _Place, shown: Shown) -> Iterator[_Place]:
    """Adds the endorsements of an object, each with a place of its own for what it names."""
    for one in _given(holder, place.pointer, place.around):
        if len(shown.endorsements) > MOST_ENDORSEMENTS:
            shown.passed_over.update(id for id in [id_of(one.given)] if isinstance(one.given, dict) and id)
            continue
        shown.endorsements.append(one)
        if isinstance(one.given, str):
            _look_into_token(one, shown)
        else:
            yield _Place(one.pointer, one.given, (*place.around, one), one.named, is_thing=True)


def _rest_of(holder: Document, place: _Place) -> Iterator[_Place]:
    """All else in an object. What an endorsement is about is not in it for that, and a context is not of the document.

    What says how to treat the credential is looked through for endorsements and names nothing.
    """
    is_endorsement = bool(place.around) and holder is place.around[-1].document
    for name, value in holder.items():
        is_thing = place.is_thing and name in _THINGS
        if name not in {"@context", *_MEMBERS} and (is_thing or _has_more(value)):
            is_about = is_endorsement and name == "credentialSubject"
            yield replace(
                place,
                pointer=place.pointer + pointer_to(name),
                here=value,
                named=Named() if is_about or name in _NO_THINGS else place.named,
                is_thing=is_thing,
            )


def _has_more(value: Any) -> bool:
    return isinstance(value, (dict, list))


def _given(holder: Document, where: str, around: tuple[Embedded, ...]) -> Iterator[Embedded]:
    for name in _MEMBERS:
        several = isinstance(holder.get(name), list)
        for n, given in enumerate(as_list(holder.get(name))):
            yield Embedded(f"{where}/{name}/{n}" if several else f"{where}/{name}", given, around)


def _look_into_token(embedded: Embedded, shown: Shown) -> None:
    """Adds what is in an endorsement that is a token. What stands in one that is too deep leaves a doubt as it is."""
    if embedded.is_near:
        _look_into(embedded.document, shown, f"{embedded.pointer}#", (*embedded.around, embedded), embedded.named)
