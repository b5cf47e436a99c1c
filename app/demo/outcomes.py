"""The lines about what all of it comes to: figures, surveys, hours, the stage, the week, the report."""

from typing import NamedTuple

from sqlmodel import Session, col, select

from app.demo.people import SLUG
from app.members.tables import Community
from app.metrics.families import Family
from app.metrics.tables import MaturityQuarter
from app.reports.support import service as reports
from app.reports.support.tables import Report
from app.surveys import service as surveys
from app.surveys.tables import Wave, WaveState

_DRAWN = f"{'':23}(its charts are drawn in the first seconds)\n"
WIDE = 100
"""Characters of a value that are shown."""


class Asking(NamedTuple):
    """Where, and as whom, it is asked."""

    base: str
    mika: str
    ana: str
    """The tokens of a member and of a steward."""

    def get(self, path: str, read: str = "", *, ana: bool = False) -> str:
        """A line that asks for something of the community, and perhaps prints what a program reads from it."""
        token = self.ana if ana else self.mika
        line = f"curl -s '{self.base}/v1/communities/{SLUG}/{path}' -H 'Authorization: Bearer {token}'"
        return f"{line} | {python(read)}" if read else line


def python(program: str) -> str:
    """The end of a line that reads the JSON before it."""
    return f"python3 -c 'import json, sys; {program}'"


def places(session: Session, base: str, community: Community) -> str:
    """What of it there is to look at: a survey that can be answered, one that was counted, and a published report."""
    found = []
    for state, title in ((WaveState.open, "answer a survey"), (WaveState.closed, "what one came to")):
        newest = surveys.waves(community).where(Wave.state == state).order_by(col(Wave.opens_on).desc())
        wave = session.exec(newest).first()
        found += [f"  {title:20} {base}/waves/{wave.id}\n"] if wave is not None else []
    report = session.exec(reports.reports(community).where(col(Report.published_at).is_not(None))).first()
    found += [f"  a published report   {base}/reports/{report.id}?format=html\n{_DRAWN}"] if report is not None else []
    return "".join(found) + f"  a figure, explained  {base}/methods/P1\n"


def outcomes(session: Session, community: Community, asking: Asking) -> str:
    """All of it, while there is something to ask about."""
    newest = select(MaturityQuarter.period).where(MaturityQuarter.community_id == community.id)
    quarter = session.exec(newest.order_by(col(MaturityQuarter.ends_at).desc())).first()
    counted = surveys.waves(community).where(Wave.state == WaveState.closed).order_by(col(Wave.opens_on).desc())
    wave = session.exec(counted).first()
    if quarter is None or wave is None:
        return ""
    value = f'(json.dumps(each["value"]) + " ")[:{WIDE}]'
    figure = f'each["metric"] + " " + each["name"] + ": " + ({value} if each["value"] else each["reason"])'
    figures = f'print(*[{figure} for each in json.load(sys.stdin)["items"]], sep="\\n")'
    families = "\n".join(asking.get(f"metrics/{family}?period={quarter}", figures) for family in Family)
    change = 'each["key"] + ": " + str(each["earlier"]["mean"]) + " -> " + str(each["later"]["mean"])'
    changes = f'print(*[{change} for each in json.load(sys.stdin)["items"] if each["comparable"]], sep="\\n")'
    hours = 'each["quarter"] + ": " + str(each["hours"]) + " h, of at least " + str(each["people"]) + " people"'
    sums = f'print(*[{hours} for each in json.load(sys.stdin)["items"]], sep="\\n")'
    quarters = 'each["period"] + ": at least " + str(each["members"])'
    size = f'print(*[{quarters} for each in json.load(sys.stdin)["size"]], sep="\\n")'
    step = 'print(*[each["period"] + ": " + each["stage"] for each in json.load(sys.stdin)["history"]], sep="\\n")'
    refused = 'print(json.load(sys.stdin)["detail"])'
    whom = '" and ".join(member["name"] for member in each["members"])'
    notes = f'print(*[{whom} + ": " + each["consider"] for each in json.load(sys.stdin)["items"]], sep="\\n")'
    return f"""To answer a survey on its page, or to see what one came to, be Mika: {asking.mika}

What was recorded is counted, of whole periods, and nothing is told of fewer than five people: what the last quarter
came to, in four families of figures, and of what is not told, why.

{families}

Who could choose the ends of a period could subtract, and is told the nearest. Who looks at single people says what
for, which they are told: here Ana looks for whom nobody has thought of yet.

{asking.get("metrics/participation?from=2026-01-03T00:00:00Z&to=2026-02-01T00:00:00Z", refused)}
{asking.get(f"metrics/notes?purpose=nominating&period={quarter}", notes, ana=True)}

How many they are, quarter by quarter, and at which stage of its life the community seems to be.

{asking.get("course", size)}
{asking.get("maturity", step)}

They were asked the same a year apart: how each answer changed, on a scale of four. And how many hours it took.

{asking.get(f"waves/{wave.id}/comparison", changes)}
{asking.get("effort-sums", sums)}

A week is put together for those who were not there, as each of them may know it.

{asking.get("digest?format=markdown")}

And what the last quarter came to, for those who decide about support: a PDF with charts, or with format=html a page.

{asking.get("reports/case-for-support?format=pdf").replace("curl -s ", "curl -so case.pdf ")}

"""
