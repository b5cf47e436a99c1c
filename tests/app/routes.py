"""Every route that there is, and what a call of it comes to for every kind of caller: done (2xx), not believed (401),
not allowed (403), not there (404).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import badges
from app.notifications.reading import read_journals
from app.notifications.service import link_to_turn_off
from tests.app.achievements.pictures import data_uri, png
from tests.app.contributions import routes as contributions
from tests.app.endorsements import routes as endorsements
from tests.app.guild import done
from tests.app.issuers.conftest import runtime_of
from tests.app.members import routes as communities
from tests.app.members.letters import address_link
from tests.app.metrics import routes as metrics
from tests.app.milestones import routes as milestones
from tests.app.nominations import routes as nominations
from tests.app.portfolio import routes as portfolio
from tests.app.privacy.letters import ask, data_link, token_link
from tests.app.reports.charts import routes as charts
from tests.app.reports.digest import routes as digests
from tests.app.reports.support import routes as support_reports
from tests.app.sources import routes as sources
from tests.app.stories import routes as stories
from tests.app.surveys import routes as surveys
from tests.app.town import Town
from tests.app.webhooks import routes as webhooks
from tests.far_keys import FarKeys
from tests.service import ADMIN_TOKEN
from tests.stand_ins import THEN

OPEN = (200,) * 9
NOWHERE = (404,) * 9
"""Shown to nobody, whoever asks."""
SIGNED_IN = (401, 401, *[200] * 7)
SEEN = (200, 401, *[200] * 7)
"""Open, but a token that is sent has to be a valid one."""
HIDDEN = (404, 401, 404, 200, 200, 404, 404, 404, 200)
"""What is private to its recipient and the stewards does not exist for others."""
FELLOWS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
OWN = (401, 401, 403, 200, 200, 403, 403, 403, 200)
"""For the member in the path, who is the recipient, and for stewards."""
TIED = (401, 401, 404, 200, 200, 403, 403, 403, 200)
"""The same, of something that does not exist for other members."""
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
REVOKERS = (401, 401, 403, 403, 200, 403, 403, 404, 200)
ADMIN = (401, 401, 403, 403, 403, 403, 403, 403, 200)
RECIPIENT = (401, 401, 404, 200, 403, 404, 404, 404, 403)
CONCERNED = (401, 401, 404, 200, 200, 404, 404, 404, 200)
IN_PERSON = (401, 401, 200, 200, 200, 403, 403, 403, 403)
PROPOSER = (401, 401, 403, 200, 403, 403, 403, 403, 403)
"""Of a proposal that is discussed; the recipient made it."""
DRAFTER = (401, 401, 404, 200, 403, 403, 403, 403, 403)
DRAFT = (401, 401, 404, 200, 200, 403, 403, 403, 200)
SUPPORTER = (401, 401, 200, 403, 200, 403, 403, 403, 403)
SUPPORTED = (401, 401, 200, 404, 200, 403, 403, 403, 403)
PROPOSALS = {IN_PERSON, PROPOSER, DRAFTER, DRAFT, SUPPORTER, SUPPORTED}
MINE = (401, 401, 200, 404, 404, 404, 404, 404, 404)
"""Asked of the member alone."""
THANKED = (401, 401, 200, 200, 403, 403, 403, 403, 403)
THANKS = {MINE, THANKED}

OF_PEOPLE = (401, 401, 200, 200, 200, 403, 200, 200, 403)
UNCONFIRMED = tuple(422 if outcome == 200 else outcome for outcome in SIGNED_IN)
"""Whoever calls has to say besides that they mean it."""
UNCONFIRMED_STEWARDS = tuple(422 if outcome == 200 else outcome for outcome in STEWARDS)
NOT_MEANT = (422,) * 9
HELD = (401, 401, 200, 404, 404, 403, 404, 404, 403)
"""The member's own."""

KEYS = FarKeys("did:key", "Mel")

Fill = Callable[[Town], str]


