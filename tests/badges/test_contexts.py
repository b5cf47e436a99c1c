import hashlib

import pytest

from badges import contexts
from badges.errors import UnknownContext


def test_every_pinned_context_has_the_bytes_that_the_index_says() -> None:
    for url, entry in contexts.index().items():
        digest = hashlib.sha256((contexts.FOLDER / entry["file"]).read_bytes()).hexdigest()
        assert digest == entry["sha256"], url


def test_every_file_beside_the_index_is_in_it() -> None:
    listed = {entry["file"] for entry in contexts.index().values()}
    lying_there = {path.name for path in contexts.FOLDER.iterdir() if path.suffix in (".json", ".jsonld")}
    assert lying_there - {"index.json"} == listed


def test_every_context_says_where_it_came_from_and_under_which_licence() -> None:
    for url, entry in contexts.index().items():
        assert set(entry) == {"file", "sha256", "package", "path", "form", "licence"}, url
        assert entry["package"].split()[0] in ("npm", "PyPI"), url
        assert entry["form"] in ("object", "value"), url


@pytest.mark.parametrize("url", sorted(contexts.index()))
def test_a_pinned_context_loads_as_a_context(url: str) -> None:
    assert "@context" in contexts.load(url)


def test_the_vc_2_context_is_the_one_whose_digest_w3c_publishes() -> None:
    published = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"  # VC Data Model 2.0 §B.1
    assert contexts.index()["https://www.w3.org/ns/credentials/v2"]["sha256"] == published


def test_the_open_badges_context_is_the_one_that_defines_endorsement_jwt() -> None:
    context = contexts.load("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
    assert "endorsementJwt" in str(context)


def test_a_context_that_is_not_pinned_is_refused_and_not_fetched() -> None:
    with pytest.raises(UnknownContext, match="not one of those that are pinned") as refusal:
        contexts.load("https://example.org/context.json")
    assert refusal.value.pointer == "/@context"
