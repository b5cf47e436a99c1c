"""What three platforms send, with all that they send: the shapes of their documentation and of deliveries as they come,
with made-up people. `told` has no more than what rules look at.
"""

from typing import Any

from tests.app.sources.told import Body

API = "https://api.github.example"
REPOSITORY = f"{API}/repos/guild/handbook"


def _user(login: str, id: int) -> Body:
    at = f"{API}/users/{login}"
    return {
        "login": login,
        "id": id,
        "node_id": f"U_{id}",
        "avatar_url": f"https://avatars.github.example/u/{id}?v=4",
        "gravatar_id": "",
        "url": at,
        "html_url": f"https://github.example/{login}",
        "followers_url": f"{at}/followers",
        "following_url": f"{at}/following{{/other_user}}",
        "gists_url": f"{at}/gists{{/gist_id}}",
        "starred_url": f"{at}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{at}/subscriptions",
        "organizations_url": f"{at}/orgs",
        "repos_url": f"{at}/repos",
        "events_url": f"{at}/events{{/privacy}}",
        "received_events_url": f"{at}/received_events",
        "type": "User",
        "site_admin": False,
    }


def _repository() -> Body:
    return {
        "id": 7,
        "node_id": "R_7",
        "name": "handbook",
        "full_name": "guild/handbook",
        "private": False,
        "owner": _user("guild", 5) | {"type": "Organization"},
        "html_url": "https://github.example/guild/handbook",
        "description": "How we do things",
        "fork": False,
        "url": REPOSITORY,
        "created_at": "2020-05-05T09:00:00Z",
        "updated_at": "2026-03-01T09:00:00Z",
        "pushed_at": "2026-03-02T09:00:00Z",
        "default_branch": "main",
    }


def merged_pull_request() -> Body:
    """`pull_request`, action `closed`, of one that was merged (docs.github.com, webhook events and payloads)."""
    ana, bo = _user("ana-fictional", 11), _user("bo-fictional", 22)
    at = f"{REPOSITORY}/pulls/18"
    branch = {"sha": "c0ffee", "user": _user("guild", 5), "repo": _repository()}
    pull_request = {
        "url": at,
        "id": 879,
        "node_id": "PR_18",
        "html_url": "https://github.example/guild/handbook/pull/18",
        "diff_url": "https://github.example/guild/handbook/pull/18.diff",
        "patch_url": "https://github.example/guild/handbook/pull/18.patch",
        "issue_url": f"{REPOSITORY}/issues/18",
        "number": 18,
        "state": "closed",
        "locked": False,
        "title": "Say how to begin",
        "user": ana,
        "body": None,
        "created_at": "2026-01-14T15:39:38Z",
        "updated_at": "2026-01-20T15:16:47Z",
        "closed_at": "2026-01-20T15:16:47Z",
        "merged_at": "2026-01-20T15:16:47Z",
        "merge_commit_sha": "b92db9efdf320ef4",
        "assignee": ana,
        "assignees": [ana],
        "requested_reviewers": [bo],
        "requested_teams": [],
        "labels": [],
        "milestone": None,
        "draft": False,
        "commits_url": f"{at}/commits",
        "review_comments_url": f"{at}/comments",
        "comments_url": f"{REPOSITORY}/issues/18/comments",
        "statuses_url": f"{REPOSITORY}/statuses/c0ffee",
        "head": {"label": "guild:begin", "ref": "begin", **branch},
        "base": {"label": "guild:main", "ref": "main", **branch},
        "_links": {"self": {"href": at}, "html": {"href": "https://github.example/guild/handbook/pull/18"}},
        "author_association": "COLLABORATOR",
        "auto_merge": None,
        "active_lock_reason": None,
        "merged": True,
        "mergeable": None,
        "rebaseable": None,
        "mergeable_state": "unknown",
        "merged_by": bo,
        "comments": 0,
        "review_comments": 2,
        "maintainer_can_modify": False,
        "commits": 3,
        "additions": 512,
        "deletions": 1141,
        "changed_files": 4,
    }
    return {
        "action": "closed",
        "number": 18,
        "pull_request": pull_request,
        "repository": _repository(),
        "organization": {"login": "guild", "id": 5, "node_id": "O_5", "url": f"{API}/orgs/guild"},
        "sender": bo,
        "installation": {"id": 30, "node_id": "I_30"},
    }


def completed_course() -> list[Body]:
    """A course completed, as Moodle's logstore_xapi says it: `\\core\\event\\course_completed`."""
    site = "https://moodle.example"
    return [
        {
            "actor": {"name": "Ana Fictional", "account": {"homePage": site, "name": "2"}},
            "verb": {"id": "http://id.tincanapi.com/verb/completed", "display": {"en": "completed"}},
            "object": {
                "id": f"{site}/course/view.php?id=7",
                "definition": {
                    "type": "http://id.tincanapi.com/activitytype/lms/course",
                    "name": {"en": "Holding a circle"},
                },
            },
            "timestamp": "2026-01-20T15:31:41+01:00",
            "context": {
                "platform": "Moodle",
                "language": "en",
                "extensions": {
                    "http://lrs.learninglocker.net/define/extensions/info": {
                        "http://moodle.org": "1.0.0",
                        "https://github.com/xAPI-vle/moodle-logstore_xapi": "0.0.0-development",
                        "event_name": "\\core\\event\\course_completed",
                        "event_function": "\\src\\transformer\\events\\core\\course_completed",
                    }
                },
                "contextActivities": {
                    "grouping": [{
                        "id": site,
                        "definition": {"type": "http://id.tincanapi.com/activitytype/lms", "name": {"en": "Guild"}},
                    }],
                    "category": [{
                        "id": "http://moodle.org",
                        "definition": {"type": "http://id.tincanapi.com/activitytype/source", "name": {"en": "Moodle"}},
                    }],
                },
            },
        }
    ]  # fmt: skip


def held_meeting() -> list[Body]:
    """A meeting with three guests besides its host, in the order in which Zoom tells of one."""
    guests = [("Ana's guest", "guestA"), ("Another guest", "guestB"), ("A third", "guestC")]
    begun = [_zoom("meeting.started", type=2)]
    came = [_guest("joined", name, id, "17:02") for name, id in guests]
    went = [_guest("left", name, id, "17:58") for name, id in guests]
    return [*begun, *came, *went, _zoom("meeting.ended", end_time="2026-01-20T18:00:00Z")]


def _guest(did: str, name: str, id: str, at: str) -> Body:
    moment = {"join_time" if did == "joined" else "leave_time": f"2026-01-20T{at}:00Z"}
    participant = {
        "user_id": f"16778{at.replace(':', '')}",
        "user_name": name,
        "id": id,
        "email": "",
        "participant_user_id": "",
        "registrant_id": "",
    }
    if did == "left":
        participant["leave_reason"] = f"{name} left the meeting."
    return _zoom(f"meeting.participant_{did}", participant=participant | moment)


def _zoom(event: str, **more: Any) -> Body:
    meeting = {
        "uuid": "4444AAAiAAAAAiAiAiiAii==",
        "id": "156",
        "host_id": "host-of-ana",
        "topic": "Practice circle",
        "type": 2,
        "start_time": "2026-01-20T17:00:00Z",
        "duration": 60,
        "timezone": "Europe/Lisbon",
    } | more
    return {"event": event, "event_ts": 1768928400000, "payload": {"account_id": "abc", "object": meeting}}
