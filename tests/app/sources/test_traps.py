"""What platforms tell that is not what it looks like: each trap once as it comes, and once as it should count."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.sources.evaluating import evaluate
from app.sources.events import Noted, Would, WouldNot, WouldRecord, WouldRemember, WouldUndo
from app.sources.gatherings import settle
from app.sources.receiving import PLATFORMS
from app.sources.shipped import shipped
from tests.app.sources import told

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def would(platform: str, body: Any, headers: Mapping[str, str] | None = None) -> list[Would]:
    """What the shipped rules make of a body."""
    its, found = PLATFORMS[platform], list[Would]()
    for event in its.events(headers or {}, body, NOW):
        found += evaluate(shipped(its.shipped), event, at=NOW)
    return found


def credited(found: Sequence[Would]) -> list[tuple[str, list[str], list[str]]]:
    """By type, who did it, and for whom."""
    return [
        (
            one.type,
            [party.known[0].account for party in one.parties if party.part == "by"],
            [party.known[0].account if party.known else "?" for party in one.parties if party.part == "for"],
        )
        for one in found
        if isinstance(one, WouldRecord)
    ]


def keys(found: Sequence[Would]) -> list[str]:
    return [one.dedupe for one in found if isinstance(one, WouldRecord)]


def undone(found: Sequence[Would]) -> list[str]:
    return [one.dedupe for one in found if isinstance(one, WouldUndo)]


def github(event: str, body: Any) -> list[Would]:
    return would("github", body, {"x-github-event": event})


def discourse(event: str, body: Any) -> list[Would]:
    return would("discourse", body, {"x-discourse-event": event, "x-discourse-instance": "https://forum.example"})


def test_github_whoever_answered_is_credited_and_not_whoever_marked_it() -> None:
    found = github("discussion", told.answered())
    assert credited(found) == [("supporting", ["bo-fictional"], ["ana-fictional"])]
    [record] = [one for one in found if isinstance(one, WouldRecord)]
    assert record.occurred_at == datetime(2026, 3, 30, 23, 16, 42, tzinfo=UTC)
    assert record.url == "https://github.example/guild/handbook/discussions/4#discussioncomment-9"


def test_github_an_answer_to_ones_own_question_or_of_a_bot_is_none() -> None:
    assert credited(github("discussion", told.answered(by=told.ANA))) == []
    assert credited(github("discussion", told.answered(by=told.BOT))) == []


def test_github_an_answer_that_is_unmarked_is_taken_back_under_its_own_key() -> None:
    assert undone(github("discussion", told.unanswered())) == keys(github("discussion", told.answered()))


def test_github_closed_is_not_merged() -> None:
    assert credited(github("pull_request", told.closed())) == [("co_creating", ["ana-fictional"], [])]
    assert credited(github("pull_request", told.closed(merged=False))) == []


@pytest.mark.parametrize("merged_by", [told.ANA, told.ANA | {"login": "ana-renamed"}, None])
def test_github_to_merge_ones_own_is_nobody_elses_word(merged_by: dict[str, Any] | None) -> None:
    assert credited(github("pull_request", told.closed(merged_by=merged_by))) == []


def test_github_a_bots_pull_request_is_nobodys() -> None:
    assert credited(github("pull_request", told.closed(author=told.BOT))) == []


def test_github_a_review_of_ones_own_is_none() -> None:
    assert credited(github("pull_request_review", told.reviewed())) == [
        ("reviewing", ["bo-fictional"], ["ana-fictional"])
    ]
    assert credited(github("pull_request_review", told.reviewed(by=told.ANA))) == []
    assert credited(github("pull_request_review", told.reviewed(by=told.BOT))) == []
    assert undone(github("pull_request_review", told.reviewed(action="dismissed")))


def test_github_each_page_of_a_wiki_is_told_at_once() -> None:
    pages = [{"page_name": name, "title": name, "action": "edited", "sha": name * 3} for name in ("a", "b")]
    body = {"pages": [*pages, pages[0]], "sender": told.ANA, "repository": told.REPOSITORY}
    assert credited(github("gollum", body)) == [("curating", ["ana-fictional"], [])] * 2


def test_github_a_commit_is_its_authors_and_counts_once() -> None:
    assert credited(github("push", told.pushed())) == [("documenting", ["ana-fictional"], [])]
    assert credited(github("push", told.pushed(distinct=False))) == []
    assert credited(github("push", told.pushed(added=["src/a.py"]))) == []
    assert credited(github("push", told.pushed(author={"username": "helper[bot]"}))) == []
    gone = {"ref": "refs/tags/old", "deleted": True, "commits": [], "head_commit": None, "sender": told.ANA}
    assert github("push", gone) == []


def test_github_an_author_without_an_account_is_known_by_their_address() -> None:
    found = github("push", told.pushed(author={"name": "Ana", "email": "ana@people.example"}))
    [record] = [one for one in found if isinstance(one, WouldRecord)]
    assert [(known.scheme, known.account) for known in record.parties[0].known] == [("email", "ana@people.example")]


def test_discourse_a_post_opens_a_topic_only_as_its_first() -> None:
    assert credited(discourse("post_created", {"post": told.post()})) == [("opening_dialogue", ["anna"], [])]
    assert credited(discourse("post_created", {"post": told.post(post_number=2)})) == []


@pytest.mark.parametrize("of", [{"post_type": 3}, {"post_type": 4}, {"user_id": -1}, {"user_id": 0}, {"hidden": True},
                                {"topic_archetype": "private_message"}])  # fmt: skip
def test_discourse_small_actions_whispers_and_the_system_are_nobodys_work(of: dict[str, Any]) -> None:
    assert credited(discourse("post_created", {"post": told.post(**of)})) == []
    if "topic_archetype" not in of:
        assert credited(discourse("accepted_solution", {"solved": told.post(post_number=4, **of)})) == []
    if "user_id" in of or "post_type" in of:
        assert credited(discourse("post_liked", told.like(**of))) == []


def test_discourse_an_edit_is_no_new_post() -> None:
    assert discourse("post_edited", {"post": told.post(version=2)}) == []


def test_discourse_a_like_has_a_giver_and_a_receiver_who_are_two() -> None:
    assert credited(discourse("post_liked", told.like())) == [("encouraging", ["ben"], ["anna"])]
    assert credited(discourse("post_liked", told.like(by="anna", by_id=11))) == []


def test_discourse_what_names_a_number_alone_credits_nobody() -> None:
    badge = {"user_badge": {"id": 901, "badge_id": 104, "user_id": 11, "granted_by_id": -1}}
    assert discourse("user_badge_granted", badge) == []
    liked = {"notification": {"id": 77, "user_id": 11, "notification_type": 5, "data": {"original_username": "ben"}}}
    assert discourse("notification_created", liked) == []


def test_discourse_what_is_deleted_or_unaccepted_is_taken_back_and_what_is_recovered_counts_again() -> None:
    made = discourse("post_created", {"post": told.post()})
    gone = discourse("post_destroyed", {"post": told.post(deleted_at="2026-01-16T10:00:00Z")})
    again = discourse("post_recovered", {"post": told.post(updated_at="2026-01-16T11:00:00Z")})
    assert set(undone(gone)) == set(keys(made)) == set(keys(again))
    solved = {"solved": told.post(post_number=4)}
    assert undone(discourse("unaccepted_solution", solved)) == keys(discourse("accepted_solution", solved))


def test_slack_a_reaction_to_ones_own_message_is_nothing() -> None:
    assert credited(would("slack", told.reaction())) == [("encouraging", ["U1"], ["U2"])]
    assert credited(would("slack", told.reaction(item_user="U1"))) == []


def test_slack_a_reaction_to_what_is_nobodys_is_nothing() -> None:
    assert credited(would("slack", told.reaction(item_user=None))) == []


def test_slack_a_reaction_that_is_removed_is_taken_back() -> None:
    assert undone(would("slack", told.reaction("reaction_removed"))) == keys(would("slack", told.reaction()))


@pytest.mark.parametrize("more", [{"subtype": "bot_message"}, {"subtype": "channel_join"}, {"bot_id": "B1"},
                                  {"subtype": "message_changed"}, {"user": "U2"}, {"channel_type": "im"}])  # fmt: skip
def test_slack_only_what_people_say_to_others_is_a_reply(more: dict[str, Any]) -> None:
    reply = {"type": "message", "user": "U1", "parent_user_id": "U2", "thread_ts": "1.1", "ts": "1780000000.2"}
    assert credited(would("slack", told.slack(**reply, channel="C1"))) == [("supporting", ["U1"], ["U2"])]
    assert credited(would("slack", told.slack(**(reply | more), channel="C1"))) == []


def test_slack_an_app_that_joins_is_no_newcomer() -> None:
    joined = {"type": "team_join", "user": {"id": "U9", "is_bot": False}}
    assert credited(would("slack", told.slack(**joined))) == [("first_steps", ["U9"], [])]
    assert credited(would("slack", told.slack(type="team_join", user={"id": "U9", "is_bot": True}))) == []


def test_slack_a_handshake_is_no_event() -> None:
    assert would("slack", {"type": "url_verification", "challenge": "c"}) == []


def settled(platform: str, *bodies: Any) -> list[Would]:
    """What all that was told of gatherings comes to, each for itself, by the one rule of a platform."""
    noted = [one for body in bodies for one in would(platform, body) if isinstance(one, Noted)]
    [rule] = shipped(PLATFORMS[platform].shipped).gathering
    by_key = {one.key: [other for other in noted if other.key == one.key] for one in noted}
    return [one for of_one in by_key.values() for one in settle(rule, of_one)]


def meeting(*bodies: Any) -> list[Would]:
    return settled("zoom", *bodies)


THREE = [told.came("p1"), told.came("p2"), told.came("p3")]


def test_zoom_a_host_hosts_and_whoever_came_attends() -> None:
    assert credited(meeting(told.came("host1"), *THREE, told.ended())) == [
        ("hosting", ["host1"], []),
        *[("attending", [who], []) for who in ("host1", "p1", "p2", "p3")],
    ]


def test_zoom_an_empty_room_was_not_hosted() -> None:
    assert credited(meeting(told.ended())) == []
    assert credited(meeting(told.came("host1"), *THREE[:2], told.ended())) == []
    [why] = meeting(told.came("host1"), *THREE[:2], told.ended())
    assert isinstance(why, WouldNot)
    assert why.why.startswith("2 besides the host")


def test_zoom_a_meeting_of_a_few_minutes_was_none() -> None:
    assert credited(meeting(*THREE, told.ended("17:14"))) == []
    assert credited(meeting(*THREE, told.ended("17:15")))


def test_zoom_it_counts_only_once_it_has_ended_in_whatever_order_it_was_told() -> None:
    assert meeting(*THREE) == []
    assert credited(meeting(told.ended(), *reversed(THREE))) == credited(meeting(*THREE, told.ended()))


def test_zoom_meetings_of_a_series_are_not_one() -> None:
    this, next_week = [told.came(f"p{n}", uuid="one==") for n in (1, 2)], [told.came("p3", uuid="two==")]
    assert credited(meeting(*this, told.ended(uuid="one=="), *next_week, told.ended(uuid="two=="))) == []


def test_zoom_who_comes_twice_is_one_with_the_minutes_of_both_times() -> None:
    twice = [told.came("p1", at, went=went) for at, went in
             (("17:00", False), ("17:08", True), ("17:20", False), ("17:28", True))]  # fmt: skip
    assert credited(meeting(*twice, *THREE[1:], told.ended()))[1] == ("attending", ["p1"], [])
    assert credited(meeting(*twice[:2], *THREE[1:], told.ended())) == []
    assert credited(meeting(THREE[0], THREE[0], told.came("p1", "17:05"), told.ended())) == []


def test_zoom_a_guest_without_an_account_counts_and_is_credited_to_nobody() -> None:
    guests = [told.came("", name=name) for name in ("Guest A", "Guest B")]
    found = meeting(*guests, told.came("", email="ana@people.example"), told.ended())
    assert credited(found) == [("hosting", ["host1"], []), ("attending", ["ana@people.example"], [])]


def test_zoom_names_that_somebody_types_are_nobody() -> None:
    devices = [told.came("", name=name) for name in ("my phone", "my tablet", "my tv")]
    [why] = meeting(told.came("host1"), *devices, told.ended())
    assert isinstance(why, WouldNot)
    assert why.why == "0 besides the host are known; it takes 1"


HOME = "https://moodle.example"


def attended(*actors: str, **changes: Any) -> list[dict[str, Any]]:
    return [told.statement(told.ATTENDED, actor, context=told.INSTRUCTED) | changes for actor in actors]


def test_moodle_whoever_attended_is_not_the_host() -> None:
    three = attended("2", "3", "4")
    assert credited(would("moodle", three)) == [("attending", [f"{HOME}#{actor}"], []) for actor in ("2", "3", "4")]
    assert credited(settled("moodle", *three)) == [("hosting", [f"{HOME}#1"], [])]
    assert keys(settled("moodle", *three)) == keys(settled("moodle", *three, *attended("5"))), "it was held once"


def test_moodle_for_fewer_than_three_others_nobody_held_it() -> None:
    assert credited(settled("moodle", *attended("2", "3", "3"))) == []
    assert credited(settled("moodle", *attended("2", "3", "1"))) == [], "the host is no other"
    absent = {"result": {"completion": False}}
    assert credited(settled("moodle", *attended("2", "3"), *attended("4", **absent))) == []


def test_xapi_users_of_one_number_on_two_platforms_are_two() -> None:
    other = attended("2", actor={"account": {"homePage": "https://other.example/", "name": "2"}})
    found = would("xapi", attended("2") + other)
    assert [by for _, by, _ in credited(found)] == [[f"{HOME}#2"], ["https://other.example#2"]]
    assert len(set(keys(found))) == 2
    host = told.INSTRUCTED | {"instructor": {"account": {"homePage": "https://other.example", "name": "3"}}}
    assert credited(settled("xapi", *attended("2", "3", "4", context=host)))


def test_xapi_actors_are_known_by_their_address_or_its_hash() -> None:
    digest = hashlib.sha1(b"mailto:ana@people.example", usedforsecurity=False).hexdigest()
    by_address = would("xapi", attended("", actor={"mbox": "mailto:ana@people.example"}))
    by_hash = would("xapi", attended("", actor={"mbox_sha1sum": digest.upper()}))
    [address], [hashed] = ([one for one in of if isinstance(one, WouldRecord)] for of in (by_address, by_hash))
    assert [(known.scheme, known.account) for known in address.parties[0].known] == [("email", "ana@people.example")]
    assert [(known.scheme, known.account) for known in hashed.parties[0].known] == [(None, f"mbox_sha1sum:{digest}")]
    assert (address.dedupe, "ana" in address.dedupe) == (hashed.dedupe, False)
    assert credited(would("xapi", attended("", actor={"openid": "https://ana.example/"})))[0][1] == [
        "https://ana.example/"
    ]
    assert credited(would("xapi", attended("", actor={"name": "Ana"}))) == []


def test_xapi_without_a_time_it_is_the_same_whenever_it_comes() -> None:
    [statement] = attended("2")
    del statement["timestamp"]
    its, days = PLATFORMS["xapi"], [NOW, NOW + timedelta(days=1)]
    found = [
        [one for told in its.events({}, statement, at) for one in evaluate(shipped("xapi"), told, at=at)] for at in days
    ]
    assert keys(found[0]) == keys(found[1])
    assert len(keys(found[0])) == 1


def test_xapi_what_is_voided_is_named_by_its_statement() -> None:
    [statement] = attended("2", id="5b1f")
    voided = "http://adlnet.gov/expapi/verbs/voided"
    gone = told.statement(voided, object={"objectType": "StatementRef", "id": "5b1f"})
    [record] = [one for one in would("xapi", statement) if isinstance(one, WouldRecord)]
    assert record.also in {one.dedupe for one in would("xapi", gone) if isinstance(one, WouldUndo) and one.also}


def test_moodle_a_badge_that_was_awarded_there_is_not_awarded_again() -> None:
    assert would("moodle", told.statement("https://w3id.org/xapi/tla/verbs/achieved", context=told.INSTRUCTED)) == []


def test_moodle_a_verb_is_known_in_each_of_its_vocabularies() -> None:
    discussion = {
        "id": "https://moodle.example/d/1",
        "definition": {"type": "http://id.example/activitytype/discussion"},
    }
    for verb in ("http://activitystrea.ms/create", "http://activitystrea.ms/schema/1.0/create"):
        assert credited(would("moodle", told.statement(verb, object=discussion))) == [
            ("opening_dialogue", [f"{HOME}#2"], [])
        ]
    room = discussion | {"definition": {"type": "http://adlnet.gov/expapi/activities/meeting"}}
    assert credited(would("moodle", told.statement("http://activitystrea.ms/create", object=room))) == []


def test_matrix_a_reaction_is_for_whoever_wrote_the_message() -> None:
    annotation = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$e1", "key": "👍"}}
    found = would("matrix", {"events": [
        told.matrix("m.room.message", {"body": "Hello", "msgtype": "m.text"}),
        told.matrix("m.reaction", annotation, "@bo:matrix.example", "$r1"),
    ]})  # fmt: skip
    [remembered] = [one for one in found if isinstance(one, WouldRemember)]
    [record] = [one for one in found if isinstance(one, WouldRecord)]
    assert (remembered.key, remembered.person.account) == ("matrix:$e1", "@ana:matrix.example")
    assert [party.remembered for party in record.parties] == [None, "matrix:$e1"]


@pytest.mark.parametrize("where", ["content", "beside"])
def test_matrix_what_is_redacted_is_taken_back(where: str) -> None:
    content, more = ({"redacts": "$r1"}, {}) if where == "content" else ({}, {"redacts": "$r1"})
    found = would("matrix", {"events": [told.matrix("m.room.redaction", content, id="$x", **more)]})
    assert set(undone(found)) == {"matrix:$r1"}


def test_matrix_an_edit_is_no_new_message() -> None:
    edit = {"body": "* Hello", "m.relates_to": {"rel_type": "m.replace", "event_id": "$e1"}}
    found = would("matrix", {"events": [told.matrix("m.room.message", edit, "@cy:matrix.example", "$e2")]})
    assert [one for one in found if not isinstance(one, WouldNot)] == []


def test_discord_a_reaction_has_a_giver_and_a_receiver_who_are_two() -> None:
    given = {"user_id": "1", "message_author_id": "2", "message_id": "9", "emoji": {"id": None, "name": "🔥"}}
    assert credited(would("discord", told.discord("MESSAGE_REACTION_ADD", **given))) == [("encouraging", ["1"], ["2"])]
    for missing in ({"message_author_id": "1"}, {"message_author_id": None}):
        assert credited(would("discord", told.discord("MESSAGE_REACTION_ADD", **(given | missing)))) == []
    removed = would("discord", told.discord("MESSAGE_REACTION_REMOVE", **given))
    assert undone(removed) == keys(would("discord", told.discord("MESSAGE_REACTION_ADD", **given)))


def test_discord_an_event_counts_when_it_is_completed_if_it_is_known_whose_it_was() -> None:
    event = {
        "id": "5",
        "creator_id": "1",
        "status": 3,
        "scheduled_start_time": "2026-02-03T17:00:00Z",
        "user_count": 12,
    }
    assert credited(would("discord", told.discord("GUILD_SCHEDULED_EVENT_UPDATE", **event))) == [("hosting", ["1"], [])]
    for other in ({"status": 1}, {"status": 4}, {"creator_id": None}):
        assert credited(would("discord", told.discord("GUILD_SCHEDULED_EVENT_UPDATE", **(event | other)))) == []


def test_activitystreams_a_type_may_be_several_and_an_id_an_object() -> None:
    whole = {"type": "Person", "id": "https://social.example/ana"}
    for kind, actor in (("Create", whole["id"]), (["Activity", "Create"], whole), ("Create", [whole])):
        body = {"id": "https://social.example/1", "type": kind, "actor": actor, "object": "https://social.example/o"}
        assert credited(would("activitystreams", body)) == [("co_creating", ["https://social.example/ana"], [])]


def test_activitystreams_a_like_of_ones_own_or_of_nobodys_is_nothing_and_can_be_undone() -> None:
    like = {"id": "https://social.example/2", "type": "Like", "actor": "https://social.example/ana"}
    its = {"id": "https://social.example/o", "attributedTo": {"id": "https://social.example/bo"}}
    found = would("activitystreams", like | {"object": its})
    assert credited(found) == [("encouraging", ["https://social.example/ana"], ["https://social.example/bo"])]
    for other in (its | {"attributedTo": like["actor"]}, "https://social.example/o", {"id": "x"}):
        assert credited(would("activitystreams", like | {"object": other})) == []
    for what in (like, like["id"]):
        undo = {"id": "https://social.example/3", "type": "Undo", "actor": like["actor"], "object": what}
        assert undone(would("activitystreams", undo)) == keys(found)


@pytest.mark.parametrize("body", [{}, {"@context": "https://www.w3.org/ns/activitystreams"}, {"type": "Add"}, [], 1])
def test_activitystreams_what_says_nothing_is_nothing(body: Any) -> None:
    assert would("activitystreams", body) == []


def test_caliper_a_message_is_its_creators() -> None:
    person = {"id": "https://school.example/users/554433", "type": "Person"}
    message = {"id": "https://school.example/m/2", "type": "Message", "creators": [person]}
    event = {"id": "urn:uuid:1", "type": "MessageEvent", "action": "Posted", "actor": person, "object": message}
    for body in (event, {"sensor": "s", "data": [event]}):
        assert credited(would("caliper", body)) == [("supporting", [person["id"]], [])]
    assert credited(would("caliper", event | {"action": "Read"})) == []


def held(**attendees: int) -> dict[str, Any]:
    body = {"owner": "ana", "attendees": attendees, "chairs": {}, "url": "meeting.2026-06-24", "meeting_topic": "care"}
    return {"topic": "org.fedoraproject.prod.meetbot.meeting.complete", "body": body}


def test_fedora_the_owner_is_among_the_attendees_and_alone_is_no_meeting() -> None:
    found = credited(would("fedora", held(ana=2, bo=2)))
    assert found == [("hosting", ["ana"], []), ("attending", ["ana"], []), ("attending", ["bo"], [])]
    assert credited(would("fedora", held(ana=7))) == []


def test_fedora_what_several_made_is_theirs_together() -> None:
    body = {"authors": [{"name": "ana"}, {"name": "bo"}], "start_commit": "da0", "total_commits": 2}
    found = credited(would("fedora", {"topic": "io.pagure.prod.pagure.git.receive", "body": body}))
    assert found == [("co_creating", ["ana", "bo"], [])]


def submission(**dates: str) -> list[dict[str, Any]]:
    ids = [{"type": "login", "id": "ana"}, {"type": "email", "id": "ana@people.example"}]
    return [{"id": ids, "contributions": [{"type": "translating", "url": "https://team.example/ana"} | dates]}]


def test_debian_a_later_end_is_the_same_contribution() -> None:
    first, later = (would("debian", submission(begin="2026-01-01", end=end)) for end in ("2026-01-20", "2026-03-01"))
    assert keys(first) == keys(later)
    [record] = later
    assert isinstance(record, WouldRecord)
    assert (record.type, record.ends_at) == ("translating", datetime(2026, 3, 1, tzinfo=UTC))
    known = [(known.scheme, known.account) for known in record.parties[0].known]
    assert known == [(None, "ana"), ("email", "ana@people.example")]


def test_debian_a_person_is_the_same_in_whatever_order_their_ids_stand() -> None:
    [one] = submission(begin="2026-01-01", end="2026-01-20")
    other = one | {"id": one["id"][::-1]}
    assert keys(would("debian", [one])) == keys(would("debian", [other])) == ["team:login:ana:translating"]


def test_generic_a_sender_of_ones_own_names_people_and_takes_back() -> None:
    data = {
        "id": "7",
        "type": "mentoring",
        "account": "ana",
        "for": ["bo", "cy"],
        "occurred_at": "2026-01-01T00:00:00Z",
    }
    made = would("generic", {"type": "contribution.recorded", "timestamp": "2026-01-02T00:00:00Z", "data": data})
    assert credited(made) == [("mentoring", ["ana"], ["bo", "cy"])]
    gone = would(
        "generic", {"type": "contribution.retracted", "timestamp": "2026-01-03T00:00:00Z", "data": {"id": "7"}}
    )
    assert undone(gone) == keys(made)


def test_a_cloud_event_says_the_same_in_each_of_its_forms() -> None:
    data = {"id": "7", "type": "mentoring", "account": "ana"}
    event = {"specversion": "1.0", "id": "1", "source": "/x", "type": "org.example.contribution.recorded"}
    structured = would("cloudevents", event | {"data": data})
    binary = would("cloudevents", data, {f"ce-{name}": value for name, value in event.items()})
    assert credited(structured) == credited(binary) == [("mentoring", ["ana"], [])]
    assert credited(would("cloudevents", [event | {"data": data}] * 2)) == credited(structured) * 2
    assert credited(would("generic", event | {"data": data})) == credited(structured)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("body", [None, True, 1, "x", [], {}, [[]], [{}], {"type": 1}, {"type": "unknown"}, {"t": {}}])
def test_what_no_rule_knows_is_nothing(platform: str, body: Any) -> None:
    for headers in ({}, {"x-github-event": "unknown", "x-discourse-event": "unknown", "ce-type": "unknown"}):
        assert [one for one in would(platform, body, headers) if isinstance(one, WouldRecord)] == []


def test_a_rule_that_misses_something_says_what() -> None:
    [why] = github("pull_request", told.closed() | {"pull_request": {"merged": True, "merged_by": told.BO}})
    assert isinstance(why, WouldNot)
    assert why.why == "credit/0 names nobody"
    body = told.closed()
    body["pull_request"]["merged_at"] = "yesterday"
    assert github("pull_request", body) == [
        WouldNot("github-pull-request-merged", "occurred_at: $.pull_request.merged_at is no time")
    ]


def test_every_rule_that_is_shipped_says_where_it_was_discussed() -> None:
    for platform in PLATFORMS.values():
        rules = shipped(platform.shipped)
        assert [*rules.rule, *rules.gathering], platform.name
        assert all(one.discussion for one in (*rules.rule, *rules.gathering, *rules.memory))