class Row(NamedTuple):
    """A route, what it comes to for each of `CALLERS`, and how to call it: fresh for every call where it changes."""

    route: str
    outcomes: tuple[int, ...]
    fill: Mapping[str, Fill]
    body: Callable[[Town], Any] | None = None
    form: bool = False

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    def path(self, town: Town) -> str:
        path = self.route.partition(" ")[2]
        for name, value in self.fill.items():
            path = path.replace(f"{{{name}}}", value(town))
        return path


def the(text: str) -> Fill:
    return lambda _: text


def c(town: Town) -> str:
    return town.guild.slug


def achievement(town: Town) -> str:
    id: str = town.achievement["id"]
    return id


def first_version(town: Town) -> str:
    return f"{achievement(town)}-v1"


def shown(town: Town) -> str:
    id: str = town.shown["id"]
    return id


def hidden(town: Town) -> str:
    id: str = town.hidden["id"]
    return id


def fresh_badge(town: Town) -> str:
    id: str = town.badge()["id"]
    return id


def status_list(town: Town) -> str:
    entry = done(town.guild.get(f"/credentials/{shown(town)}.json"), 200)["credentialStatus"]
    id: str = entry["statusListCredential"].rpartition("/")[2]
    return id


def key_id(town: Town) -> str:
    id: str = done(town.guild.get("/issuers/guild/jwks.json"), 200)["keys"][0]["kid"]
    return id


def ob2_key(town: Town) -> str:
    id: str = done(town.guild.get("/ob2/issuers/guild"), 200)["publicKey"].rpartition("/")[2]
    return id


def new_name(town: Town) -> str:
    return town.guild.somebody()["email"].partition("@")[0]  # type: ignore[no-any-return]


def departed(town: Town) -> str:
    """The handle of a member who left."""
    handle = town.newcomer()
    done(town.guild.post(town.guild.in_guild(f"members/{handle}/leave")), 200)
    return handle


def fresh_break(town: Town) -> str:
    """The id of a break of the recipient's, later than all others."""
    return town.break_id("rio")


def fresh_identity(town: Town) -> str:
    return town.identity_id("mel")


def fresh_tenure(town: Town) -> str:
    return town.tenure_id(town.newcomer())


def fresh_tie(town: Town) -> str:
    """A tie that the recipient declared."""
    return town.tie_id("rio", town.newcomer())


def told(town: Town) -> str:
    """The newest thing that the recipient is told."""
    read_journals(runtime_of(town.guild), THEN)
    id: str = done(town.guild.get("/v1/me/feed?limit=1", token=town.tokens["recipient"]), 200)["items"][0]["id"]
    return id


def dids_of_mel(town: Town) -> list[Any]:
    items: list[Any] = done(town.guild.get("/v1/me/dids", token=town.tokens["member"]), 200)["items"]
    return [each for each in items if each["did"] == KEYS.id]


def did(town: Town) -> str:
    """The id of a DID that the member is about to prove."""
    for proven in dids_of_mel(town):
        done(town.guild.call("DELETE", f"/v1/me/dids/{proven['id']}", token=town.tokens["member"]), 200)
    id: str = done(town.guild.post("/v1/me/dids", {"did": KEYS.id}, token=town.tokens["member"]), 201)["id"]
    return id


def presented(town: Town) -> Any:
    """What proves a new DID of the member."""
    did(town)
    [begun] = dids_of_mel(town)
    shown = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}
    said = {"challenge": begun["challenge"]["challenge"], "domain": begun["challenge"]["domain"]}
    return badges.add_proof(shown, KEYS.ed25519, created=THEN, purpose="authentication", **said)


def begun(town: Town) -> str:
    """The id of the DID that `presented` is about."""
    id: str = dids_of_mel(town)[0]["id"]
    return id


def own_address(town: Town) -> str:
    """The id of an address of the recipient that is not their first."""
    token = str(town.tokens["recipient"])
    kept = [each for each in done(town.guild.get("/v1/me/emails", token=token), 200)["items"] if not each["primary"]]
    if not kept:
        kept = [done(town.guild.post("/v1/me/emails", {"email": town.guild.somebody()["email"]}, token=token), 201)]
    id: str = kept[0]["id"]
    return id


