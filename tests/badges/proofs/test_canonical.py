import json
import time
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from badges import contexts
from badges.errors import NotConformant, TooLarge, UnknownContext
from badges.proofs import statements
from badges.proofs.blank_nodes import canonical_lines, line
from badges.proofs.canonical import jcs, rdfc, refuse_disputed_order, refuse_disputed_values
from badges.proofs.compacted import SCHEMES
from badges.proofs.inlining import inlined
from badges.proofs.vocabulary import definitions, meanings, vocabulary
from tests.badges.proofs.credentials import EXTENSIONS, OB3, VC2, credential, credentials, pyld_canonical


def endorsement_of(id: str) -> dict[str, Any]:
    return {
        "@context": [VC2, OB3],
        "id": f"{id}-endorsed",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Seen it",
        "issuer": {"id": "did:web:friends.example", "type": ["Profile"]},
        "validFrom": "2026-11-21T09:00:00Z",
        "credentialSubject": {"id": id, "type": ["EndorsementSubject"], "endorsementComment": "Good."},
        "proof": [
            {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-rdfc-2022",
                "created": "2026-11-21T09:00:00Z",
                "verificationMethod": "did:web:friends.example#key",
                "proofPurpose": "assertionMethod",
                "proofValue": "z1",
            }
        ],
    }


def with_full_contexts(document: dict[str, Any]) -> list[ox.Quad]:
    whole = [part for url in document["@context"] for part in definitions(url)]
    return list(ox.parse(json.dumps(document | {"@context": whole}), format=ox.RdfFormat.JSON_LD))


def test_the_canonical_form_is_the_one_of_an_independent_processor() -> None:
    assert rdfc(credential()) == pyld_canonical(credential())


@settings(max_examples=60, deadline=None)
@given(credentials())
def test_the_canonical_form_of_any_credential_is_that_of_an_independent_processor(document: dict[str, Any]) -> None:
    assert rdfc(document) == pyld_canonical(document)


@settings(max_examples=60, deadline=None)
@given(credentials())
def test_what_is_left_out_of_the_contexts_changes_nothing(document: dict[str, Any]) -> None:
    assert rdfc(document) == "".join(canonical_lines(map(line, with_full_contexts(document)))).encode()


def test_contexts_are_inlined_without_the_terms_that_the_document_cannot_use() -> None:
    text = inlined(credential())
    assert b"targetCode" in text
    assert b"rubricCriterionLevel" not in text


def test_embedded_endorsements_with_their_own_contexts_are_canonical_like_elsewhere() -> None:
    document = credential()
    document["endorsement"] = [endorsement_of(document["id"])]
    assert rdfc(document) == pyld_canonical(document)


def test_equal_proofs_in_several_graphs_are_told_apart_as_the_standard_says() -> None:
    document = credential()
    document["endorsement"] = [endorsement_of(f"urn:uuid:2f7f0a5e-0b0a-4f0f-8a5b-6b1f0d8f3a1{n}") for n in range(4)]
    assert rdfc(document) == pyld_canonical(document)


def test_objects_that_say_the_same_are_told_apart_by_what_surrounds_them() -> None:
    document = credential()
    del document["credentialSubject"]["id"]
    document["credentialSubject"]["result"] = [
        {"type": ["Result"], "value": "A", "alignment": [{"type": ["Alignment"], "targetName": "same"}] * 2}
        for _ in range(3)
    ]
    assert rdfc(document) == pyld_canonical(document)


