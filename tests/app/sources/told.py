"""What platforms tell, in their own shapes and with made-up people: no more than what rules look at."""

from typing import Any

Body = dict[str, Any]


def user(login: str, id: int, kind: str = "User") -> Body:
    return {"login": login, "id": id, "type": kind}


ANA, BO, CY = user("ana-fictional", 11), user("bo-fictional", 22), user("cy-fictional", 33)
BOT = user("helper[bot]", 44, "Bot")
REPOSITORY = {"id": 7, "full_name": "guild/handbook"}


def answered(by: Body = BO, asked_by: Body = ANA) -> Body:
    """`discussion.answered`: the sender is whoever marked it."""
    return {
        "action": "answered",
        "discussion": {"user": asked_by, "answer_chosen_at": "2026-03-30T19:17:18.000-04:00", "node_id": "D_1"},
        "answer": {
            "node_id": "DC_9",
            "user": by,
            "created_at": "2026-03-30T23:16:42Z",
            "html_url": "https://github.example/guild/handbook/discussions/4#discussioncomment-9",
        },
        "repository": REPOSITORY,
        "sender": asked_by,
    }


def unanswered(by: Body = BO, at: str = "2026-03-31T08:00:00Z") -> Body:
    return {
        "action": "unanswered",
        "discussion": {"user": ANA, "updated_at": at},
        "old_answer": {"node_id": "DC_9", "user": by},
        "repository": REPOSITORY,
        "sender": ANA,
    }


def closed(*, merged: bool = True, author: Body = ANA, merged_by: Body | None = BO) -> Body:
    return {
        "action": "closed",
        "number": 2,
        "pull_request": {
            "node_id": "PR_2",
            "user": author,
            "merged": merged,
            "merged_by": merged_by if merged else None,
            "merged_at": "2026-05-15T15:21:18Z" if merged else None,
            "html_url": "https://github.example/guild/handbook/pull/2",
            "title": "Say how to begin",
        },
        "repository": REPOSITORY,
        "sender": merged_by or author,
    }


def reviewed(by: Body = BO, author: Body = ANA, action: str = "submitted") -> Body:
    return {
        "action": action,
        "review": {"node_id": "PRR_1", "user": by, "state": "commented", "submitted_at": "2026-05-15T15:20:38Z"},
        "pull_request": {"node_id": "PR_2", "user": author, "updated_at": "2026-05-16T09:00:00Z"},
        "repository": REPOSITORY,
        "sender": by,
    }


def pushed(**changes: Any) -> Body:
    commit = {
        "id": "c0ffee",
        "distinct": True,
        "timestamp": "2026-05-15T15:20:38Z",
        "url": "https://github.example/guild/handbook/commit/c0ffee",
        "author": {"name": "Ana", "email": "ana@people.example", "username": "ana-fictional"},
        "added": ["docs/begin.md"],
        "modified": [],
    } | changes
    return {"ref": "refs/heads/main", "commits": [commit], "repository": REPOSITORY, "sender": CY}


def post(**changes: Any) -> Body:
    """A post of Discourse."""
    return {
        "id": 12345,
        "username": "anna",
        "created_at": "2026-01-15T18:45:15.444Z",
        "updated_at": "2026-01-15T18:45:15.444Z",
        "post_number": 1,
        "post_type": 1,
        "topic_id": 604,
        "topic_slug": "how-to-begin",
        "topic_title": "How to begin?",
        "topic_archetype": "regular",
        "category_slug": "help",
        "user_id": 11,
        "hidden": False,
        "deleted_at": None,
    } | changes


def like(by: str = "ben", by_id: int = 22, **changes: Any) -> Body:
    return {"like": {"post": post(**changes), "user": {"id": by_id, "username": by}}}


def slack(**event: Any) -> Body:
    return {"type": "event_callback", "team_id": "T111", "event_id": "Ev1", "event_time": 1780000000, "event": event}


def reaction(kind: str = "reaction_added", **changes: Any) -> Body:
    event = {
        "type": kind,
        "user": "U1",
        "item": {"type": "message", "channel": "C1", "ts": "1779999000.000004"},
        "reaction": "tada",
        "item_user": "U2",
        "event_ts": "1780000000.000100",
    } | changes
    return slack(**{name: value for name, value in event.items() if value is not None})


def zoom(event: str, uuid: str = "4444AAAiAAAAAiAiAiiAii==", **changes: Any) -> Body:
    meeting = {
        "uuid": uuid,
        "id": "156",
        "host_id": "host1",
        "topic": "Practice circle",
        "start_time": "2026-07-09T17:00:00Z",
        "duration": 60,
    } | changes
    return {"event": event, "event_ts": 1783000000000, "payload": {"account_id": "a", "object": meeting}}


def came(id: str, at: str = "17:00", *, went: bool = False, email: str = "", name: str = "", **more: Any) -> Body:
    moment = {"leave_time" if went else "join_time": f"2026-07-09T{at}:00Z"}
    participant = {"user_id": "16778205", "user_name": name or id, "id": id, "email": email} | moment
    return zoom(f"meeting.participant_{'left' if went else 'joined'}", participant=participant, **more)


def ended(at: str = "18:00", **more: Any) -> Body:
    return zoom("meeting.ended", end_time=f"2026-07-09T{at}:00Z", **more)


def statement(verb: str, actor: str = "2", **changes: Any) -> Body:
    """An xAPI statement as Moodle's logstore_xapi makes it."""
    return {
        "actor": {"account": {"homePage": "https://moodle.example", "name": actor}, "name": "Somebody"},
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": {
            "id": "https://moodle.example/mod/facetoface/view.php?id=1",
            "definition": {"name": {"en": "Practice circle"}, "type": "https://w3id.org/xapi/acrossx/activities/f2f"},
            "objectType": "Activity",
        },
        "timestamp": "2026-07-09T17:00:00Z",
    } | changes


ATTENDED = "http://adlnet.gov/expapi/verbs/attended"
INSTRUCTED = {"instructor": {"account": {"homePage": "https://moodle.example", "name": "1"}, "name": "Host"}}


def matrix(kind: str, content: Body, sender: str = "@ana:matrix.example", id: str = "$e1", **more: Any) -> Body:
    return {
        "type": kind,
        "event_id": id,
        "room_id": "!room:matrix.example",
        "sender": sender,
        "origin_server_ts": 1783000000000,
        "content": content,
    } | more


def discord(kind: str, **data: Any) -> Body:
    return {"t": kind, "relayed_at": "2026-02-03T17:00:00Z", "d": data}
