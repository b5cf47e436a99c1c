import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.documents import pointer_to, walk
from badges.errors import NotConformant, TooLarge, UndefinedTerm
from badges.proofs.canonical import rdfc
from badges.proofs.marking import shape
from badges.proofs.safe_mode import lost_values, refuse_unsigned
from tests.badges.proofs.credentials import OB3, VC2, credential, credentials, objects_in


def pointers_of_objects(document: dict[str, Any]) -> list[str]:
    return [pointer for pointer, value in walk(document) if isinstance(value, dict)]


def at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


@settings(max_examples=50, deadline=None)
@given(credentials())
def test_no_credential_of_known_terms_raises_an_alarm(document: dict[str, Any]) -> None:
    assert lost_values(document) == []


@pytest.mark.parametrize("pointer", pointers_of_objects(credential()))
@pytest.mark.parametrize(
    "value", ["text", 7, True, None, [], {}, ["a", None], {"type": ["Image"], "caption": "n"}], ids=repr
)
def test_an_undefined_key_is_lost_at_any_depth_whatever_it_holds(pointer: str, value: Any) -> None:
    document = credential()
    at(document, pointer)["madeUp"] = value
    assert lost_values(document) == [pointer + "/madeUp"]


def test_the_refusal_names_the_key_that_nothing_defines() -> None:
    document = credential()
    document["credentialSubject"]["achievement"]["a/b~c"] = "x"
    with pytest.raises(UndefinedTerm, match="no signature would cover it") as refusal:
        rdfc(document)
    assert refusal.value.pointer == "/credentialSubject/achievement/a~1b~0c"


@pytest.mark.parametrize("pointer", pointers_of_objects(credential()))
def test_an_undefined_type_is_lost_at_any_depth(pointer: str) -> None:
    document = credential()
    node = at(document, pointer)
    node["type"] = [*([node["type"]] if isinstance(node.get("type"), str) else node.get("type", [])), "MadeUp"]
    alone = len(node["type"]) == 1
    assert lost_values(document) == [f"{pointer}/type" if alone else f"{pointer}/type/{len(node['type']) - 1}"]


def test_a_single_undefined_type_is_lost_with_what_it_would_have_defined() -> None:
    document = credential()
    document["credentialStatus"]["type"] = "MadeUpStatusEntry"
    assert "/credentialStatus/type" in lost_values(document)
    assert "/credentialStatus/statusListIndex" in lost_values(document)


@pytest.mark.parametrize(
    "pointer",
    ["/id", "/issuer/id", "/issuer/image/id", "/credentialSubject/achievement/id", "/credentialStatus/id"],
)
@pytest.mark.parametrize("value", ["relative", "/rooted", "//host/path", "", "#fragment", "@id", "https://a b/", "a:["])
def test_an_id_that_is_no_absolute_iri_is_lost(pointer: str, value: str) -> None:
    document = credential()
    parent, _, _ = pointer.rpartition("/")
    at(document, parent)["id"] = value
    assert lost_values(document) == [pointer]


@pytest.mark.parametrize("value", ["relative", "https://exa mple.org/", "https://[broken", "@url"])
def test_a_link_that_is_no_absolute_iri_is_lost(value: str) -> None:
    document = credential()
    document["credentialSubject"]["achievement"]["alignment"][0]["targetUrl"] = "https://example.org/"
    document["credentialStatus"]["statusListCredential"] = value
    assert lost_values(document) == ["/credentialStatus/statusListCredential"]


@pytest.mark.parametrize("value", ["tag:example.org,2026:1", "ipfs://bafy", "did:example:1", "data:,x", "x-made-up:1"])
def test_an_absolute_iri_of_any_scheme_arrives(value: str) -> None:
    assert lost_values(credential() | {"id": value}) == []


def test_null_is_lost_wherever_it_stands() -> None:
    document = credential()
    document["name"] = None
    document["credentialSubject"]["achievement"]["tag"] = ["a", None]
    document["evidence"] = None
    assert sorted(lost_values(document)) == ["/credentialSubject/achievement/tag/1", "/evidence", "/name"]


