"""Doors: a badge in, a report out. For everyone, and nothing of the badge is kept."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Depends
from fastapi.responses import JSONResponse

import badges
from app.kit.access import public
from app.kit.deps import NowDep, RuntimeDep
from app.kit.pools import Turn
from app.kit.strict import router as strict_router
from app.verifier import batches, descriptions, judging, models, service
from app.verifier.forms import LARGEST, LARGEST_BATCH, many_in, one_in
from app.verifier.submissions import Item, Submission

router = strict_router(tags=["verifier"])

SubmissionDep = Annotated[Submission, Depends(one_in)]
BatchDep = Annotated[Callable[[], list[Item]], Depends(many_in)]


@router.post(
    "/v1/verify",
    dependencies=[public],
    max_body_size=LARGEST,
    openapi_extra=descriptions.ONE,
    responses=models.REPORT_ANSWERED,
)
async def verify(given: SubmissionDep, runtime: RuntimeDep, now: NowDep) -> JSONResponse:
    """Verify a badge: JSON, JWT, PNG or SVG, or the `{"url"}` of one; always a report.

    Whose it should be is said by `?recipient=`, by the field `recipient` of a form, or in JSON by
    `{"badge": …, "recipient": …}`: as text that is not empty, once. Everything else that could be meant as that
    question (another type, an unknown field or parameter, two that differ) is 422, so that a report without it was
    asked without it. Only in a form an empty `recipient` is as good as none, as browsers send what was left blank.

    The body may have 3 MiB. Of that a picture may have 2 MiB, and JSON, a token or what a picture carries 1 MiB; for a
    badge that is larger the report is `unknown`, code `too-large`. What the report means, and every code in it, is told
    in [the guide](/verify/guide).
    """
    return JSONResponse((await judged(given, runtime, now)).to_dict())


async def judged(given: Submission, runtime: RuntimeDep, now: NowDep) -> badges.Report:
    """The report on a submission, from the pool for such work. Raises `Busy` when that is full."""
    return await runtime.verifiers.run(partial(_judged, given, runtime, now))


def _judged(given: Submission, runtime: RuntimeDep, now: NowDep, turn: Turn) -> badges.Report:
    """The report on a submission; an address is looked up."""
    fetch = service.documents(runtime, now, strangers=turn.aside(runtime.fetch))
    if given.url is not None:
        return judging.judge_address(given.url, fetch, recipient=given.recipient, now=now)
    return judging.judge(given.data, fetch, recipient=given.recipient, now=now)


@router.post(
    "/v1/verify/batch",
    dependencies=[public],
    max_body_size=LARGEST_BATCH,
    openapi_extra=descriptions.MANY,
    responses=models.BATCH_ANSWERED,
)
async def verify_batch(given: BatchDep, runtime: RuntimeDep, now: NowDep) -> JSONResponse:
    """Verify up to 200 badges: a report on each, in their order, also on what cannot be read.

    Each counts for itself: one that is forged, or whose issuer does not answer, changes nothing for the others. An item
    is whatever `POST /v1/verify` takes in JSON; one that would be 422 there has a report here, `unknown` with the code
    `invalid-item`. The batch's `recipient` is asked of each item that names none itself.

    The body may have 8 MiB, and each badge what it may have alone. After 60 seconds in all nobody is asked any more,
    and what was not looked at by then is `unknown`, code `batch-too-long`.
    """
    reports = await runtime.batches.run(lambda _: batches.judge_all(given(), runtime, now=now))
    return JSONResponse(
        {"items": [each.report for each in reports]}
    )  # as they are: FastAPI would look at each value again
