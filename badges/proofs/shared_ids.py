"""Objects with one id, of which each could say what the other was signed for.

To RDF, two objects with the same id in one graph are one node, and a statement about it may stand in either: a
`credentialStatus` that moves from a credential to an `evidence` with the credential's id is signed as before, but who
reads the JSON finds no status, and a revoked badge would verify. That an id occurs twice is common (an issuer is the
creator of its achievements), so it is refused where members could move that decide what we say about a badge.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from badges.documents import Document, pointer_to, types
from badges.errors import NotConformant

CREDENTIAL_MEMBERS = frozenset(
    {
        "awardedDate",
        "confidenceMethod",
        "credentialSchema",
        "credentialStatus",
        "credentialSubject",
        "description",
        "endorsement",
        "endorsementJwt",
        "evidence",
        "expirationDate",
        "holder",
        "image",
        "issuanceDate",
        "issued",
        "issuer",
        "name",
        "partial",
        "proof",
        "refreshService",
        "relatedResource",
        "renderMethod",
        "termsOfUse",
        "validFrom",
        "validUntil",
        "verifiableCredential",
    }
)
"""What a credential may say of itself (OB 3.0 §B.1.2, §B.1.24; VC Data Model 2.0 §4, 1.1 §4). No other term has the
meaning of one of these (see `safe_mode`)."""

WHOLE = frozenset({"credentialStatus", "identifier"})
"""Members whose objects are read as a whole: a status' index belongs to its list, a salt to its hash."""


class _Node(NamedTuple):
    id: str
    pointer: str
    member: str
    """Under which it stands in the object around it; the document itself under none."""
    graph: str
    """The pointer of the outermost object in the same graph."""
    says: Document

    @property
    def is_credential(self) -> bool:
        return not self.member or "VerifiableCredential" in types(self.says)


def refuse_split_nodes(document: Document) -> None:
    """Returns when no two objects share an id in a way that lets what is said of one move, under the same signature,
    to where nobody looks. Ids are compared as strings, as the processor does. Raises `NotConformant` with a pointer.
    """
    nodes: dict[tuple[str, str], list[_Node]] = defaultdict(list)
    waiting = [(document, "", "", "")]
    while waiting:
        value, pointer, member, graph = waiting.pop()
        if isinstance(id := value.get("id"), str):
            nodes[graph, id].append(_Node(id, pointer, member, graph, value))
        for name, held in value.items():
            if name == "@context" or not (isinstance(held, dict | list) or name in WHOLE):
                continue
            for child, place in _children(held, pointer + pointer_to(name)):
                if isinstance(child, dict):
                    waiting.append((child, place, name, place if _has_own_graph(name, value) else graph))
                elif isinstance(child, str) and name in WHOLE:
                    nodes[graph, child].append(_Node(child, place, name, graph, {"id": child}))
    for same in nodes.values():
        if len(same) > 1:
            # In the order of the document, so that a refusal names the same place however objects are gone through.
            _refuse_split(sorted(same, key=lambda node: (node.pointer.count("/"), node.pointer)))


def _children(value: Any, pointer: str) -> Iterable[tuple[Any, str]]:
    if not isinstance(value, list):
        return [(value, pointer)]
    found: list[tuple[Any, str]] = []
    for index, child in enumerate(value):
        if isinstance(child, list):
            found += _children(child, f"{pointer}/{index}")
        elif isinstance(child, dict | str):
            found.append((child, f"{pointer}/{index}"))
    return found


def _has_own_graph(member: str, around: Document) -> bool:
    """Proofs, and the credentials of a presentation (VC Data Model 2.0 §B.1); those of a learner record have none."""
    return member == "proof" or (member == "verifiableCredential" and "VerifiablePresentation" in types(around))


def _refuse_split(same: list[_Node]) -> None:
    # 1. Of a credential there is one object. Another may say of it what credentials do not say of themselves, as an
    #    endorsement of the credential around it does.
    credentials = [node for node in same if node.is_credential]
    for node in credentials[1:]:
        raise NotConformant("Two credentials in this document have the same id.", pointer=f"{node.pointer}/id")
    for node in same if credentials else ():
        if node is not credentials[0] and not CREDENTIAL_MEMBERS.isdisjoint(node.says):
            raise NotConformant("This has the same id as a credential and speaks for it.", pointer=f"{node.pointer}/id")
    # 2. What is read as a whole is said in one place, or everywhere in the same words.
    whole = [node for node in same if node.member in WHOLE]
    if whole:
        said = _written(whole[0])
        for node in same:
            if _written(node) != said and (node.member in WHOLE or node.says.keys() - {"id"}):
                raise NotConformant("Two objects with the same id say different things.", pointer=node.pointer)
    # 3. By its identifier somebody is told to be the recipient. It stands in a subject: not in every one of the same
    #    id, as a learner record and the badges in it have the same learner.
    has_subject = any(node.member == "credentialSubject" for node in same)
    for node in same if has_subject else ():
        if node.member != "credentialSubject" and "identifier" in node.says:
            raise NotConformant("The identifier of the subject stands elsewhere.", pointer=f"{node.pointer}/identifier")


def _written(node: _Node) -> str:
    return json.dumps(node.says, sort_keys=True)
