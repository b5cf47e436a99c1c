"""Where endorsements stand in an OB 3.0 credential, and which of them are about something in it (OB 3.0 §9.2).

That others vouch for the same thing does not bring it into the credential: somebody else's badge, praised twice, is
still somebody else's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Embedded:
    """An endorsement as it stands in a credential: an object with its own proof, or a VC-JWT."""

    pointer: str
    """Where in the credential; behind a `#`, where in the token that stands there."""
    given: Any
    around: tuple["Embedded", ...] = ()
    """The endorsements in which it stands, the outermost first."""
    named: set[str] = field(default_factory=set)
    """The ids of what is in it, but for its subject and what is in endorsements inside: what those may be about."""

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
    named: set[str] = field(default_factory=set)
    """The ids of all that is in the credential, but for what is in the endorsements."""
    passed_over: set[str] = field(default_factory=set)
    """The ids of endorsements beyond those; one of them may be what another is about."""

    def is_misdirected(self, embedded: Embedded) -> bool:
        """Whether an endorsement is about nothing in the credential."""
        return embedded.pointer not in self.directed and embedded.about not in self.passed_over

    @cached_property
    def directed(self) -> set[str]:
        """The pointers of those that are about something in the credential, or about one that is.

        Two that are about each other are about nothing. What is in an endorsement may be endorsed inside it.
        """
        directed: set[str] = set()
        ids, waiting = set(self.named), self.endorsements
        while waiting:
            known = [each for each in waiting if any(each.about in named for named in (ids, *_around(each, directed)))]
            if not known:
                break
            directed.update(each.pointer for each in known)
            ids.update(id for each in known if (id := id_of(each.document)))
            waiting = [each for each in waiting if each.pointer not in directed]
        return directed


def _around(embedded: Embedded, directed: set[str]) -> Iterator[set[str]]:
    return (outer.named for outer in embedded.around if outer.pointer in directed)


def shown_in(document: Document, inside: Iterable[Document] = ()) -> Shown:
    """Every `endorsement` and `endorsementJwt` at any depth of a credential, on achievements and profiles too.

    They may be about what is `inside` as well, the credentials in a collection; those show endorsements of their own.
    """
    shown = Shown()
    _look_into(document, shown, "", (), shown.named)
    for each in inside if shown.endorsements else ():
        _look_into(each, Shown(), "", (), shown.named)
    return shown


def _look_into(document: Document, shown: Shown, at: str, around: tuple[Embedded, ...], named: set[str]) -> None:
    """Adds what is in a credential, or in an endorsement that is a token: its endorsements, and the ids in it."""
    stack: list[tuple[str, Any, tuple[Embedded, ...], set[str]]] = [(at, document, around, named)]
    while stack:
        where, here, around, named = stack.pop()
        if isinstance(here, list):
            stack.extend((f"{where}/{n}", each, around, named) for n, each in reversed(list(enumerate(here))))
        if not isinstance(here, dict):
            continue
        named.update(id for id in (id_of(here), id_of(here.get("issuer"))) if id)
        # (1) The endorsements of this object, each with a place of its own for what it names.
        inside: list[tuple[str, Any, tuple[Embedded, ...], set[str]]] = []
        for one in _given(here, where, around):
            if len(shown.endorsements) > MOST_ENDORSEMENTS:
                shown.passed_over.update(id for id in [id_of(one.given)] if isinstance(one.given, dict) and id)
                continue
            shown.endorsements.append(one)
            if isinstance(one.given, str):
                _look_into_token(one, shown)
            inside.append((one.pointer, one.given, (*around, one), one.named))
        # (2) All else in it. What an endorsement is about is not in it for that, and a context is not of the document.
        is_endorsement = bool(around) and here is around[-1].document
        for name, value in here.items():
            if name not in {"@context", *_MEMBERS}:
                is_subject = is_endorsement and name == "credentialSubject"
                inside.append((where + pointer_to(name), value, around, set() if is_subject else named))
        stack.extend(reversed(inside))


def _given(holder: Document, where: str, around: tuple[Embedded, ...]) -> Iterator[Embedded]:
    for name in _MEMBERS:
        several = isinstance(holder.get(name), list)
        for n, given in enumerate(as_list(holder.get(name))):
            yield Embedded(f"{where}/{name}/{n}" if several else f"{where}/{name}", given, around)


def _look_into_token(embedded: Embedded, shown: Shown) -> None:
    """Adds what is in an endorsement that is a token. What stands in one that is too deep leaves a doubt as it is."""
    if embedded.is_near:
        _look_into(embedded.document, shown, f"{embedded.pointer}#", (*embedded.around, embedded), embedded.named)