def test_a_term_of_another_type_is_lost_where_it_is_not_defined() -> None:
    document = credential()
    document["issuer"]["targetName"] = "belongs to an alignment"
    document["achievementType"] = "Badge"
    assert sorted(lost_values(document)) == ["/achievementType", "/issuer/targetName"]


def test_an_object_is_lost_with_everything_in_it_and_named_once() -> None:
    document = credential() | {"madeUp": [{"type": ["Profile"], "id": "urn:uuid:1", "name": "n"}, {"x": [1, 2]}]}
    assert lost_values(document) == ["/madeUp"]


def test_the_base_direction_of_a_text_is_lost_and_its_language_is_not() -> None:
    name = {"@value": "שלום", "@language": "he", "@direction": "rtl"}
    assert lost_values(credential() | {"name": name}) == ["/name/@direction"]
    del name["@direction"]
    assert lost_values(credential() | {"name": name}) == []
    assert lost_values(credential() | {"name": [name | {"@language": "no such language"}]}) == ["/name"]


def test_a_proof_that_is_a_string_is_lost() -> None:
    assert lost_values(credential() | {"proof": "urn:uuid:1"}) == ["/proof"]


def test_a_document_that_says_nothing_is_lost() -> None:
    assert lost_values({"@context": [VC2, OB3]}) == [""]
    assert lost_values({"@context": [VC2, OB3], "id": "urn:uuid:1"}) == ["/id"]


def test_values_that_occur_twice_are_not_lost() -> None:
    document = credential()
    document["credentialSubject"]["achievement"]["tag"] = ["same", "same"]
    document["evidence"] = [document["evidence"][0], document["evidence"][0]]
    document["type"] = [*document["type"], "OpenBadgeCredential", "AchievementCredential"]
    assert lost_values(document) == []


def test_an_empty_list_of_a_known_term_is_not_lost() -> None:
    assert lost_values(credential() | {"evidence": []}) == []


def test_a_type_may_be_an_absolute_iri() -> None:
    document = credential()
    document["type"].append("https://example.org/types#Own")
    assert lost_values(document) == []


def test_nulls_inside_json_literals_are_data() -> None:
    schema = {"type": "JsonSchemaCredential"}
    document = credential() | {
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "credentialSubject": {"id": "urn:uuid:1", "type": "JsonSchema", "jsonSchema": {"a": [None, {}], "type": "x"}},
    }
    del document["evidence"], document["awardedDate"]
    assert lost_values(document) == []
    assert lost_values(schema | {"@context": VC2}) == []


def test_terms_of_a_vocabulary_context_arrive_and_strings_that_it_would_resolve_too() -> None:
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    document = credential() | {"@context": [VC2, OB3, examples], "anything": "goes"}
    assert lost_values(document) == []
    proof = {"@context": VC2, "type": "DataIntegrityProof", "proofPurpose": "assertionMethod"}
    assert lost_values(proof) == []
    assert lost_values(proof | {"proofPurpose": "madeUpPurpose"}) == ["/proofPurpose"]


def test_of_many_strings_that_might_be_terms_those_are_lost_that_are_none() -> None:
    def proof(purpose: Any) -> dict[str, Any]:
        return {"type": "DataIntegrityProof", "proofPurpose": purpose, "created": "2026-11-21T09:00:00Z"}

    purposes = ["assertionMethod", "madeUp", "authentication", "ipfs://bafy", "@vocab"]
    document = credential() | {"endorsement": [{"id": f"urn:x:{i}"} for i in range(5)]}
    for node, purpose in zip(document["endorsement"], purposes, strict=True):
        node |= {"type": ["VerifiableCredential"], "proof": [proof(purpose)]}
    assert lost_values(document) == [f"/endorsement/{i}/proof/0/proofPurpose" for i in (1, 4)]


