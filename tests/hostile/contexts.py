"""Contexts that a document states itself, or states again and again."""

from tests.far_issuer import OB3, VC2
from tests.hostile.making import KIB, Made, as_much_as_fits, credential, embedded, family, in_achievement, issuer


@family
def the_same_contexts_in_every_object(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda _: {"@context": [VC2, OB3], "type": "Evidence"})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def an_inline_context_in_every_object(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"@context": {f"t{n}": f"urn:t:{n}"}, f"t{n}": n})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def the_same_inline_context_in_every_object(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"@context": {"t": "urn:t"}, "t": n})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def a_null_context_in_every_object(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far, evidence=as_much_as_fits(size, lambda _: {"@context": None})))


@family
def a_large_inline_context(size: int) -> Made:
    far = issuer()
    terms = dict(as_much_as_fits(size, lambda n: (f"t{n}", f"urn:t:{n}")))
    return far, embedded(far, credential(far) | {"@context": [VC2, OB3, terms]})


@family
def a_large_inline_context_of_chained_terms(size: int) -> Made:
    far = issuer()
    terms = dict(as_much_as_fits(size, lambda n: (f"t{n}", f"t{n + 1}:x")))
    return far, embedded(far, credential(far) | {"@context": [VC2, OB3, terms]})


@family
def a_large_inline_context_in_deep_use(size: int) -> Made:
    """Terms whose contexts bring contexts, applied again and again."""
    far = issuer()
    inner = dict(as_much_as_fits(size // 2, lambda n: (f"t{n}", f"urn:t:{n}")))
    terms = {"deep": {"@id": "urn:deep", "@context": inner}}
    nodes = as_much_as_fits(size // 2, lambda n: {"deep": {"deep": {"deep": n}}})
    return far, embedded(far, credential(far, evidence=nodes) | {"@context": [VC2, OB3, terms]})


@family
def inline_scoped_contexts_used_in_every_object(size: int) -> Made:
    far = issuer()
    inner = {f"t{n}": f"urn:t:{n}" for n in range(500)}
    terms = {"Scoped": {"@id": "urn:Scoped", "@context": inner}}
    nodes = as_much_as_fits(size - 20 * KIB, lambda _: {"type": "Scoped"})
    return far, embedded(far, credential(far, evidence=nodes) | {"@context": [VC2, OB3, terms]})


@family
def a_large_vocabulary_context_used_in_every_object(size: int) -> Made:
    far = issuer()
    inner = {"Achievement": {"@id": "urn:A", "@context": {f"t{n}": {"@id": f"urn:t:{n}"} for n in range(2000)}}}
    nodes = as_much_as_fits(size - 80 * KIB, lambda n: {"type": "Achievement", "id": f"urn:{n}"})
    return far, embedded(far, in_achievement(far, related=nodes) | {"@context": [VC2, OB3, inner]})