def proven_address(town: Town) -> str:
    id, token = own_address(town), str(town.tokens["recipient"])
    address = done(town.guild.get(f"/v1/me/emails/{id}", token=token), 200)
    if address["since"] is None:
        done(town.guild.post(f"/v1/emails/{address_link(town.guild, address['email'])}", token=None), 200)
    return id


def link_of_address(town: Town) -> str:
    """The link in a letter to somebody who is new."""
    token, email = town.guild.token(town.newcomer()), town.guild.somebody()["email"]
    done(town.guild.post("/v1/me/emails", {"email": email}, token=token), 201)
    return address_link(town.guild, email)


def gone(town: Town) -> str:
    """The address of somebody who has left."""
    handle, email = new_name(town), town.guild.somebody()["email"]
    town.guild.member(handle, email=email)
    done(town.guild.post(town.guild.in_guild(f"members/{handle}/leave")), 200)
    return str(email)


def own_token(town: Town) -> str:
    """The id of a token of the recipient's."""
    return str(done(town.guild.post(town.guild.in_guild("tokens"), {"owner": "rio", "role": "member"}), 201)["id"])


def link_to_token(town: Town) -> str:
    """The link by which somebody gets a token of their own."""
    handle = f"own{next(town.days)}"
    email = f"{handle}@guild.example"
    town.guild.member(handle, email=email)
    done(town.guild.post("/v1/me/tokens", token=town.guild.token(handle)), 202)
    return token_link(town.guild, email)


def letter_of_data(town: Town) -> str:
    """The link by which somebody who has left reaches what is kept of them."""
    email = gone(town)
    done(ask(town.guild, email), 202)
    return data_link(town.guild, email)


def link_of_mails(town: Town) -> str:
    id = UUID(done(town.guild.get(town.guild.in_guild("members/mel"), token=ADMIN_TOKEN), 200)["id"])
    return link_to_turn_off(id, runtime_of(town.guild).installation).rpartition("/")[2]


def offer(town: Town) -> dict[str, Any]:
    return {"achievement": achievement(town), "recipient": {"member": "rio"}}


def assertion(town: Town) -> dict[str, Any]:
    """Of an achievement of its own, which allows it."""
    allowing = {"self_assertion": "allowed", "evidence_min": 0}
    made = town.guild.achievement(policy=allowing, image=data_uri(png()), name=new_name(town))
    return {"achievement": made["id"], "narrative": "I kept the tea kitchen open all winter."}


def new_community(town: Town) -> dict[str, Any]:
    slug = new_name(town)
    return {"slug": slug, "name": "N", "description": "D", "url": "https://x.example", "email": "x@x.example"}


V1 = "/v1/communities/{c}"
IN: dict[str, Fill] = {"c": c}
PERSON = (401, 401, 200, 200, 200, 404, 200, 200, 404)
"""Whoever holds a token of their own."""
ITS_OWN = (401, 401, 404, 200, 404, 404, 404, 404, 404)
ITS_OWN_IN_PERSON = (401, 401, 404, 200, 404, 403, 404, 404, 403)
ONESELF = (401, 401, 200, 200, 200, 403, 200, 200, 403)
REASON, ACCEPT = ({"reason": "r"}, {"response": "accept"})

