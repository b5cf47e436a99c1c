"""The page of an archive that opens in a browser without a network: no script, nothing from elsewhere."""

from collections.abc import Sequence
from html import escape

from app.portfolio.shelf import Entry, Shelf
from app.portfolio.tables import ImportedBadge
from app.portfolio.wording import STATES, day, found, provenance

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
img-src 'self' file:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
ol {{ list-style: none; padding: 0; display: grid; gap: 1.5rem }}
li {{ display: flex; gap: 1.25rem; align-items: flex-start; overflow-wrap: anywhere }}
img {{ width: 7rem; height: 7rem; object-fit: contain; flex: none }}
h2 {{ margin: 0; font-size: 1.15rem }}
p {{ margin: .25rem 0 }}
.state {{ font-weight: 600 }}
.prose {{ white-space: pre-line }}
</style>
</head>
<body>
<h1 dir="auto">{title}</h1>
{about}
<p>Exported on {made_at} UTC from <a href="{url}" rel="noreferrer">{community}</a>. Whether a badge was revoked
since, only the network tells. <code>python verify.py</code> checks this folder; <a href="README.txt">README.txt</a>
says how.</p>
<ol>
"""
_ITEM = """<li>
<img src="{folder}/badge.png" alt="{caption}" loading="lazy">
<div>
<h2 dir="auto">{name}</h2>
<p dir="auto" class="prose">{description}</p>
{narrative}<p>Awarded on {awarded}{until}. <span class="state">{state}.</span> {provenance}.</p>
<p><a href="{url}.html" rel="noreferrer">Its page</a> · <a href="{folder}/badge.json">JSON</a> ·
<a href="{folder}/badge.jwt">JWT</a> · <a href="{folder}/badge.png">PNG</a> · <a href="{folder}/badge.svg">SVG</a></p>
</div>
</li>
"""
_BROUGHT = """<li>
<div>
<h2 dir="auto">{name}</h2>
<p>From <bdi>{issuer}</bdi>, as it says{awarded}. <span class="state">{found}.</span></p>
<p>The file as it came: <code>{path}</code></p>
</div>
</li>
"""
_ELSEWHERE = "</ol>\n<h2>Badges from elsewhere</h2>\n<ol>\n"
_FOOT = "</ol>\n</body>\n</html>\n"


def head(shelf: Shelf) -> str:
    """The page up to its first badge."""
    owner = shelf.owner
    said = [owner.name, owner.affiliation, owner.email, owner.did]
    lines = [f'<p dir="auto">{escape(each)}</p>' for each in said if each]
    if shelf.wanted.summary:
        lines.append(f'<p dir="auto" class="prose">{escape(shelf.wanted.summary)}</p>')
    return _HEAD.format(
        title=escape(shelf.title),
        about="\n".join(lines),
        made_at=f"{shelf.made_at:%Y-%m-%d %H:%M}",
        url=escape(shelf.community.url),
        community=escape(shelf.community.name),
    )


def item(entry: Entry, folder: str, url: str) -> str:
    """One badge."""
    credential, version = entry.credential, entry.version
    narrative = f'<p dir="auto" class="prose">{escape(credential.narrative)}</p>\n' if credential.narrative else ""
    return _ITEM.format(
        folder=folder,
        caption=escape(version.image_caption),
        name=escape(version.name),
        description=escape(version.description),
        narrative=narrative,
        awarded=day(credential.awarded_at),
        until=f", until {day(credential.valid_until)}" if credential.valid_until else "",
        state=STATES[entry.state],
        provenance=provenance(entry),
        url=escape(url),
    )


def brought(badge: ImportedBadge, path: str) -> str:
    """One badge from elsewhere. Its file is named and not linked: a stranger's picture may be a program."""
    return _BROUGHT.format(
        name=escape(badge.name or "A badge"),
        issuer=escape(badge.issuer_name or badge.issuer_id or "an issuer without a name"),
        awarded=f" on {day(badge.awarded_at)}" if badge.awarded_at else "",
        found=escape(found(badge)),
        path=escape(path),
    )


def foot(from_elsewhere: Sequence[str]) -> str:
    """What comes after the last badge: those from elsewhere, and the end."""
    return "".join([_ELSEWHERE, *from_elsewhere, _FOOT] if from_elsewhere else [_FOOT])