def test_every_type_of_an_object_brings_its_terms() -> None:
    document = credential()
    document["@context"].insert(1, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json")
    document["type"] = ["VerifiableCredential", "ClrCredential"]
    document["partial"] = True
    document["evidence"][0]["type"] = ["Evidence", "Image"]
    document["evidence"][0]["caption"] = "of the board"
    assert rdfc(document) == pyld_canonical(document)


def test_lists_keep_their_order_and_sets_do_not() -> None:
    one, other = credential(), credential()
    other["credentialSubject"]["achievement"]["tag"].reverse()
    assert rdfc(one) == rdfc(other)
    other["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"].reverse()
    other["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"][0] = "B"
    assert rdfc(one) != rdfc(other)


def test_a_context_that_is_not_pinned_is_refused() -> None:
    with pytest.raises(UnknownContext):
        rdfc(credential() | {"@context": [VC2, OB3, "https://example.org/context.json"]})


def test_contexts_that_contradict_each_other_are_refused_though_no_term_in_question_is_used() -> None:
    old = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"
    with pytest.raises(NotConformant, match="cannot be combined") as refusal:
        rdfc({"@context": [VC2, old], "id": "urn:uuid:1", "type": "VerifiableCredential"})
    assert refusal.value.pointer == "/@context"


@pytest.mark.parametrize("context", [7, [7], [VC2, ["nested"]], {"@context": 7}])
def test_what_is_no_context_is_refused(context: Any) -> None:
    with pytest.raises(NotConformant):
        rdfc(credential() | {"@context": context})


def test_a_document_that_is_no_json_ld_is_refused() -> None:
    with pytest.raises(NotConformant):
        rdfc(credential() | {"id": ["urn:uuid:1", "urn:uuid:2"]})


def test_every_pinned_context_defines_absolute_iris_and_no_url_scheme() -> None:
    for url in contexts.index():
        every = frozenset({url})
        assert not {term.partition(":")[0] for term in vocabulary(every)} & SCHEMES, url
        for iri in meanings(every):
            assert iri.startswith(("@", "http://", "https://", "sec:")), (url, iri)  # VC 1.1 never says what sec: is


@pytest.mark.parametrize(
    "context",
    [[VC2] * 13, [VC2, OB3, {"Own": {"@id": "https://example.org/Own", "@context": VC2}}]],
    ids=["long list", "inline context that names another"],
)
def test_contexts_are_few_and_plain(context: Any) -> None:
    with pytest.raises((TooLarge, NotConformant), match="context"):
        rdfc(credential() | {"@context": context})


def test_a_small_document_does_not_grow_large_by_naming_contexts() -> None:
    own = [{"@context": [VC2, OB3], "id": f"urn:x:{i}", "type": ["EndorsementCredential"]} for i in range(5_000)]
    with pytest.raises(TooLarge, match="contexts"):
        rdfc(credential() | {"endorsement": own})
    lists = [{"@context": [VC2] * (i % 5) + [OB3] * (i // 5), "id": f"urn:x:{i}"} for i in range(50)]
    with pytest.raises(TooLarge, match="contexts"):
        rdfc(credential() | {"endorsement": lists})


def test_a_record_of_many_credentials_is_not_too_large() -> None:
    document = credential() | {"endorsement": [endorsement_of(f"urn:x:{i}") for i in range(100)]}
    assert rdfc(document)


def poison(kind: str) -> list[ox.Quad]:
    def link(one: object, other: object) -> ox.Quad:
        return ox.Quad(ox.BlankNode(f"b{one}"), ox.NamedNode("urn:p"), ox.BlankNode(f"b{other}"))

    match kind:
        case "clique":
            return [link(i, j) for i in range(8) for j in range(8) if i != j]
        case "ring":
            return [link(i, (i + 1) % 500) for i in range(500)]
        case _:
            return [link(hub, f"{hub}x{i}") for hub in ("L", "R") for i in range(1000)]


@pytest.mark.parametrize("kind", ["clique", "ring", "hubs"])
def test_nodes_made_to_be_hard_to_tell_apart_are_refused_soon(kind: str) -> None:
    started = time.process_time()
    with pytest.raises(TooLarge):
        canonical_lines(map(line, poison(kind)))
    assert time.process_time() - started < 2


def test_a_document_made_to_be_hard_to_canonicalise_is_refused_soon() -> None:
    started = time.process_time()
    names = [f"_:n{i}" for i in range(8)]
    document = credential()
    document["credentialSubject"]["achievement"]["related"] = [
        {"id": name, "type": ["Achievement"], "related": [{"id": other} for other in names if other != name]}
        for name in names
    ]
    with pytest.raises(TooLarge, match="without an id"):
        rdfc(document)
    assert time.process_time() - started < 2


def test_many_equal_leaves_are_no_poison() -> None:
    document = credential() | {"evidence": [{"type": ["Evidence"], "name": "same"} for _ in range(300)]}
    assert rdfc(document) == rdfc(document)


def test_a_document_of_too_many_statements_is_refused() -> None:
    document = credential()
    document["credentialSubject"]["achievement"]["tag"] = [str(n) for n in range(statements.MOST_STATEMENTS)]
    with pytest.raises(TooLarge, match="statements"):
        rdfc(document)


def test_extensions_of_1edtech_are_known() -> None:
    schema = {"id": "https://example.org/schema.json", "type": "1EdTechJsonSchemaValidator2019"}
    document = credential() | {"@context": [VC2, OB3, EXTENSIONS], "credentialSchema": [schema]}
    assert rdfc(document) == pyld_canonical(document)


def test_canonical_json_sorts_members_and_writes_numbers_as_the_standard_says() -> None:
    text = jcs({"b": [1e30, 4.50, 2e-3, 0.000000000000000000000000001], "a": '€$\u000f\nA\'B"\\\\"/', "": None})
    assert text == '{"":null,"a":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","b":[1e+30,4.5,0.002,1e-27]}'.encode()


@pytest.mark.parametrize("value", [2**53, float("nan"), "\ud800"])
def test_canonical_json_refuses_what_it_cannot_carry(value: Any) -> None:
    with pytest.raises(NotConformant):
        jcs({"value": value})


@pytest.mark.parametrize("value", [2**53, -(2**53), 1e-7, 1e21, 0.1 + 0.2, float("inf"), "a\ufffeb", "\uffff"])
def test_values_that_verifiers_read_differently_are_not_issued(value: Any) -> None:
    with pytest.raises(NotConformant) as refusal:
        refuse_disputed_values({"@context": VC2, "evidence": [{"name": value}]})
    assert refusal.value.pointer == "/evidence/0/name"


@pytest.mark.parametrize("value", [2**53 - 1, 3.5, 0.1, 42.0, 1e5, True, None, "🎖", "\x01"])
def test_ordinary_values_are_issued(value: Any) -> None:
    refuse_disputed_values({"evidence": [{"name": value}]})


def test_values_that_verifiers_sort_differently_are_not_issued() -> None:
    document = credential()
    document["credentialSubject"]["achievement"]["tag"] = ["！", "🎖"]
    with pytest.raises(NotConformant, match="sort"):
        refuse_disputed_order(rdfc(document))
    document["credentialSubject"]["achievement"]["tag"] = ["é！", "é"]
    refuse_disputed_order(rdfc(document))
