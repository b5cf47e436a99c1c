"""The formats that many platforms share: xAPI, Caliper, ActivityStreams, CloudEvents, Standard Webhooks, and teams."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from app.sources.events import Told
from app.sources.receiving import secrets
from app.sources.receiving.calls import Answer, Call, parsed
from app.sources.receiving.platforms import Platform, text
from app.sources.receiving.proofs import SignedRequest, Standard, Token, TokenOr

_IDS = ("login", "email", "fpr", "url")
"""Of a person, the likelier to stay first."""
_IDENTIFYING = ("actor", "verb", "object", "timestamp")


def _all(body: Any) -> list[Any]:
    return [one for one in (body if isinstance(body, list) else [body]) if isinstance(one, dict)]


class LearningRecords(Platform):
    """xAPI statements, as Moodle's logstore_xapi sends them: a record store takes one, or many, and gives their ids."""

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        """A statement without a time gets that at which it came (IEEE 9274.1.1 §4.2.7); without an id, its digest.

        Its `day` is by its own time alone, so that it is the same whenever it comes again.
        """
        found = []
        for statement in _all(body):
            verb = text(statement, "verb", "id")
            if verb:
                known = {"id": statement_id(statement), "timestamp": at.isoformat()} | statement
                known["day"] = text(statement, "timestamp")[:10] or "undated"
                found.append(Told((verb, verb.rstrip("/").rpartition("/")[2]), known, headers=headers))
        return found

    def taken(self, body: Any, delivery: str) -> Answer:
        return Answer([statement_id(statement) for statement in _all(body)], 200, {"X-Experience-API-Version": "1.0.3"})


def statement_id(statement: Mapping[str, Any]) -> str:
    """Its id, or one that is the same for the same actor, verb, object and time."""
    given = text(statement, "id")
    if given:
        return given
    said = orjson.dumps([statement.get(name) for name in _IDENTIFYING], option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(said).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"


class Caliper(Platform):
    """Caliper Analytics: events, alone or in an envelope (`data`)."""

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        told = body["data"] if isinstance(body, dict) and isinstance(body.get("data"), list) else body
        return [
            Told((kind,), one, action=text(one, "action").rpartition("#")[2] or None, headers=headers)
            for one in _all(told)
            if (kind := text(one, "type"))
        ]


class ActivityStreams(Platform):
    """ActivityStreams 2.0: a type may be several."""

    def delivery_id(self, call: Call, body: Any) -> str:
        return text(body, "id") or call.digest

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        found = []
        for one in _all(body):
            kinds = one.get("type")
            names = tuple(kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))
            if names:
                found.append(Told(names, one, headers=headers))
        return found


class Matrix(Platform):
    """What a homeserver tells an application service, a transaction at a time."""

    def answer(self, call: Call, body: Any, known: Sequence[str]) -> Answer | None:
        """To a ping, which tells nothing (Matrix v1.7)."""
        return Answer({}) if call.path.partition("?")[0].endswith("/_matrix/app/v1/ping") else None

    def delivery_id(self, call: Call, body: Any) -> str:
        return call.transaction or call.digest

    def taken(self, body: Any, delivery: str) -> Answer:
        return Answer({})

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        """A redaction says what it redacts in its content, or, in older rooms, beside it."""
        told = body.get("events") if isinstance(body, dict) else None
        found = []
        for one in _all(told):
            redacts = text(one, "content", "redacts")
            event = one | {"redacts": redacts} if redacts else one
            found.append(Told((text(one, "type"),), event, headers=headers))
        return found


class Fedora(Platform):
    """Messages of Fedora's bus: known by their topic, whole and without organisation and environment."""

    def delivery_id(self, call: Call, body: Any) -> str:
        return text(body, "id") or call.digest

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        topics = [(one, text(one, "topic")) for one in _all(body)]
        return [Told((topic, ".".join(topic.split(".")[3:])), one, headers=headers) for one, topic in topics if topic]


class Team(Platform):
    """Any team that tells what its people did: a list of people, each with ids and contributions."""

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        """`known` is the id by which they are told from others, in whatever order a team gives several."""
        return [Told(("submission",), one | {"known": _known_by(one.get("id"))}, headers=headers) for one in _all(body)]


def _known_by(ids: Any) -> str | None:
    known = {text(one, "type"): text(one, "id") for one in reversed(_all(ids)) if text(one, "id")}
    first = next((kind for kind in (*_IDS, *sorted(known)) if kind in known), None)
    return f"{first}:{known[first]}" if first is not None else None


class Generic(Platform):
    """Standard Webhooks of a sender of one's own; the body may be a CloudEvent."""

    def delivery_id(self, call: Call, body: Any) -> str:
        id, source = text(body, "id"), text(body, "source")
        return call.header("webhook-id") or (f"{source}#{id}" if id else call.digest)

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        return [
            _cloud_event(one, headers) if "specversion" in one else Told((kind,), one, headers=headers)
            for one in _all(body)
            if (kind := text(one, "type"))
        ]


class CloudEvents(Generic):
    """CloudEvents 1.0 over HTTP: structured, batched, or binary, with the attributes as headers."""

    def read(self, call: Call) -> Any:
        """What is no JSON is no data that a rule could read; it is kept all the same."""
        is_binary = _is_binary(call.headers) and "json" not in call.header("content-type")
        return None if is_binary else parsed(call.raw)

    def kept_of(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Attributes in headers count only with a token: a signature is of the body alone."""
        if not _is_binary(headers):
            return {}
        return {name: value for name, value in headers.items() if name.startswith("ce-")}

    def delivery_id(self, call: Call, body: Any) -> str:
        if _is_binary(call.headers):
            return f"{call.header('ce-source')}#{call.header('ce-id')}"
        return super().delivery_id(call, body)

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        if "ce-type" not in headers:
            return super().events(headers, body, at)
        return [_cloud_event({name[3:]: value for name, value in headers.items()} | {"data": body}, {})]


def _is_binary(headers: Mapping[str, str]) -> bool:
    return "ce-type" in headers and "authorization" in headers


def _cloud_event(event: Mapping[str, Any], headers: Mapping[str, str]) -> Told:
    """As a Standard Webhook has it; a type such as `org.example.award.requested` is known by its last two words too."""
    kind = text(event, "type")
    return Told((kind, ".".join(kind.split(".")[-2:])), {"timestamp": event.get("time"), **event}, headers=headers)


_TOKEN = Token()
moodle = LearningRecords("moodle", _TOKEN, "xapi")
xapi = LearningRecords("xapi", _TOKEN, "xapi")
caliper = Caliper("caliper", _TOKEN, "caliper")
matrix = Matrix("matrix", _TOKEN, "matrix")
fedora = Fedora("fedora", _TOKEN, "fedora")
debian = Team("debian", _TOKEN, "debian")
activitystreams = ActivityStreams(
    "activitystreams", TokenOr(SignedRequest(), ("-----BEGIN",)), "activitystreams", checked=secrets.token_or_pem
)
generic = Generic("generic", Standard(), "generic", made=secrets.standard, checked=secrets.standard_or_key)
cloudevents = CloudEvents(
    "cloudevents", TokenOr(Standard(), ("whsec_", "whpk_")), "generic", checked=secrets.token_or_standard
)
