"""What the doors of the verifier take, for OpenAPI: bodies of so many shapes that no one model could describe them."""

from typing import Any

from app.verifier.submissions import LONGEST_RECIPIENT, MOST

_WHOSE = "Whose badge it should be: an email address, a DID, a URL or another identifier."
_RECIPIENT = {"type": "string", "minLength": 1, "maxLength": LONGEST_RECIPIENT, "description": _WHOSE}
_TEXT = {"schema": {"type": "string"}}
_IMAGE = {"schema": {"type": "string", "format": "binary", "description": "At most 2 MiB."}}
_CREDENTIAL = {
    "type": "object",
    "description": "A credential, a presentation, a learner record or an assertion: what it is, is part of the report.",
}
_AS_TEXT = {"type": "string", "description": "A JWT or JWS, JSON, an address, or an image as a `data:` URL."}


def _around(name: str, value: Any) -> dict[str, Any]:
    """An object around a badge or its address; `recipient` may be null, which is as good as left out."""
    recipient = {**_RECIPIENT, "type": ["string", "null"]}
    properties = {name: value, "recipient": recipient}
    return {"type": "object", "required": [name], "properties": properties, "additionalProperties": False}


_ADDRESS = _around("url", {"type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"})
_ANY = {"anyOf": [_ADDRESS, _around("badge", {"anyOf": [_CREDENTIAL, _AS_TEXT]}), _AS_TEXT, _CREDENTIAL]}
_ITEMS = {"type": "array", "maxItems": MOST, "items": _ANY}

_FILE = {"type": "string", "format": "binary", "description": "A picture, or a file with JSON or a token in it."}
_BLANK = {**_RECIPIENT, "minLength": 0, "description": f"{_WHOSE} Left blank, that is not asked."}
_QUERY = {"parameters": [{"name": "recipient", "in": "query", "required": False, "schema": _RECIPIENT}]}
_EXAMPLE = {"url": "https://badges.example.org/credentials/12"}


def _form(**fields: Any) -> dict[str, Any]:
    properties = {**fields, "recipient": _BLANK}
    return {"schema": {"type": "object", "properties": properties, "additionalProperties": False}}


ONE: dict[str, Any] = _QUERY | {
    "requestBody": {
        "required": True,
        "description": "Read by what it is, whatever its Content-Type says. Of a form: one `file` or one `text`.",
        "content": {
            "application/json": {"schema": _ANY, "example": _EXAMPLE},
            "application/vc": {"schema": _CREDENTIAL},
            "application/ld+json": {"schema": _CREDENTIAL},
            "application/vc+jwt": _TEXT,
            "application/jwt": _TEXT,
            "text/plain": _TEXT,
            "image/png": _IMAGE,
            "image/svg+xml": _IMAGE,
            "multipart/form-data": _form(file=_FILE, text=_AS_TEXT),
            "application/x-www-form-urlencoded": _form(text=_AS_TEXT),
        },
    }
}
MANY: dict[str, Any] = _QUERY | {
    "requestBody": {
        "required": True,
        "description": "Of a form, every `file` and `text` is one item.",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["items"],
                            "additionalProperties": False,
                            "properties": {"items": _ITEMS, "recipient": {**_RECIPIENT, "type": ["string", "null"]}},
                        },
                        _ITEMS,
                    ]
                },
                "example": {"items": [_EXAMPLE, "eyJhbGciOiJFUzI1NiJ9…"]},
            },
            "multipart/form-data": _form(
                file={"type": "array", "maxItems": MOST, "items": _FILE},
                text={"type": "array", "maxItems": MOST, "items": _AS_TEXT},
            ),
        },
    }
}
