"""The API describes itself: every operation says what it does, who may call it and how it refuses."""

from typing import Any

import pytest

from app.kit.assembly import describe
from app.main import create_app
from app.nominations.rules import State
from app.settings import Settings

METHODS = {"get", "post", "put", "patch", "delete"}
NOT_REPEATABLE = {
    "/v1/verify",
    "/v1/verify/batch",
    "/v1/communities/{c}/sources/{source}/preview",
    "/v1/communities/{c}/waves/{wave_id}/answer",
}
"""Have no effect that could happen twice: a slip is good for one answer, and what is kept under a key has a time."""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("openapi") / "laurels.db"
    return describe(create_app(Settings(database_url=f"sqlite:///{file}")))


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    found = [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    assert found
    return found


def test_every_operation_says_what_it_does_and_who_may_call_it(document: dict[str, Any]) -> None:
    silent = [
        f"{method} {path}"
        for method, path, operation in operations(document)
        if not operation.get("summary") or "May be called by: " not in operation["description"]
    ]
    assert silent == []


def test_every_operation_says_how_it_refuses(document: dict[str, Any]) -> None:
    assert "Problem" in document["components"]["schemas"]
    silent = [
        f"{method} {path}"
        for method, path, operation in operations(document)
        if "application/problem+json" not in operation["responses"].get("default", {}).get("content", {})
    ]
    assert silent == []


def test_every_operation_has_an_id_of_its_own(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_post_can_be_repeated_safely(document: dict[str, Any]) -> None:
    unsafe = [
        path
        for method, path, operation in operations(document)
        if method == "post"
        and path.startswith("/v1/")
        and path not in NOT_REPEATABLE
        and "idempotency-key" not in {parameter["name"] for parameter in operation.get("parameters", ())}
    ]
    assert unsafe == []


def test_every_change_says_which_version_it_is_meant_for(document: dict[str, Any]) -> None:
    blind = [
        path
        for method, path, operation in operations(document)
        if method == "patch" and "if-match" not in {parameter["name"] for parameter in operation.get("parameters", ())}
    ]
    assert blind == []


def test_the_version_is_needed_for_a_change_and_not_asked_of_readers(document: dict[str, Any]) -> None:
    asked = {
        (method, parameter["required"])
        for method, _, operation in operations(document)
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "if-match"
    }
    assert asked == {("patch", True), ("post", False)}


def test_every_operation_names_the_refusals_to_reckon_with(document: dict[str, Any]) -> None:
    answers = document["paths"]["/v1/nominations/{nomination}"]["patch"]["responses"]
    assert {"401", "403", "404", "409", "412", "413", "422", "428"} <= set(answers)
    told = document["components"]["responses"]
    assert "already-nominated" in told["Refused409"]["description"]


def test_what_may_have_to_wait_says_that_it_may(document: dict[str, Any]) -> None:
    waiting = {
        path.rpartition("/")[2] for _, path, operation in operations(document) if "202" in operation["responses"]
    }
    assert waiting == {
        "data-requests",
        "interest",
        "nominations",
        "submit",
        "tokens",
        "seconds",
        "reviewers",
        "reviews",
        "appeals",
        "{source}",
    }


def test_schemas_have_names_of_their_own_and_say_which_words_there_are(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    assert {*State, "closed"} == set(schemas["NominationOut"]["properties"]["state"]["enum"])
    silent = [
        field for field, said in schemas["Policy"]["properties"].items() if not (said.keys() & {"description", "$ref"})
    ]
    assert silent == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for child in value.values() for found in references(child)]
        return [found for child in value for found in references(child)] if isinstance(value, list) else []

    known = {f"#/components/{kind}/{name}" for kind, named in document["components"].items() for name in named}
    assert set(references(document)) <= known


def test_the_verifier_names_every_way_in(document: dict[str, Any]) -> None:
    one, many = (document["paths"][path]["post"] for path in ("/v1/verify", "/v1/verify/batch"))
    for operation in (one, many):
        content = operation["requestBody"]["content"]
        assert set(content["multipart/form-data"]["schema"]["properties"]) == {"file", "text", "recipient"}
        assert [parameter["name"] for parameter in operation["parameters"]] == ["recipient"]
    form = one["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert set(form["properties"]) == {"text", "recipient"}
    batches = many["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    assert [schema["type"] for schema in batches] == ["object", "array"]