TABLE = [
    Row("GET /v1/communities", OPEN, {}),
    Row("POST /v1/communities", ADMIN, {}, new_community),
    Row(f"GET {V1}", OPEN, IN),
    Row(f"GET {V1}/members", FELLOWS, IN),
    Row(f"POST {V1}/members", STEWARDS, IN, lambda town: {"handle": new_name(town), "name": "N"}),
    Row(f"GET {V1}/members/{{m}}", FELLOWS, IN | {"m": the("rio")}),
    Row(f"PATCH {V1}/members/{{m}}", STEWARDS, IN | {"m": the("mel")}, lambda _: {"name": "Mel"}),
    Row(f"GET {V1}/members/{{m}}/breaks", OWN, IN | {"m": the("rio")}),
    Row(f"POST {V1}/members/{{m}}/breaks", OWN, IN | {"m": the("rio")}, Town.free_time),
    Row(f"GET {V1}/members/{{m}}/breaks/{{break_id}}", OWN, IN | {"m": the("rio"), "break_id": fresh_break}),
    Row(f"DELETE {V1}/members/{{m}}/breaks/{{break_id}}", OWN, IN | {"m": the("rio"), "break_id": fresh_break}),
    Row(f"POST {V1}/members/{{m}}/leave", STEWARDS, IN | {"m": Town.newcomer}),
    Row(f"POST {V1}/members/{{m}}/return", STEWARDS, IN | {"m": departed}),
    Row(f"PUT {V1}/members/{{m}}/emeritus", STEWARDS, IN | {"m": Town.newcomer}),
    Row(f"DELETE {V1}/members/{{m}}/emeritus", STEWARDS, IN | {"m": Town.emeritus}),
    Row(f"GET {V1}/identities", STEWARDS, IN),
    Row(f"POST {V1}/identities", STEWARDS, IN, lambda town: {
        "member": "mel", "platform": "github", "account": new_name(town),
    }),
    Row(f"GET {V1}/identities/{{identity_id}}", STEWARDS, IN | {"identity_id": fresh_identity}),
    Row(f"DELETE {V1}/identities/{{identity_id}}", STEWARDS, IN | {"identity_id": fresh_identity}),
    Row(f"GET {V1}/ties", FELLOWS, IN),
    Row(f"POST {V1}/ties", OWN, IN, lambda town: {"members": ["rio", town.newcomer()], "kind": "close"}),
    Row(f"GET {V1}/ties/{{tie_id}}", TIED, IN | {"tie_id": fresh_tie}),
    Row(f"DELETE {V1}/ties/{{tie_id}}", TIED, IN | {"tie_id": fresh_tie}),
    Row(f"GET {V1}/tenures", FELLOWS, IN),
    Row(f"POST {V1}/tenures", STEWARDS, IN, lambda town: {"member": town.newcomer(), "role": "host"}),
    Row(f"GET {V1}/tenures/{{tenure_id}}", FELLOWS, IN | {"tenure_id": fresh_tenure}),
    Row(f"PATCH {V1}/tenures/{{tenure_id}}", STEWARDS, IN | {"tenure_id": fresh_tenure}, lambda _: {
        "to": "2030-01-01T00:00:00Z",
    }),
    Row(f"GET {V1}/tokens", STEWARDS, IN),
    Row(f"POST {V1}/tokens", STEWARDS, IN, lambda _: {"role": "member", "owner": "rio"}),
    Row(f"GET {V1}/tokens/{{token_id}}", STEWARDS, IN | {"token_id": Town.token_id}),
    Row(f"DELETE {V1}/tokens/{{token_id}}", STEWARDS, IN | {"token_id": Town.token_id}),
    Row(f"GET {V1}/achievements", OPEN, IN),
    Row(f"POST {V1}/achievements", STEWARDS, IN, lambda _: {
        "name": "N", "description": "D", "criteria": {"narrative": "C"}, "image": data_uri(png()),
    }),
    Row(f"GET {V1}/achievements/{{a}}", OPEN, IN | {"a": achievement}),
    Row(f"PATCH {V1}/achievements/{{a}}", STEWARDS, IN | {"a": achievement}, lambda _: {"tags": ["t"]}),
    Row(f"GET {V1}/achievements/{{a}}/versions", OPEN, IN | {"a": achievement}),
    Row(f"GET {V1}/achievements/{{a}}/versions/{{n}}", OPEN, IN | {"a": achievement, "n": the("1")}),
    Row(f"GET {V1}/proposals", FELLOWS, IN),
    Row(f"POST {V1}/proposals", IN_PERSON, IN, lambda _: {
        "name": "N", "description": "D", "criteria": {"narrative": "C"}, "image": data_uri(png()),
        "discussion": "https://x.example/d",
    }),
    Row(f"GET {V1}/proposals/{{p}}", FELLOWS, IN | {"p": Town.proposal}),
    Row(f"GET {V1}/proposals/{{p}}", DRAFT, IN | {"p": Town.draft}),
    Row(f"PATCH {V1}/proposals/{{p}}", PROPOSER, IN | {"p": Town.proposal}, lambda _: {"tags": ["t"]}),
    Row(f"POST {V1}/proposals/{{p}}/open", DRAFTER, IN | {"p": Town.draft}, lambda _: None),
    Row(f"POST {V1}/proposals/{{p}}/withdraw", PROPOSER, IN | {"p": Town.proposal}, lambda _: None),
    Row(f"GET {V1}/proposals/{{p}}/support", FELLOWS, IN | {"p": Town.proposal}),
    Row(f"POST {V1}/proposals/{{p}}/support", SUPPORTER, IN | {"p": Town.proposal}, lambda _: {"comment": "Yes."}),
    Row(f"DELETE {V1}/proposals/{{p}}/support", SUPPORTED, IN | {"p": Town.supported}),
    Row(f"POST {V1}/proposals/{{p}}/adopt", STEWARDS, IN | {"p": Town.proposal}, lambda _: None),
    Row(f"POST {V1}/proposals/{{p}}/decline", STEWARDS, IN | {"p": Town.proposal}, lambda _: {"feedback": "f"}),
    Row(f"GET {V1}/credentials", STEWARDS, IN),
    Row(f"POST {V1}/credentials", STEWARDS, IN, offer),
    Row(f"POST {V1}/credentials", ADMIN, IN, lambda town: offer(town) | {"consent": "given"}),
    Row(f"POST {V1}/self-assertions", IN_PERSON, IN, assertion),
    Row(f"GET {V1}/credentials/{{id}}", STEWARDS, IN | {"id": hidden}),
    Row(f"GET {V1}/audit", STEWARDS, IN),
    Row(f"GET {V1}/audit/verify", STEWARDS, IN),
    Row(f"GET {V1}/audit/{{seq}}", STEWARDS, IN | {"seq": the("1")}),
    Row("GET /v1/credentials", SIGNED_IN, {}),
    Row("GET /v1/credentials/{id}", CONCERNED, {"id": hidden}),
    Row("GET /v1/credentials/{id}", CONCERNED, {"id": shown}),
    Row("POST /v1/credentials/{id}/response", RECIPIENT, {"id": Town.offer}, lambda _: ACCEPT),
    Row("POST /v1/credentials/{id}/visibility", RECIPIENT, {"id": fresh_badge}, lambda _: {"visibility": "private"}),
    Row("POST /v1/credentials/{id}/revoke", REVOKERS, {"id": fresh_badge}, lambda _: REASON),
    Row("POST /v1/credentials/{id}/suspend", REVOKERS, {"id": fresh_badge}, lambda _: REASON),
    Row("POST /v1/credentials/{id}/reinstate", REVOKERS, {"id": Town.suspended}, lambda _: None),
    *(
        Row(route, outcomes, (IN if "{c}" in route else {}) | fill, body)
        for route, outcomes, fill, body in [
            *nominations.ROWS, *webhooks.ROWS, *contributions.ROWS, *milestones.ROWS, *sources.ROWS, *surveys.ROWS,
            *communities.ROWS, *stories.ROWS, *metrics.ROWS, *charts.ROWS, *digests.ROWS, *support_reports.ROWS,
        ]
    ),
    *(Row(route, outcomes, fill, body) for route, outcomes, fill, body in [*endorsements.ROWS, *portfolio.ROWS]),
    *(Row(route, outcomes, fill, body, form=True) for route, outcomes, fill, body in surveys.FORMS),
    Row("GET /v1/credentials/{id}/trail", CONCERNED, {"id": hidden}),
    Row(f"GET {V1}/contributions/{{contribution_id}}/recognitions", FELLOWS,
        IN | {"contribution_id": contributions.fresh}),
    Row("GET /participation/{id}", SEEN, {"id": nominations.rested_on}),
    Row("GET /standing/participation/{id}", SEEN, {"id": nominations.rested_on}),
    Row("GET /participation/{id}/standing", SEEN, {"id": nominations.rested_on}),
    Row(f"GET {V1}/thanks", FELLOWS, IN),
    Row(f"POST {V1}/thanks", IN_PERSON, IN, lambda town: {"to": town.newcomer(), "text": "Thank you!"}),
    Row(f"GET {V1}/thanks/{{thanks_id}}", FELLOWS, IN | {"thanks_id": lambda town: town.thanks("member", "rio")}),
    Row(f"DELETE {V1}/thanks/{{thanks_id}}", THANKED, IN | {"thanks_id": lambda town: town.thanks("recipient", "mel")}),
    Row("GET /v1/me/dids", SIGNED_IN, {}),
    Row("POST /v1/me/dids", OF_PEOPLE, {}, lambda town: {"did": f"did:web:{new_name(town)}.example"}),
    Row("GET /v1/me/dids/{did_id}", HELD, {"did_id": did}),
    Row("DELETE /v1/me/dids/{did_id}", HELD, {"did_id": did}),
    Row("POST /v1/me/dids/{did_id}/proof", HELD, {"did_id": begun}, lambda town: {"presentation": presented(town)}),
    Row("GET /v1/me/suggestions", SIGNED_IN, {}),
    Row("GET /v1/me/suggestions/{suggestion_id}", MINE, {"suggestion_id": Town.suggestion}),
    Row("DELETE /v1/me/suggestions/{suggestion_id}", MINE, {"suggestion_id": Town.suggestion}),
    Row("POST /v1/me/tokens", OF_PEOPLE, {}),
    Row("GET /v1/me/emails", ONESELF, {}),
    Row("POST /v1/me/emails", ONESELF, {}, lambda town: {"email": town.guild.somebody()["email"]}),
    Row("GET /v1/me/emails/{address_id}", ITS_OWN_IN_PERSON, {"address_id": own_address}),
    Row("DELETE /v1/me/emails/{address_id}", ITS_OWN_IN_PERSON, {"address_id": own_address}),
    Row("POST /v1/me/emails/{address_id}/primary", ITS_OWN_IN_PERSON, {"address_id": proven_address}),
    Row("GET /v1/emails/{proof}", OPEN, {"proof": link_of_address}),
    Row("POST /v1/emails/{proof}", OPEN, {"proof": link_of_address}),
    Row("GET /emails/{proof}", OPEN, {"proof": link_of_address}),
    Row("POST /emails/{proof}", OPEN, {"proof": link_of_address}, form=True),
    Row("GET /v1/me/feed", SIGNED_IN, {}),
    Row("GET /v1/me/feed/{item}", ITS_OWN, {"item": told}),
    Row("POST /v1/me/feed/{item}/read", ITS_OWN, {"item": told}),
    Row("GET /v1/me/notifications", PERSON, {}),
    Row("PUT /v1/me/notifications", PERSON, {}, lambda _: {"email": "each"}),
    Row("GET /v1/me/tokens", OF_PEOPLE, {}),
    Row("GET /v1/me/tokens/{own_token_id}", ITS_OWN_IN_PERSON, {"own_token_id": own_token}),
    Row("DELETE /v1/me/tokens/{own_token_id}", ITS_OWN_IN_PERSON, {"own_token_id": own_token}),
    Row("POST /v1/own-tokens/{token_link}", OPEN, {"token_link": link_to_token}),
    Row("GET /own-token/{token_link}", OPEN, {"token_link": link_to_token}),
    Row("POST /own-token/{token_link}", OPEN, {"token_link": link_to_token}),
    Row("GET /v1/me/data", OF_PEOPLE, {}),
    Row("DELETE /v1/me/data", UNCONFIRMED, {}),
    Row(f"DELETE {V1}/members/{{m}}/data", UNCONFIRMED_STEWARDS, IN | {"m": the("rio")}),
    Row(f"POST {V1}/data-requests", OPEN, IN, lambda town: {"email": gone(town)}),
    Row("GET /v1/data-requests/{letter}", OPEN, {"letter": letter_of_data}),
    Row("DELETE /v1/data-requests/{letter}", NOT_MEANT, {"letter": letter_of_data}),
    Row("GET /data/{letter}", OPEN, {"letter": letter_of_data}),
    Row("POST /data/{letter}", NOT_MEANT, {"letter": letter_of_data}, form=True),
    Row("GET /unsubscribe/{secret}", OPEN, {"secret": link_of_mails}),
    Row("POST /unsubscribe/{secret}", OPEN, {"secret": link_of_mails}),
    Row("GET /v1/claims/{secret}", OPEN, {"secret": Town.secret}),
    Row("POST /v1/claims/{secret}", OPEN, {"secret": Town.secret}, lambda _: ACCEPT),
    Row("POST /claims/{secret}", OPEN, {"secret": Town.secret}, lambda _: ACCEPT, form=True),
    Row("GET /offers/{link}", OPEN, {"link": nominations.link}),
    Row("POST /offers/{link}", OPEN, {"link": nominations.link}, lambda _: ACCEPT, form=True),
    Row("POST /vouch/{secret}", OPEN, {"secret": endorsements.invitation}, lambda _: {"response": "decline"},
        form=True),
    Row("POST /interest/{secret}", OPEN, {"secret": communities.interested}, lambda _: {"response": "yes"}, form=True),
    Row("POST /v1/verify", OPEN, {}, lambda _: {"not": "a badge"}),
    Row("POST /v1/verify/batch", OPEN, {}, lambda _: {"items": []}),
    Row("POST /verify", OPEN, {}, lambda _: {"text": "no badge"}, form=True),
    Row("GET /verify", OPEN, {}),
    Row("GET /", OPEN, {}),
    Row("GET /static/{name}", OPEN, {"name": the("laurels.css")}),
    Row("GET /favicon.ico", OPEN, {}),
    Row("GET /verify/guide", OPEN, {}),
    Row("GET /calls", OPEN, {}),
    Row("GET /issuers/{c}", OPEN, IN),
    Row("GET /issuers/{c}/badges", OPEN, IN),
    Row("GET /issuers/{c}.json", SEEN, IN),
    Row("GET /issuers/{c}/did.json", SEEN, IN),
    Row("GET /issuers/{c}/jwks.json", SEEN, IN),
    Row("GET /issuers/{c}/keys/{kid}", SEEN, IN | {"kid": key_id}),
    Row("GET /ob2/issuers/{c}", SEEN, IN),
    Row("GET /ob2/revocations/{c}", SEEN, IN),
    Row("GET /ob2/keys/{id}", SEEN, {"id": ob2_key}),
    Row("GET /achievements/{name}", OPEN, {"name": first_version}),
    Row("GET /achievements/{name}.html", OPEN, {"name": first_version}),
    *(Row(f"GET /achievements/{{name}}.{form}", SEEN, {"name": first_version}) for form in ("json", "png", "svg")),
    Row("GET /ob2/badgeclasses/{name}", SEEN, {"name": first_version}),
    Row("GET /status/{id}", SEEN, {"id": status_list}),
    Row("GET /status/{id}.jwt", SEEN, {"id": status_list}),
    *(
        Row(f"GET {route}", outcomes, {"id": badge, "name": the("1.json")})
        for badge, outcomes in ((shown, SEEN), (hidden, HIDDEN))
        for route in (
            "/credentials/{id}",
            *(f"/credentials/{{id}}.{form}" for form in ("html", "json", "jwt", "png", "svg")),
            "/editions/{id}/{name}",
            "/ob2/assertions/{id}",
            *(f"/ob2/assertions/{{id}}.{form}" for form in ("jws", "png", "svg")),
        )
    ),
    Row("GET /endorsements/{id}.html", SEEN, {"id": endorsements.accepted}),
    *(
        Row(f"GET {route}", outcomes, {"id": badge})
        for badge, outcomes in ((shown, OPEN), (hidden, NOWHERE))
        for route in ("/cards/{id}", "/cards/{id}.png", "/badge/{id}/shield.svg")
    ),
    Row("GET /oembed", NOWHERE, {}),
    Row("GET /feeds/{c}.atom", OPEN, IN),
    Row("GET /problems/{code}", OPEN, {"code": the("not-found")}),
    Row("GET /health/live", OPEN, {}),
    Row("GET /health/ready", OPEN, {}),
    Row("GET /docs", OPEN, {}),
    Row("GET /openapi.json", OPEN, {}),
]  # fmt: skip
