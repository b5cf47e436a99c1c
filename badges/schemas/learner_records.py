"""What CLR 2.0 asks of a ClrCredential, said in terms of the schema of the credentials that it collects.

Both are credentials of 1EdTech and share all but these: contexts, type, a `name`, and the subject (CLR 2.0 ClrSubject,
Association). What stands inside is asked for its own conformance when it is judged.
"""

from badges.documents import Document

_CONTEXT = {"type": "string", "pattern": r"^https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.\d\.\d)*\.json$"}
_RELATIONS = (
    "exactMatchOf",
    "isChildOf",
    "isParentOf",
    "isPartOf",
    "isPeerOf",
    "isRelatedTo",
    "precedes",
    "replacedBy",
)
_ASSOCIATION = {
    "type": "object",
    "properties": {
        "type": {"const": "Association"},
        "associationType": {"enum": list(_RELATIONS)},
        "sourceId": {"type": "string"},
        "targetId": {"type": "string"},
    },
    "required": ["type", "associationType", "sourceId", "targetId"],
    "additionalProperties": False,
}
_INSIDE = {"type": "object", "required": ["type"]}


def of_learner_record(schema: Document) -> Document:
    """The schema of a ClrCredential, from that of an AchievementCredential."""
    members, subject = schema["properties"], schema["$defs"]["AchievementSubject"]["properties"]
    one, pair = members["@context"]["oneOf"]
    contexts = pair | {"minItems": 3, "items": [pair["items"][0], _CONTEXT, *pair["items"][1:]]}
    changed = {
        "@context": {"oneOf": [one, contexts]},
        "type": {"type": "array", "allOf": [{"contains": {"const": t}} for t in _TYPES]},
        "partial": {"type": "boolean"},
        "credentialSubject": {
            "type": "object",
            "properties": {
                "id": subject["id"],
                "type": _one_or_more({"type": "string"}) | {"anyOf": [{"const": _SUBJECT}, _CONTAINS_SUBJECT]},
                "identifier": subject["identifier"],
                "achievement": _one_or_more({"$ref": "#/$defs/Achievement"}),
                "association": _one_or_more(_ASSOCIATION),
                "verifiableCredential": {"oneOf": [_INSIDE, {"type": "array", "minItems": 1, "items": _INSIDE}]},
            },
            "required": ["type", "verifiableCredential"],
        },
    }
    required = dict.fromkeys([*schema["required"], "name"])
    return schema | {"properties": members | changed, "required": list(required)}


_TYPES = ("VerifiableCredential", "ClrCredential")
_SUBJECT = "ClrSubject"
_CONTAINS_SUBJECT = {"type": "array", "contains": {"const": _SUBJECT}}


def _one_or_more(schema: Document) -> Document:
    return {"oneOf": [schema, {"type": "array", "items": schema}]}
