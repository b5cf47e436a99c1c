"""Objects without an id, which have to be told apart by what is said of them."""

from collections.abc import Iterator

from badges.documents import Document
from tests.hostile.making import Made, as_much_as_fits, credential, embedded, family, in_achievement, issuer


@family
def equal_objects_without_an_id(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda _: {"type": "Evidence", "name": "n"})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def different_objects_without_an_id(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": "Evidence", "name": f"{n}"})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def equal_trees_without_an_id(size: int) -> Made:
    far = issuer()
    address = {"type": "Address", "geo": {"type": "GeoCoordinates", "latitude": 1.5, "longitude": 2.5}}
    nodes = as_much_as_fits(size, lambda _: {"type": ["Profile"], "address": address})
    return far, embedded(far, in_achievement(far, creator=nodes))


def _related(names: list[str], links: Iterator[tuple[str, str]]) -> list[Document]:
    to: dict[str, list[Document]] = {name: [] for name in names}
    for one, other in links:
        to[one].append({"id": other})
    return [{"id": name, "type": ["Achievement"], "related": others} for name, others in to.items()]


@family
def cliques_of_eight(size: int) -> Made:
    far = issuer()

    def clique(n: int) -> list[Document]:
        names = [f"_:c{n}x{i}" for i in range(8)]
        return _related(names, ((a, b) for a in names for b in names if a != b))

    nodes = [node for one in as_much_as_fits(size, clique) for node in one]
    return far, embedded(far, in_achievement(far, related=nodes))


@family
def a_ring(size: int) -> Made:
    far = issuer()
    members = as_much_as_fits(
        size, lambda n: {"id": f"_:r{n}", "type": ["Achievement"], "related": [{"id": f"_:r{n}"}]}
    )
    names = [member["id"] for member in members]
    links = ((name, names[i - 1]) for i, name in enumerate(names))
    return far, embedded(far, in_achievement(far, related=_related(names, links)))


@family
def small_rings(size: int) -> Made:
    far = issuer()

    def ring(n: int) -> list[Document]:
        names = [f"_:r{n}x{i}" for i in range(5)]
        return _related(names, ((name, names[i - 1]) for i, name in enumerate(names)))

    nodes = [node for one in as_much_as_fits(size, ring) for node in one]
    return far, embedded(far, in_achievement(far, related=nodes))
