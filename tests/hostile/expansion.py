"""Types, members and values of which the JSON-LD processor has to find out what they mean."""

from itertools import combinations
from typing import Any

from badges.documents import Document
from tests.hostile.making import (
    Made,
    as_much_as_fits,
    credential,
    embedded,
    family,
    in_achievement,
    issuer,
    signed,
    token,
)


@family
def many_types(size: int) -> Made:
    far = issuer()
    types = as_much_as_fits(size, lambda n: f"T{n}")
    return far, embedded(far, credential(far, type=["VerifiableCredential", "OpenBadgeCredential", *types]))


@family
def many_types_each_absolute(size: int) -> Made:
    far = issuer()
    types = as_much_as_fits(size, lambda n: f"urn:t:{n}")
    return far, embedded(far, credential(far, type=["VerifiableCredential", "OpenBadgeCredential", *types]))


SCOPED = [
    "Achievement",
    "AchievementCredential",
    "AchievementSubject",
    "Address",
    "Alignment",
    "Criteria",
    "EndorsementCredential",
    "EndorsementSubject",
    "Evidence",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "Profile",
    "Related",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "VerifiableCredential",
    "DataIntegrityProof",
    "BitstringStatusListEntry",
]


@family
def many_scoped_types_beside_each_other(size: int) -> Made:
    """Each list of types is another one, and each brings its own contexts."""
    far = issuer()
    pairs = list(combinations(SCOPED, 3))
    nodes = as_much_as_fits(size, lambda n: {"id": f"urn:e:{n}", "type": list(pairs[n % len(pairs)])})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def all_scoped_types_everywhere(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": SCOPED, "name": str(n)})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def many_undefined_types_each_on_its_own(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": ["Evidence", f"T{n}"], "name": "n"})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def many_undefined_members(size: int) -> Made:
    far = issuer()
    members = dict(as_much_as_fits(size, lambda n: (f"m{n}", n)))
    return far, embedded(far, credential(far) | members)


@family
def many_undefined_members_in_a_token(size: int) -> Made:
    far = issuer()
    members = dict(as_much_as_fits(size * 3 // 4, lambda n: (f"m{n}", n)))
    return far, token(far, credential(far) | members)


@family
def many_undefined_members_under_jcs(size: int) -> Made:
    far = issuer()
    members = dict(as_much_as_fits(size, lambda n: (f"m{n}", n)))
    return far, signed(far, credential(far) | members)


@family
def many_empty_objects(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far, evidence=as_much_as_fits(size, lambda _: {})))


@family
def many_empty_objects_in_a_token(size: int) -> Made:
    far = issuer()
    return far, token(far, credential(far, evidence=as_much_as_fits(size * 3 // 4, lambda _: {})))


@family
def nulls(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far, evidence=as_much_as_fits(size, lambda _: None)))


@family
def nulls_in_a_token(size: int) -> Made:
    far = issuer()
    return far, token(far, credential(far, evidence=as_much_as_fits(size * 3 // 4, lambda _: None)))


@family
def numbers(size: int) -> Made:
    far = issuer()
    return far, embedded(far, in_achievement(far, tag=as_much_as_fits(size, lambda n: n)))


@family
def numbers_where_ids_belong(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far, evidence=as_much_as_fits(size, lambda n: n)))


@family
def relative_ids(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far, evidence=as_much_as_fits(size, lambda n: {"id": f"{n}"})))


@family
def strings_that_may_be_terms(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"proofPurpose": f"p{n}", "type": "DataIntegrityProof"})
    return far, embedded(far, credential(far, proof=nodes) | {"evidence": []})


@family
def strings_that_may_be_ids(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: f"x{n}:")
    return far, embedded(far, in_achievement(far, criteria={"id": "urn:x:1"}, related=nodes))


@family
def deep_nesting_of_known_terms(size: int) -> Made:
    far = issuer()

    def org(n: int) -> Document:
        inner: Document = {"id": f"urn:p:{n}:0", "type": ["Profile"]}
        for level in range(28):
            inner = {"id": f"urn:p:{n}:{level + 1}", "type": ["Profile"], "parentOrg": inner}
        return inner

    return far, embedded(far, in_achievement(far, creator=as_much_as_fits(size, org)))


@family
def deep_nesting_of_scoped_types(size: int) -> Made:
    far = issuer()

    def org(n: int) -> Document:
        inner: Document = {"type": SCOPED}
        for level in range(28):
            inner = {"type": SCOPED[level % 5 :], "parentOrg": inner}
        return inner

    return far, embedded(far, in_achievement(far, creator=as_much_as_fits(size, org)))


@family
def deep_lists(size: int) -> Made:
    far = issuer()

    def inner(n: int) -> Any:
        value: Any = n
        for _ in range(50):
            value = [value]
        return value

    return far, embedded(far, in_achievement(far, tag=as_much_as_fits(size, inner)))


@family
def deep_empty_objects(size: int) -> Made:
    far = issuer()

    def inner(_: int) -> Any:
        value: Any = {}
        for _ in range(50):
            value = {"x": value}
        return value

    return far, embedded(far, credential(far, evidence=as_much_as_fits(size, inner)))


@family
def keywords(size: int) -> Made:
    far = issuer()

    def node(n: int) -> Document:
        return {"@graph": [{"@id": f"urn:g:{n}", "@reverse": {"name": {"@id": "urn:r"}}, "@index": "i", "@nest": {}}]}

    return far, embedded(far, credential(far, evidence=as_much_as_fits(size, node)))


@family
def the_same_scoped_types_everywhere(size: int) -> Made:
    """Those that go together, so that nothing refuses them and each object is read with all of their contexts."""
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"id": f"urn:e:{n}", "type": ["Evidence", "Achievement"]})
    return far, embedded(far, credential(far, evidence=nodes))
