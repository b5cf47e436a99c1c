"""A community with one of everything, at which strangers try what they can send."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import httpx2
import sqlalchemy as sa

from app.kit.database import read_session
from app.kit.ids import id_in
from tests.app.achievements.pictures import data_uri, png
from tests.app.contributions.routes import of as contribution_of
from tests.app.contributions.routes import type_of
from tests.app.guild import ACHIEVEMENT, Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link
from tests.app.members.routes import CHARTER, adopted, farewell
from tests.app.milestones.routes import drawn
from tests.app.milestones.routes import saying as milestone_saying
from tests.app.nominations.circle import EVIDENCE, STATEMENT
from tests.app.nominations.routes import link_of
from tests.app.sources.routes import delivery_of, source_of
from tests.app.stories.routes import INSIDE, UPTAKE, artefact, made, stated, taken_up, told
from tests.app.stories.routes import asked as need_of
from tests.app.surveys.polls import THREE
from tests.app.surveys.routes import note_of, open_wave_of, survey_of
from tests.app.webhooks.routes import attempted, subscribed, tested
from tests.service import ADMIN_TOKEN


@dataclass
class Desk:
    """A community with one of everything, and what the API says of itself."""

    guild: Guild
    ids: dict[str, str]
    described: dict[str, Any]
    _counted: set[tuple[str, int]] | None = None
    """What there was after the last refusal, if nothing was done since."""

    @cached_property
    def _counts(self) -> sa.CompoundSelect[tuple[str, int]]:
        tables = sa.inspect(runtime_of(self.guild).engine).get_table_names()
        return sa.union_all(*(sa.select(sa.literal(t), sa.func.count()).select_from(sa.table(t)) for t in tables))

    def rows(self) -> set[tuple[str, int]]:
        """How much there is of everything."""
        with read_session(runtime_of(self.guild).engine) as session:
            return {(name, number) for name, number in session.execute(self._counts)}

    def path(self, template: str, **other: str) -> str:
        for name, value in (self.ids | other).items():
            template = template.replace(f"{{{name}}}", value)
        return template

    def send(self, method: str, path: str, content: bytes | Iterator[bytes], headers: Any = None) -> httpx2.Response:
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {ADMIN_TOKEN}", "If-Match": "*"}
        answer = self.guild.client.request(method, path, content=content, headers=sent | (headers or {}))
        if answer.is_success:
            self._counted = None
        return answer

    def refused(self, method: str, path: str, content: Any, statuses: set[int], headers: Any = None) -> httpx2.Response:
        """The refusal of a call: a problem document with one of these statuses, and nothing changed."""
        before = self._counted or self.rows()
        answer = self.send(method, path, content, headers)
        assert answer.status_code in statuses, (method, path, answer.status_code, answer.text[:500])
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["title"]
        assert problem["fix"]
        assert len(answer.content) < 20_000
        self._counted = self.rows()
        assert self._counted == before
        return answer


def furnished(guild: Guild) -> Desk:
    """A desk in a community that has nothing yet."""
    guild.member("mel")
    achievement = guild.achievement(image=data_uri(png()), policy={"stackable": True, "period": "year"})
    badge = guild.badge(achievement, recipient={"member": "mel"})
    token = done(guild.post(guild.in_guild("tokens"), {"owner": "mel", "role": "member"}), 201)
    offer = done(guild.award(achievement, {"did": "did:example:bo"}), 201)
    guild.member("nina", joined_at="2020-01-01T00:00:00Z")
    nomination = {"achievement": achievement["id"], "nominee": "mel", "statement": STATEMENT, "evidence": EVIDENCE}
    nina = guild.token("nina")
    nominated = done(guild.post(guild.in_guild("nominations"), nomination, token=nina), 201)
    said = {"category": "other", "text": "The wrong Mel."}
    reported = done(guild.post(f"/v1/nominations/{nominated['id']}/reports", said, token=nina), 201)
    done(guild.post(f"/v1/nominations/{nominated['id']}/release"), 200)
    times = {"from": "2040-01-01T00:00:00Z", "until": "2040-02-01T00:00:00Z"}
    rest = done(guild.post(guild.in_guild("members/mel/breaks"), times), 201)
    wanted = ACHIEVEMENT | {"image": data_uri(png()), "discussion": "https://x.example/d"}
    proposal = done(guild.post(guild.in_guild("proposals"), wanted, token=token["token"]), 201)
    account = {"member": "mel", "platform": "github", "account": "mel"}
    identity = done(guild.post(guild.in_guild("identities"), account), 201)
    adopted(guild)
    guild.member("kin")
    tie = done(guild.post(guild.in_guild("ties"), {"members": ["mel", "kin"], "kind": "household"}), 201)
    thanks, suggestion = thanked(guild)
    tenure = done(guild.post(guild.in_guild("tenures"), {"member": "mel", "role": "reviewer"}), 201)
    quick = guild.achievement(policy={"review": {"mode": "auto_on_seconds"}, "min_seconds": 0})
    stranger = nomination | {"achievement": quick["id"], "nominee": {"email": "zed@people.example"}}
    asked = done(guild.post(guild.in_guild("nominations"), stranger, token=guild.token("nina")), 201)
    vouched = {"subject": "credential", "id": badge["id"], "comment": "I have seen it done, often."}
    endorsed = done(guild.post("/v1/endorsements", vouched, token=nina), 201)
    source = source_of(guild)
    email = done(guild.post("/v1/me/emails", {"email": "mel@second.example"}, token=token["token"]), 201)
    webhook = subscribed(guild, ADMIN_TOKEN)
    delivery = tested(guild, webhook, ADMIN_TOKEN)
    ids = {
        "webhook_id": webhook,
        "delivery_id": delivery,
        "attempt_id": attempted(guild, delivery),
        "address_id": email["id"],
        "proof": address_link(guild),
        "c": guild.slug,
        "nomination": nominated["id"],
        "report": reported["id"],
        "contribution_id": contribution_of(guild, "mel"),
        "story_id": told(guild, nina)["id"],
        "uptake_id": taken_up(guild)["id"],
        "need_id": need_of(guild, nina)["id"],
        "artefact_id": made(guild, "mel")["id"],
        "farewell_id": farewell(guild, "nina"),
        "effort_id": stated(guild, nina)["id"],
        "effort_quarter": "2026-Q3",
        "milestone_id": drawn(guild, achievement["id"]),
        "attainment_id": "00000000-0000-4000-8000-000000000000",
        "type": type_of(guild, "tea_kitchen"),
        "member": "mel",
        "member_id": done(guild.get(guild.in_guild("members/mel"), token=ADMIN_TOKEN), 200)["id"],
        "item": "00000000-0000-7000-8000-000000000000",
        "m": "mel",
        "a": achievement["id"],
        "n": "1",
        "p": proposal["id"],
        "id": badge["id"],
        "token_id": token["id"],
        "own_token_id": token["id"],
        "token_link": "x",
        "break_id": rest["id"],
        "identity_id": identity["id"],
        "tenure_id": tenure["id"],
        "tie_id": tie["id"],
        "secret": offer["claim_url"].rpartition("/")[2],
        "link": link_of(guild, asked["id"]),
        "name": achievement["id"],
        "source": source["id"],
        "award_id": "00000000-0000-7000-8000-000000000000",
        "version": "0",
        "inbound_id": delivery_of(guild, source),
        "kid": "x",
        "thanks_id": thanks,
        "suggestion_id": suggestion,
        "survey_id": survey_of(guild),
        "wave_id": open_wave_of(guild),
        "remark_id": "00000000-0000-4000-8000-000000000000",
        "note_id": note_of(guild),
        "snapshot_id": "00000000-0000-7000-8000-000000000000",
        "celebration_id": badge["id"],
        "digest_id": "00000000-0000-7000-8000-000000000000",
        "report_id": "00000000-0000-7000-8000-000000000000",
        "prompt_id": "00000000-0000-7000-8000-000000000000",
        "family": "participation",
        "quarter": "2026-Q3",
        "code": "not-found",
        "letter": "x",
        "link_id": "00000000-0000-7000-8000-000000000000",
        "proof_id": "00000000-0000-7000-8000-000000000000",
        "did_id": "00000000-0000-7000-8000-000000000000",
        "presentation": "00000000-0000-4000-8000-000000000000",
        "asked": "00000000-0000-4000-8000-000000000000",
        "endorsement": endorsed["id"],
        "import_id": "00000000-0000-4000-8000-000000000000",
        "seq": "1",
        "review": "00000000-0000-4000-8000-000000000000",
        "question": "00000000-0000-4000-8000-000000000000",
        "objection": "00000000-0000-4000-8000-000000000000",
    }
    return Desk(guild, ids, done(guild.get("/openapi.json"), 200))


def thanked(guild: Guild) -> tuple[str, str]:
    """The ids of a thanks, and of the suggestion that it led to."""
    guild.member("nell")
    token = guild.token("mel")
    for text in ("One", "Two", "Three"):
        said = {"to": "nell", "contribution_type": "hosting", "text": text}
        done(guild.post(guild.in_guild("thanks"), said, token=token), 201)
    [suggestion] = done(guild.get("/v1/me/suggestions", token=token), 200)["items"]
    return suggestion["thanks"][0], suggestion["id"]


PARTICIPATION = {"since": "2026-01-01T00:00:00Z", "until": "2026-06-01T00:00:00Z", "types": ["hosting"]}


def valid(achievement: str = "x", new: str = "new") -> dict[str, dict[str, Any]]:
    """A body for every route, that it takes if nothing is called `new` yet."""
    return {
        "POST /v1/communities": {"slug": new, "name": "N", "description": "D", "url": "https://x.example",
                                 "email": "x@x.example", "phase": "active"},
        "POST /v1/communities/{c}/members": {"handle": new, "name": "N", "email": f"{new}@x.example",
                                             "did": f"did:x:{new}", "affiliation": "A",
                                             "joined_at": "2026-01-01T00:00:00Z", "role": "member",
                                             "minor": False, "guardian_agreed": False},
        "PATCH /v1/communities/{c}/members/{m}": {"name": "N", "email": None, "role": "member", "minor": False},
        "POST /v1/communities/{c}/members/{m}/breaks": {"from": "2030-01-01T00:00:00Z",
                                                        "until": "2030-02-01T00:00:00Z"},
        "POST /v1/communities/{c}/charter/versions": {**CHARTER, "note": "N"},
        "POST /v1/communities/{c}/stories": {"title": "T", "cycles": [1, 2, 3, 5], "what_happened": "W",
                                             "what_i_got": "W", "applied_where": "A", "difference": "D",
                                             "reframed_what": "R", "strategic": "S", "enabling": "E",
                                             "links": {"contributions": []}, "consent": INSIDE},
        "PATCH /v1/communities/{c}/stories/{story_id}": {"title": "T", "cycles": [1], "enabling": None, "links": {}},
        "PUT /v1/communities/{c}/stories/{story_id}/consent": INSIDE,
        "POST /v1/communities/{c}/uptake": {**UPTAKE, "taker": "T", "place_community": None, "story": None,
                                            "contribution": None, "organisational_change": "O"},
        "POST /v1/communities/{c}/needs": {"kind": "question", "title": "T", "text": "T"},
        "PATCH /v1/communities/{c}/needs/{need_id}": {"title": "T", "text": None},
        "POST /v1/communities/{c}/needs/{need_id}/answer": {"member": "mel", "url": "https://x.example"},
        "POST /v1/communities/{c}/needs/{need_id}/capture": {"member": "mel", "url": "https://x.example"},
        "POST /v1/communities/{c}/farewells": {"to": "mel", "text": "T"},
        "POST /v1/communities/{c}/effort": {"month": "2026-11", "hours": 0.25, "sponsored_by": "S"},
        "POST /v1/communities/{c}/artefacts": {**artefact("mel"), "licence": "CC-BY-4.0", "description": "D",
                                               "builds_on": [{"url": "https://x.example"}]},
        "PATCH /v1/communities/{c}/artefacts/{artefact_id}": {"title": "T", "url": "https://x.example",
                                                              "licence": None, "builds_on": [],
                                                              **artefact("mel")},
        "POST /v1/communities/{c}/artefacts/{artefact_id}/reviews": {"verdict": "changes_asked", "note": "N"},
        "PUT /v1/communities/{c}/maturity/override": {"stage": "forming", "reason": "R"},
        "PUT /v1/communities/{c}/metrics/beginning": {"on": "2026-11-01"},
        "PUT /v1/communities/{c}/end": {"ends_at": "2080-01-01T00:00:00Z"},
        "POST /v1/communities/{c}/interest": {"email": f"{new}@second.example"},
        "PATCH /v1/communities/{c}/profile": {"domain": "D", "community": "C", "practice": "P", "rhythm": "R",
                                              "rhythm_days": 14, "public": True},
        "POST /v1/me/emails": {"email": f"{new}@second.example"},
        "POST /v1/communities/{c}/data-requests": {"email": f"{new}@second.example"},
        "POST /v1/communities/{c}/identities": {"member": "mel", "platform": "github", "account": new,
                                                "is_bot": False},
        "POST /v1/communities/{c}/tenures": {"member": "mel", "role": "host", "scope": new,
                                             "from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"},
        "PATCH /v1/communities/{c}/tenures/{tenure_id}": {"to": "2030-01-01T00:00:00Z"},
        "POST /v1/communities/{c}/ties": {"members": ["mel", "kin"], "kind": "close"},
        "POST /v1/communities/{c}/tokens": {"owner": "mel", "role": "member", "scopes": ["nominations:write"],
                                            "expires_at": "2027-01-01T00:00:00Z"},
        "POST /v1/communities/{c}/achievements": {**ACHIEVEMENT, "image": data_uri(png()), "tags": ["t"], "policy": {},
                                                  "alignments": [], "results": [], "achievement_type": "Badge",
                                                  "value_to_member": "V", "value_to_community": "V",
                                                  "discussion": "https://x.example/d"},
        "PATCH /v1/communities/{c}/achievements/{a}": {"name": "N", "tags": [], "image": data_uri(png()),
                                                       "value_to_member": None},
        "POST /v1/communities/{c}/proposals": {**ACHIEVEMENT, "image": data_uri(png()), "tags": ["t"], "policy": {},
                                               "value_to_member": "V", "discussion": "https://x.example/d"},
        "PATCH /v1/communities/{c}/proposals/{p}": {"name": "N", "discussion": "https://x.example/d"},
        "POST /v1/communities/{c}/proposals/{p}/support": {"comment": "Yes."},
        "POST /v1/communities/{c}/proposals/{p}/decline": {"feedback": "f"},
        "POST /v1/communities/{c}/credentials": {"achievement": achievement, "recipient": {"did": f"did:x:{new}"},
                                                 "evidence": [{"url": "https://x.example"}], "narrative": "N",
                                                 "external_id": new, "valid_until": "2030-01-01T00:00:00Z",
                                                 "consent": "ask", "visibility": "private"},
        "POST /v1/communities/{c}/contribution-types": {"key": new, "name": "N", "description": "D", "mode": "champion",
                                                        "cycles": [1], "potential": "connect", "care_areas": [],
                                                        "loop": "inner", "all_contributors": [], "effort": 1,
                                                        "evidence_hint": "E", "value_to_member": "V",
                                                        "value_to_community": "V"},
        "PATCH /v1/communities/{c}/contribution-types/{type}": {"name": "N", "effort": 2, "value_to_member": None,
                                                                "deprecated": False},
        "POST /v1/communities/{c}/milestones": milestone_saying(str(id_in(achievement) or UUID(int=0))),
        "PATCH /v1/communities/{c}/milestones/{milestone_id}": {"name": "N", "description": "D"},
        "POST /v1/communities/{c}/milestones/{milestone_id}/reviews": {"verdict": "object", "comment": "Too few."},
        "POST /v1/communities/{c}/milestones/{milestone_id}/activate": {"backfill": True},
        "POST /v1/communities/{c}/surveys": {"instrument": THREE | {"name": new}},
        "PUT /v1/communities/{c}/reports/{report_id}/publication": {"indexed": False},
        "POST /v1/communities/{c}/waves": {"survey": str(UUID(int=0)), "name": "N", "opens_on": "2027-01-01",
                                           "closes_on": "2027-01-08", "anniversary_of": "2020-01-01", "k": 5,
                                           "by_affiliation": True},
        "POST /v1/communities/{c}/waves/{wave_id}/answer": {"slip": "x", "answers": {"trust": 1}, "importance": 1,
                                                            "affiliation": "A", "remark": {"text": "T",
                                                                                           "may_quote": True}},
        "POST /v1/communities/{c}/remarks/{remark_id}/quote": {"text": "T"},
        "POST /v1/communities/{c}/qualitative-notes": {"method": "other", "held_on": "2026-11-01", "n": 7,
                                                       "themes": ["T"], "summary": "S"},
        "POST /v1/communities/{c}/contributions": {"type": "hosting", "credits": [{"person": "mel", "role": "host"}],
                                                   "occurred_at": "2026-11-01T09:00:00Z",
                                                   "ends_at": "2026-11-01T10:00:00Z", "url": "https://x.example",
                                                   "title": "T", "channel": "C", "evidence_digest": "a" * 64,
                                                   "loop": "outer", "source": "forum", "dedupe_key": new},
        "POST /v1/communities/{c}/contributions/{contribution_id}/correct": {
            "reason": "r", "type": "hosting", "credits": [{"person": "mel"}], "occurred_at": "2026-11-01T09:00:00Z",
            "ends_at": None, "url": "https://x.example", "title": "T", "channel": "C", "evidence_digest": "a" * 64,
            "loop": "outer",
        },
        "POST /v1/communities/{c}/contributions/{contribution_id}/retract": {"reason": "r"},
        "POST /v1/communities/{c}/sources": {"platform": "github", "name": "N", "secret": "x" * 20,
                                             "accounts": "github", "policy": {"achievements": []}},
        "PATCH /v1/communities/{c}/sources/{source}": {"name": "N", "policy": {}},
        "POST /v1/communities/{c}/sources/{source}/preview": {"body": "{}", "headers": {}, "rules": {}},
        "POST /v1/communities/{c}/sources/{source}/rules": {"rules": {}},
        "POST /v1/communities/{c}/sources/{source}/replay": {"deliveries": [], "since": "2026-01-01T00:00:00Z",
                                                             "until": "2026-12-01T00:00:00Z", "apply": False,
                                                             "diff": "0" * 64, "take_back": False},
        "POST /v1/communities/{c}/sources/{source}/rotate": {"secret": "y" * 20, "overlap_hours": 1},
        "POST /v1/communities/{c}/self-assertions": {"achievement": achievement, "evidence": [],
                                                     "narrative": "I kept the tea kitchen open.",
                                                     "visibility": "private"},
        "POST /v1/communities/{c}/thanks": {"to": "nell", "contribution_type": "hosting", "text": new,
                                            "url": "https://x.example"},
        "POST /v1/credentials/{id}/response": {"response": "accept", "visibility": "private", "participation": False},
        "POST /v1/communities/{c}/nominations": {"achievement": achievement, "nominee": "mel", "nominees": None,
                                                 "statement": STATEMENT, "evidence": EVIDENCE, "previous": None,
                                                 "submit": True, "merge": False, "participation": PARTICIPATION},
        "POST /v1/endorsements": {"subject": "achievement", "id": achievement, "comment": "I have seen it done, often.",
                                  "skills": ["s"], "for_community": False},
        "POST /v1/endorsement-requests": {"subject": "achievement", "id": achievement, "of": {"member": "mel"},
                                          "message": "M"},
        "POST /v1/vouch/{secret}": {"response": "decline", "name": "N", "comment": "I have seen it done, often.",
                                    "skills": ["s"], "never_add": False},
        "POST /v1/endorsements/{endorsement}/response": {"response": "accept"},
        "PATCH /v1/nominations/{nomination}": {"statement": STATEMENT, "evidence": EVIDENCE, "nominees": ["mel"],
                                              "participation": PARTICIPATION},
        "POST /v1/nominations/{nomination}/invitations": {"members": ["mel"]},
        "POST /v1/nominations/{nomination}/seconds": {"reason": "Reasons enough to fill a line or two.",
                                                      "publish": False},
        "POST /v1/nominations/{nomination}/reviews": {"verdict": "approve", "feedback": "F", "rubric": {"r": "met"},
                                                      "evidence_checked": [0], "conflicts": []},
        "POST /v1/nominations/{nomination}/reviewers": {"member": "mel", "guest": None, "disclose": ["affiliation"]},
        "POST /v1/nominations/{nomination}/info-requests": {"question": "q"},
        "POST /v1/nominations/{nomination}/info-requests/{question}/answer": {"answer": "a"},
        "POST /v1/nominations/{nomination}/objections": {"reason": "r"},
        "POST /v1/nominations/{nomination}/objections/{objection}/answer": {"answer": "a"},
        "POST /v1/nominations/{nomination}/appeals": {"argument": "The notes were lost."},
        "POST /v1/nominations/{nomination}/withdraw": {"reason": "r"},
        "POST /v1/nominations/{nomination}/hold": {"reason": "r"},
        "POST /v1/nominations/{nomination}/release": {"note": "n"},
        "POST /v1/nominations/{nomination}/reports": {"category": "harassment", "text": "t"},
        "PUT /v1/me/notifications": {"email": "digest", "digest_day": "friday", "muted": ["member.joined"]},
        "POST /v1/me/identities": {"platform": "github", "account": new},
        "POST /v1/me/dids": {"did": f"did:web:{new}.example"},
        "POST /v1/me/dids/{did_id}/proof": {"presentation": "x"},
        "PUT /v1/members/{member_id}/portfolio/choice": {"title": "T", "summary": "S", "reveal": ["name", "email"],
                                                         "items": [], "indexed": True},
        "POST /v1/members/{member_id}/portfolio/links": {"ends_at": "2027-06-01T00:00:00Z", "title": "T", "items": []},
        "POST /v1/members/{member_id}/portfolio/imports/{import_id}/visibility": {"visibility": "private"},
        "POST /v1/members/{member_id}/portfolio/presentations": {"signed": "x", "challenge": "c", "domain": "d"},
        "POST /v1/nominations/{nomination}/response": {"response": "accept", "visibility": "private", "narrative": "N",
                                                       "text_version": 1, "participation": False, "never_add": False},
        "POST /v1/nominations/{nomination}/consent/withdraw": {"revoke": True},
        "POST /v1/nominations/{nomination}/narrative": {"text": "N"},
        "POST /v1/nominations/{nomination}/narrative/agreement": {"agree": True},
        "POST /v1/offers/{link}": {"response": "accept", "visibility": "private", "narrative": "N", "text_version": 1,
                                   "never_add": False},
        "POST /v1/claims/{secret}": {"response": "accept", "visibility": "public"},
        "POST /v1/credentials/{id}/visibility": {"visibility": "private"},
        "POST /v1/communities/{c}/webhooks": {"url": "https://hooks.example/", "events": ["member.*"], "name": "N",
                                              "asymmetric": True},
        "PATCH /v1/communities/{c}/webhooks/{webhook_id}": {"url": "https://hooks.example/", "events": ["*"],
                                                            "name": "N", "state": "active"},
        "POST /v1/communities/{c}/webhooks/{webhook_id}/rotate": {"overlap_hours": 1, "asymmetric": True},
        "POST /v1/communities/{c}/webhooks/{webhook_id}/replay": {"since": "2026-01-01T00:00:00Z",
                                                                  "until": "2027-01-01T00:00:00Z"},
        "POST /v1/communities/{c}/webhooks/{webhook_id}/debug": {"headers": {"webhook-id": "x"}, "body": "{}"},
        "POST /v1/credentials/{id}/revoke": {"reason": "r", "cause": "purchased"},
        "POST /v1/credentials/{id}/suspend": {"reason": "r"},
    }  # fmt: skip


ROUTES = sorted(valid())
EVERYTHING_HAS_A_DEFAULT = {
    "PUT /v1/communities/{c}/reports/{report_id}/publication",
    "PUT /v1/members/{member_id}/portfolio/choice",
    "POST /v1/communities/{c}/webhooks/{webhook_id}/rotate",
    "POST /v1/communities/{c}/sources/{source}/replay",
    "POST /v1/communities/{c}/sources/{source}/rotate",
}
BODY_MAY_BE_LEFT_OUT = {
    "POST /v1/communities/{c}/milestones/{milestone_id}/activate",
    "POST /v1/communities/{c}/proposals/{p}/support",
    "POST /v1/communities/{c}/remarks/{remark_id}/quote",
    "POST /v1/nominations/{nomination}/consent/withdraw",
    "POST /v1/nominations/{nomination}/release",
    "POST /v1/nominations/{nomination}/withdraw",
}


def split(route: str) -> tuple[str, str]:
    method, _, template = route.partition(" ")
    return method, template


def operations(desk: Desk) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for template, item in desk.described["paths"].items():
        for method, operation in item.items():
            yield method.upper(), template, operation
