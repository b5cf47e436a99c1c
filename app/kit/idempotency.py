"""A call that is repeated has its effect once: `Idempotency-Key`.

The answer is kept in the transaction that has the effect, so there is no moment at which one exists without the other.
A call that is refused or fails rolls back, and leaves nothing: it may be tried again under the same key.

    @router.post("/communities/{c}/credentials", status_code=201)
    @once
    def award(c: str, body: AwardIn, caller: Awarder, session: SessionDep, now: NowDep) -> CredentialOut: ...
"""

import hashlib
import inspect
import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Annotated, Any

import orjson
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, Header, Request, Response
from pydantic import TypeAdapter
from sqlmodel import Field, Session, col, select

from app.kit.database import Row
from app.kit.deps import commit
from app.kit.errors import AppError, BadIdempotencyKey, KeyInUse, KeyReused
from app.kit.prepared import insert_if_absent
from app.kit.strict import ReadRequest

KEPT = timedelta(days=7)
"""How long a key keeps its answer. Natural keys (one nomination, one credential) protect beyond that."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_SWEPT_AT_ONCE = 10
_LOCK_NOT_AVAILABLE = "55P03"


class KeptAnswer(Row, table=True):
    """What a call under a key was answered.

    An answer may hold a secret that is shown once (a token, a claim link), so it is encrypted under the caller's own
    credentials: nobody reads it from the database or a backup, only who repeats the call with the same token.
    """

    __tablename__ = "kept_answer"

    slot: str = Field(primary_key=True, max_length=64)
    """Digest of who called what under which key."""
    fingerprint: str = Field(max_length=64)
    """Digest of the query and the body."""
    status: int = 0
    answer: bytes = b""
    expires_at: datetime = Field(index=True)


# Built once: building a statement takes longer than running it.
_MINE = col(KeptAnswer.slot) == sa.bindparam("mine")
_ENDED = col(KeptAnswer.expires_at) <= sa.bindparam("now")
_SOME_ENDED = sa.select(col(KeptAnswer.slot)).where(_ENDED).limit(_SWEPT_AT_ONCE).with_for_update(skip_locked=True)
_SWEEP = sa.delete(KeptAnswer).where(_ENDED, sa.or_(_MINE, col(KeptAnswer.slot).in_(_SOME_ENDED)))
_KEEP = sa.update(KeptAnswer).where(_MINE)


class Attempt:
    """One call, under its key if it has one."""

    def __init__(self, request: Request, response: Response, key: str | None) -> None:
        self._request, self._response, self._key = request, response, key

    def answer(
        self, effect: Callable[[], Any], shape: TypeAdapter[Any] | None, *, session: Session, now: datetime
    ) -> Response:
        """What `effect` gives, or what it gave the first time."""
        if self._key is None:
            return self._rendered(effect(), shape)
        # 1. Take the key. The same call running elsewhere holds it until it is decided.
        slot, cipher = self._secrets(self._key)
        fingerprint = self._fingerprint()
        if not _take(session, slot, fingerprint, now):
            return _repeat(session, slot, fingerprint, cipher)
        # 2. Have the effect, in the same transaction.
        try:
            answer = self._rendered(effect(), shape)
        except AppError as refusal:
            refusal.keeps = False  # or the key would be kept too, with no answer to repeat
            raise
        # 3. Keep what is said about it, in the same transaction. (A dry run has given its key back: nothing is kept.)
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        kept = orjson.dumps(headers) + b"\n" + bytes(answer.body)
        nonce = os.urandom(12)
        sealed = nonce + cipher.encrypt(nonce, kept, slot.encode())
        session.connection().execute(_KEEP, {"mine": slot, "status": answer.status_code, "answer": sealed})
        return answer

    def _secrets(self, key: str) -> tuple[str, AESGCM]:
        """The slot that this caller, address and key have, and the cipher of its answer: two digests of one secret."""
        headers, scope = self._request.headers, self._request.scope
        caller = [headers.get("authorization", ""), headers.get("cookie", "")]
        secret = orjson.dumps([*caller, scope["method"], scope["path"], key])
        slot = hashlib.sha256(b"laurels slot" + secret).hexdigest()
        return slot, AESGCM(hashlib.sha256(b"laurels answer" + secret).digest())

    def _fingerprint(self) -> str:
        request = self._request
        body = request.canonical_body() if isinstance(request, ReadRequest) else b""
        return hashlib.sha256(request.scope["query_string"] + b"\n" + body).hexdigest()

    def _rendered(self, given: Any, shape: TypeAdapter[Any] | None) -> Response:
        """As FastAPI would answer: the declared shape, the declared status, the headers set on the way."""
        if shape is None:
            answer: Response = given
        else:
            body = shape.dump_json(shape.validate_python(given, from_attributes=True), by_alias=True)
            status = self._response.status_code or self._request.scope["route"].status_code or 200
            answer = Response(body, status, media_type="application/json")
        answer.headers.raw.extend(self._response.headers.raw)
        return answer


def _take(session: Session, slot: str, fingerprint: str, now: datetime) -> bool:
    """Whether the key was free. The unique slot decides, not a look beforehand. Sweeps a few answers on the way."""
    session.connection().execute(_SWEEP, {"mine": slot, "now": now})
    try:
        return insert_if_absent(session, KeptAnswer(slot=slot, fingerprint=fingerprint, expires_at=now + KEPT))
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise KeyInUse("The first call with this Idempotency-Key has not ended yet.") from None
        raise


def _repeat(session: Session, slot: str, fingerprint: str, cipher: AESGCM) -> Response:
    kept = session.exec(select(KeptAnswer).where(KeptAnswer.slot == slot)).one()
    if kept.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key was used for another body or query at this address.")
    opened = cipher.decrypt(kept.answer[:12], kept.answer[12:], slot.encode())
    headers, _, body = opened.partition(b"\n")
    return Response(body, kept.status, orjson.loads(headers) | {"Idempotent-Replayed": "true"})


async def _attempt(
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="1 to 255 visible ASCII characters, new for every new call. "
            "A call repeated under its key is answered as the first time, for 7 days."
        ),
    ] = None,
) -> Attempt:
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise BadIdempotencyKey("Idempotency-Key is given twice.")
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise BadIdempotencyKey("This Idempotency-Key is empty, too long, or has characters beyond visible ASCII.")
    return Attempt(request, response, idempotency_key)


def once(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Lets callers of this endpoint repeat a call without repeating its effect. Goes below the route's decorator.

    The endpoint takes a `session: SessionDep` and a `now: NowDep`. Raises `TypeError` where it does not.
    """
    signature = inspect.signature(endpoint, eval_str=True)
    if not {"session", "now"} <= signature.parameters.keys():
        raise TypeError(f"{endpoint.__qualname__} takes no session, or no now")
    given = signature.return_annotation
    shape = None if inspect.isclass(given) and issubclass(given, Response) else TypeAdapter(given)

    @wraps(endpoint)
    def answered(*, _call: Attempt, **arguments: Any) -> Response:
        effect, session = partial(endpoint, **arguments), arguments["session"]
        answer = _call.answer(effect, shape, session=session, now=arguments["now"])
        commit(session)
        return answer

    depends = Annotated[Attempt, Depends(_attempt)]
    attempt = inspect.Parameter("_call", inspect.Parameter.KEYWORD_ONLY, annotation=depends)
    # FastAPI sees to them in this order; who writes makes others wait, so the session comes last.
    asked = [*(p.replace(kind=attempt.kind) for p in signature.parameters.values()), attempt]
    asked.sort(key=lambda parameter: parameter.name == "session")
    answered.__signature__ = signature.replace(parameters=asked)  # type: ignore[attr-defined]
    return answered
