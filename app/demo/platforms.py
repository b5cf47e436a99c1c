"""Two platforms that tell the fictional community what happens there, and a receiver that is told what happens here."""

import base64
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlmodel import Session, col, select

from app.demo.people import SITE
from app.demo.receiver import PATH
from app.demo.stage import Scene, Stage
from app.kit.deps import Runtime
from app.members import linking
from app.members.auth import ADMIN
from app.members.tables import Community
from app.sources import service as sources
from app.sources.receiving import PLATFORMS
from app.sources.tables import Source
from app.webhooks import service as webhooks
from app.webhooks.keys import Ring
from app.webhooks.service import Wanted
from app.webhooks.tables import Subscription

_JSON = "-H 'Content-Type: application/json'"
_LEARNER, _AUTHOR = "nuno", "mika-unreal"


def listens_to(days_ago: float, platform: str, name: str, *, awards: str | None = None) -> Scene:
    """A platform may tell what people did, and award one kind of badge, if its people were asked there."""

    def play(stage: Stage, days: float) -> None:
        sources.add(
            stage.session, stage.community, PLATFORMS[platform], name=name, accounts=platform, secret=None,
            may_award=[stage.earned[awards]] if awards else [], vouches=awards is not None,
            at=stage.at, on=stage.on(days),
        )  # fmt: skip

    return Scene(days_ago, play)


def has_account(days_ago: float, who: str, platform: str, account: str) -> Scene:
    def play(stage: Stage, days: float) -> None:
        member, on = stage.member(who), stage.on(days)
        linking.link(stage.session, member, platform=platform, account=account, is_bot=False, on=on)

    return Scene(days_ago, play)


def tells_the_receiver(days_ago: float) -> Scene:
    """What happens from then on is told to the receiver that runs beside the demo."""

    def play(stage: Stage, days: float) -> None:
        url = f"{stage.at.public_url}{PATH}"
        wanted = Wanted(url=url, events=["contribution.recorded", "credential.*", "nomination.*"], name="Receiver")
        session, runtime = stage.session, stage.runtime
        webhooks.subscribe(session, stage.community, wanted, ADMIN, post=runtime.post, at=stage.at, on=stage.on(days))

    return Scene(days_ago, play)


PLATFORM_SCENES = [
    listens_to(100, "github", "The footbridge's drawings"),
    has_account(99, "mika", "github", _AUTHOR),
    listens_to(98, "generic", "Night School courses", awards="documenting"),
    tells_the_receiver(0),
]


def receiver_secret(session: Session, runtime: Runtime, community: Community) -> str | None:
    """That by which the receiver knows what is meant for it; None once nothing is sent to it any more."""
    url = f"{runtime.installation.public_url}{PATH}"
    chosen = select(Subscription).where(Subscription.community_id == community.id, Subscription.url == url)
    found = session.exec(chosen.order_by(col(Subscription.id))).first()
    return Ring.opened(found.sealed, runtime.installation.vault, found.id).now.secret if found else None


def deliveries(session: Session, runtime: Runtime, community: Community, folder: Path) -> str:
    """A line for each platform that sends a sample, which is written into `folder`: signed in the line, as they do."""
    said = []
    for platform, (what, line) in {"github": (_MERGED, _from_github), "generic": (_COMPLETED, _from_school)}.items():
        chosen = select(Source).where(Source.community_id == community.id, Source.platform == platform)
        source = session.exec(chosen.where(col(Source.removed_at).is_(None)).order_by(col(Source.id))).first()
        if source is None:
            continue
        path = (folder / f"{platform}.json").resolve()
        path.write_bytes(orjson.dumps(_SAMPLES[platform](source)))
        secret = sources.secrets_of(source, runtime.clock(), at=runtime.installation)[0]
        hook = f"{runtime.installation.public_url}/hooks/{source.id}"
        said.append(f"{what}\n\n{line(hook, secret, shlex.quote(str(path)))}\n")
    return "\n".join(said)


_MERGED = """Platforms tell what people did. GitHub says that Mika's pull request was merged: a contribution."""
_COMPLETED = """Platforms award, if they may. The Night School says that Nuno has finished a course: a badge."""


def _from_github(hook: str, secret: str, path: str) -> str:
    """https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries"""
    signature = f"$(openssl dgst -sha256 -hmac {shlex.quote(secret)} -r < {path} | cut -d' ' -f1)"
    return (
        f"curl -s {hook} {_JSON} -H 'X-GitHub-Event: pull_request' -H \"X-Hub-Signature-256: sha256={signature}\" "
        f"--data-binary @{path}; echo"
    )


def _from_school(hook: str, secret: str, path: str) -> str:
    """https://www.standardwebhooks.com: the key is what the base64 after `whsec_` says."""
    key = base64.b64decode(secret.removeprefix("whsec_") + "==").hex()
    signing = f"openssl dgst -sha256 -mac HMAC -macopt hexkey:{key} -binary | openssl base64 -A"
    return (
        f"AT=$(date +%s); curl -s {hook} {_JSON} -H 'webhook-id: course-7' -H \"webhook-timestamp: $AT\" "
        f"-H \"webhook-signature: v1,$({{ printf 'course-7.%s.' $AT; cat {path}; }} | {signing})\" "
        f"--data-binary @{path}; echo"
    )


def _merged(source: Source) -> dict[str, Any]:
    author = {"login": _AUTHOR, "id": 7, "type": "User"}
    return {
        "action": "closed",
        "number": 12,
        "pull_request": {
            "node_id": "PR_footbridge12",
            "html_url": f"{SITE}/footbridge/pull/12",
            "title": "A handrail for the footbridge",
            "user": author,
            "merged": True,
            "merged_at": f"{_lately(source):%Y-%m-%dT%H:%M:%SZ}",
            "merged_by": {"login": "chidi-placeholder", "id": 8, "type": "User"},
        },
        "repository": {"id": 1, "full_name": "lantern-commons/footbridge"},
        "sender": {"login": "chidi-placeholder", "id": 8, "type": "User"},
    }


def _completed(source: Source) -> dict[str, Any]:
    (achievement,) = source.achievements
    return {
        "type": "award.requested",
        "timestamp": f"{_lately(source):%Y-%m-%dT%H:%M:%SZ}",
        "data": {
            "achievement": achievement,
            "recipient": {"member": _LEARNER},
            "external_id": "course-7",
            "narrative": "Finished the course “Minutes that people read”, with minutes that people read.",
            "evidence": [{"url": f"{SITE}/courses/7", "name": "The course"}],
            "consent": "given",
        },
    }


_SAMPLES = {"github": _merged, "generic": _completed}


def _lately(source: Source) -> datetime:
    """Some days before the demo was first started, and always the same."""
    return source.added_at + timedelta(days=95)
