"""A drawn community, put into a database as rows: as if all of it had come through the doors.

What is signed of badges is left out, and what the journal says of all this: no figure looks at either.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import Any, Final
from uuid import UUID

from app.achievements.rules import StatusPurpose
from app.contributions.rules import Side
from app.contributions.tables import Contribution, Credit
from app.credentials.rules import State, Visibility
from app.credentials.tables import Credential, Recipient
from app.kit.database import Row, write_session
from app.kit.deps import Runtime
from app.kit.ids import Ids
from app.kit.prepared import insert
from app.members.rules import Role
from app.members.tables import Affiliation, Member
from app.metrics.facts import NEVER, Facts, Path
from app.milestones.tables import Attainment, Milestone, MilestoneState, Stage
from app.nominations.rules import State as Step
from app.nominations.tables import Nomination, Nominee, Second
from app.nominations.thanks.tables import Thanks
from app.stories.needs.rules import NeedKind, NeedState
from app.stories.needs.tables import Need

Values = dict[str, Any]
_AT_ONCE: Final = 20_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def found(runtime: Runtime, community: UUID, achievements: Sequence[UUID], facts: Facts) -> None:
    """Puts all of it into a community that is new. `achievements` has one for each kind of contribution."""
    drawn = _Drawn(community, achievements, facts, runtime.ids)
    for table, rows in drawn.tables():
        rest = iter(rows)
        while some := list(islice(rest, _AT_ONCE)):
            with write_session(runtime.engine) as session:
                insert(session, table, *({**_empty(table), **row} for row in some))


@cache
def _empty(table: type[Row]) -> Values:
    """What the columns are of which nothing is said."""
    return {name: None if field.is_required() else field.default for name, field in table.model_fields.items()}


class _Drawn:
    """Rows of all tables, in the order in which they refer to each other."""

    def __init__(self, community: UUID, achievements: Sequence[UUID], facts: Facts, ids: Ids) -> None:
        self._in, self._facts, self._ids = {"community_id": community}, facts, ids
        self._achievements = achievements
        self._people = [ids.row() for _ in range(facts.people)]
        self._recipients = [ids.row() for _ in range(facts.people)]
        self._done = [ids.row() for _ in range(int(facts.acts.contribution[-1]) + 1)]
        self._given = [ids.public() for _ in range(len(facts.recognitions))]
        self._cases = {row: ids.public() for row in self._rows(Path.nomination)}
        self._milestone = ids.row()
        self._cited = dict(zip(facts.cites.recognition.tolist(), facts.cites.contribution.tolist(), strict=True))
        self._givers: dict[int, dict[int, None]] = {}
        for row, giver in zip(facts.gives.recognition.tolist(), facts.gives.giver.tolist(), strict=True):
            self._givers.setdefault(row, {})[giver] = None

    def tables(self) -> Iterator[tuple[type[Row], Iterable[Values]]]:
        """Each with its rows."""
        yield Member, self._members()
        yield Affiliation, self._affiliations()
        yield Contribution, self._contributions()
        yield Credit, self._credits()
        yield Need, self._needs()
        yield Recipient, self._known()
        yield Nomination, self._nominations()
        yield Second, self._seconds()
        yield Credential, self._credentials()
        yield Nominee, self._nominees()
        yield Milestone, [self._milestone_row()]
        yield Attainment, self._attainments()
        yield Thanks, self._thanks()

    def _members(self) -> Iterator[Values]:
        members = self._facts.members
        for row, (joined, left) in enumerate(zip(members.joined.tolist(), members.left.tolist(), strict=True)):
            named = {"id": self._people[row], "handle": f"m{row}", "name": f"Member {row}", "role": Role.member}
            yield self._in | named | {"joined_at": _time(joined), "left_at": _when(left)}

    def _affiliations(self) -> Iterator[Values]:
        for person, what, since, until in zip(*(each.tolist() for each in self._facts.belongs.columns), strict=True):
            yield self._in | {
                "id": self._ids.row(),
                "member_id": self._people[person],
                "name": self._facts.affiliations[what],
                "since": _time(since),
                "until": _when(until),
            }

    def _contributions(self) -> Iterator[Values]:
        cited = set(self._cited.values())
        for number, (at, kind, channel) in enumerate(self._firsts()):
            yield self._in | {
                "id": self._done[number],
                "type": self._facts.kinds[kind].key,
                "occurred_at": _time(at),
                "recorded_at": _time(at),
                "recorded_by": "system",
                "source": "generated",
                "url": _url(number) if number in cited else None,
                "channel": self._facts.channels[channel],
            }

    def _firsts(self) -> Iterator[tuple[int, int, int]]:
        """Of each contribution, when it was done, its kind and channel."""
        acts, before = self._facts.acts, -1
        columns = (acts.contribution, acts.at, acts.kind, acts.channel)
        for number, *what in zip(*(each.tolist() for each in columns), strict=True):
            if number != before:
                before = number
                yield tuple(what)

    def _credits(self) -> Iterator[Values]:
        acts, helps = self._facts.acts, self._facts.helps
        by = zip(acts.contribution.tolist(), acts.person.tolist(), strict=True)
        helped = zip(helps.contribution.tolist(), helps.receiver.tolist(), strict=True)
        receivers = dict(helped)
        first = list(self._firsts())
        before, position, seen = -1, 0, set[int]()
        for number, person in by:
            at, kind, _ = first[number]
            said = self._in | {
                "contribution_id": self._done[number],
                "type": self._facts.kinds[kind].key,
                "occurred_at": _time(at),
            }
            if number != before:
                before, position, seen = number, 0, set()
                if number in receivers:
                    helped_one = self._people[receivers[number]]
                    yield said | {"position": 99, "side": Side.benefits, "member_id": helped_one}
            if person not in seen:
                seen.add(person)
                yield said | {"position": position, "side": Side.by, "member_id": self._people[person]}
                position += 1

    def _needs(self) -> Iterator[Values]:
        for asker, asked, answered in zip(*(each.tolist() for each in self._facts.questions.columns), strict=True):
            yield self._in | {
                "id": self._ids.row(),
                "asker_id": self._people[asker],
                "kind": NeedKind.question,
                "title": "How?",
                "state": NeedState.open if answered == NEVER else NeedState.answered,
                "asked_at": _time(asked),
                "answered_at": _when(answered),
            }

    def _known(self) -> Iterator[Values]:
        for row, member in enumerate(self._people):
            yield self._in | {"id": self._recipients[row], "member_id": member, "subject_id": f"urn:uuid:{member}"}

    def _rows(self, *paths: Path) -> list[int]:
        return [row for row, path in enumerate(self._facts.recognitions.path.tolist()) if path in paths]

    def _nominations(self) -> Iterator[Values]:
        given = self._facts.recognitions
        for row, case in self._cases.items():
            offered = _time(int(given.offered[row]))
            yield self._in | {
                "id": case,
                "row": self._ids.row(),
                "achievement_id": self._achievements[given.kind[row]],
                "achievement_version": 1,
                "nominator_id": self._people[next(iter(self._givers[row]))],
                "state": Step.issued if given.issued[row] < NEVER else Step.refused,
                "evidence": self._shown(row),
                "created_at": offered - timedelta(days=9),
                "submitted_at": offered - timedelta(days=8),
                "decided_at": offered,
            }

    def _seconds(self) -> Iterator[Values]:
        for row, case in self._cases.items():
            for giver in islice(self._givers[row], 1, None):
                yield {
                    "id": self._ids.row(),
                    "nomination_id": case,
                    "member_id": self._people[giver],
                    "affiliation": "tall tree school",
                    "at": _time(int(self._facts.recognitions.offered[row])),
                }

    def _credentials(self) -> Iterator[Values]:
        given = self._facts.recognitions
        for row in self._rows(Path.nomination, Path.direct, Path.milestone):
            awarded, refused = int(given.issued[row]), int(given.refused[row])
            yield self._in | {
                "id": self._given[row],
                "row": self._ids.row(),
                "achievement_id": self._achievements[given.kind[row]],
                "achievement_version": 1,
                "recipient_id": self._recipients[given.receiver[row]],
                "state": State.active if awarded < NEVER else State.refused,
                "visibility": Visibility.community,
                "status_purpose": StatusPurpose.revocation,
                "nomination_id": self._cases.get(row),
                "evidence": self._shown(row),
                "consent": {"given": "token"},
                "awarded_by": "system",
                "offered_at": _time(int(given.offered[row])),
                "answered_at": _when(min(awarded, refused)),
                "awarded_at": _when(awarded),
            }

    def _shown(self, row: int) -> list[Values]:
        return [{"url": _url(self._cited[row])}]

    def _nominees(self) -> Iterator[Values]:
        given = self._facts.recognitions
        for row, case in self._cases.items():
            yield {
                "id": self._ids.row(),
                "nomination_id": case,
                "member_id": self._people[given.receiver[row]],
                "state": Step.issued if given.issued[row] < NEVER else Step.refused,
                "answered_at": _when(int(min(given.issued[row], given.refused[row]))),
                "credential_id": self._given[row],
            }

    def _milestone_row(self) -> Values:
        said = {"name": "Rule", "description": "D", "discussion": "https://guild.example/d", "rule": {}}
        made = {"series": self._milestone, "drawn_up_by": "system", "created_at": _EPOCH}
        return self._in | {"id": self._milestone, "state": MilestoneState.retired} | said | made

    def _attainments(self) -> Iterator[Values]:
        for row in self._rows(Path.milestone):
            yield self._in | {
                "id": self._ids.public(),
                "row": self._ids.row(),
                "milestone_id": self._milestone,
                "series": self._milestone,
                "member_id": self._people[self._facts.recognitions.receiver[row]],
                "nth": row,
                "met_at": _time(int(self._facts.recognitions.offered[row])),
                "contributions": [{"id": str(self._done[self._cited[row]])}],
                "stage": Stage.given,
                "credential_id": self._given[row],
            }

    def _thanks(self) -> Iterator[Values]:
        given = self._facts.recognitions
        for row in self._rows(Path.thanks):
            yield self._in | {
                "id": self._given[row],
                "giver_id": self._people[next(iter(self._givers[row]))],
                "receiver_id": self._people[given.receiver[row]],
                "contribution_type": self._facts.kinds[given.kind[row]].key,
                "text": "Thank you!",
                "url": _url(self._cited[row]),
                "about": sha256(str(row).encode()).hexdigest(),
                "given_at": _time(int(given.offered[row])),
            }


def _url(number: int) -> str:
    return f"https://guild.example/done/{number}"


def _time(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=int(seconds))


def _when(seconds: int) -> datetime | None:
    return None if seconds >= NEVER else _time(seconds)