@settings(max_examples=60, deadline=None)
@given(credentials(), st.data())
def test_whatever_is_added_is_either_signed_or_an_alarm(document: dict[str, Any], data: st.DataObject) -> None:
    before = rdfc(document)
    node = data.draw(st.sampled_from(objects_in(document)))
    key = data.draw(
        st.sampled_from(["name", "url", "narrative", "statusPurpose", "related", "version", "madeUp", "@index"]).filter(
            lambda key: key not in node
        )
    )
    node[key] = data.draw(st.sampled_from(["x", "https://example.org/x", "rel", 7, None, {"id": "urn:x"}, {"id": "x"}]))
    try:
        assert rdfc(document) != before
    except (UndefinedTerm, NotConformant):
        return


def test_the_verdict_of_a_shape_does_not_let_other_values_slip_through() -> None:
    refuse_unsigned(credential())
    document = credential() | {"id": "not absolute"}
    with pytest.raises(UndefinedTerm) as refusal:
        refuse_unsigned(document)
    assert refusal.value.pointer == pointer_to("id")


def test_a_document_that_cannot_be_json_is_refused() -> None:
    with pytest.raises(NotConformant):
        lost_values(credential() | {"\ud800": 1})


EVIDENCE: list[Any] = [
    {},
    None,
    7,
    "rel",
    {"id": "urn:x:1"},
    {"id": "relative", "type": ["Evidence"]},
    {"type": ["Evidence"], "name": "n"},
    {"type": ["Evidence", "MadeUp"], "name": "n"},
    {"type": ["Evidence"], "name": ["n", None, "n"], "madeUp": [1, {}]},
    {"type": ["Evidence"], "description": {"@value": "x", "@language": "en"}},
    {"type": ["Evidence"], "proof": {"type": "DataIntegrityProof", "proofPurpose": "assertionMethod"}},
    {"type": ["Evidence"], "proof": {"type": "DataIntegrityProof", "proofPurpose": "madeUp"}},
    {"@context": {"own": "urn:own"}, "own": [[1], [1], [None]]},
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(EVIDENCE), min_size=1, max_size=8))
def test_items_of_a_list_are_lost_each_as_it_would_be_alone(items: list[Any]) -> None:
    """Beside one that is not lost, so that the list as a whole is not."""
    kept = {"id": "urn:x:kept", "type": ["Evidence"], "name": "n"}
    alone = {n: lost_values(credential() | {"evidence": [kept, item]}) for n, item in enumerate(items, 1)}
    expected = [pointer.replace("/evidence/1", f"/evidence/{n}", 1) for n, lost in alone.items() for pointer in lost]
    assert sorted(lost_values(credential() | {"evidence": [kept, *items]})) == sorted(expected)


def test_of_items_alike_one_is_tried() -> None:
    def sized(items: int) -> int:
        return len(
            shape({"evidence": [{"type": ["Evidence"], "name": f"{n}", "x": [[n]] * n} for n in range(items)]}).text
        )

    assert sized(500) <= 2 * sized(2)


def test_items_that_differ_in_what_decides_about_them_are_all_tried() -> None:
    for member, values in (("type", ["A", "B"]), ("@context", [{"t": "urn:t"}, {"t": "urn:u"}]), ("name", ["x", None])):
        form = shape({"evidence": [{member: value} for value in values * 3]})
        assert len(json.loads(form.text)["evidence"]) == 2


def test_a_document_of_more_different_types_than_anybody_needs_is_not_tried() -> None:
    def evidence(types: int) -> list[dict[str, Any]]:
        return [{"type": ["Evidence", f"urn:x:{n % types}"], "name": "n"} for n in range(1_000)]

    assert lost_values(credential() | {"evidence": evidence(400)}) == []
    with pytest.raises(TooLarge):
        lost_values(credential() | {"evidence": evidence(1_000)})


def test_objects_whose_types_bring_several_contexts_are_tried_so_far() -> None:
    def evidence(count: int) -> list[dict[str, Any]]:
        return [{"id": f"urn:x:{n}", "type": ["Evidence", "Achievement"]} for n in range(count)]

    rdfc(credential() | {"evidence": evidence(500)})
    with pytest.raises(TooLarge):
        rdfc(credential() | {"evidence": evidence(2_100)})
