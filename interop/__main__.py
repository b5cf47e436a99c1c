"""`python -m interop`: sets up the judges, runs the service in both modes, compares what is said with what is due."""

import sys
from pathlib import Path

from interop import results, rotation
from interop.collection import NotServed, collect, seen_differently
from interop.community import Community, Refused, come_to_life
from interop.environments import CannotInstall, Node, install_all
from interop.expected import Finding, assess
from interop.falsified import CannotFalsify, falsify
from interop.far import from_afar
from interop.negotiation import negotiate
from interop.nominating import recognised
from interop.panel import forger, hear, panel
from interop.places import CONTEXTS, OUT, SCHEMAS
from interop.service import MODES, DidNotStart, Mode, running
from interop.web import Ask, Web, on_loopback, pinned_documents


def main() -> int:
    """0 when every judge said of every exhibit what it deserves, 1 otherwise."""
    findings: list[Finding] = []
    asks: dict[str, list[Ask]] = {}
    try:
        node = install_all()
        for mode in MODES:
            print(f"judging: {mode.name}", flush=True)
            found, asks[mode.name] = _judged(mode, node)
            findings += found
    except (CannotInstall, CannotFalsify, DidNotStart, NotServed, Refused, rotation.NotRotated) as stop:
        notes = getattr(stop, "__notes__", [])
        print(f"{type(stop).__name__}: {stop}", *notes, f"\n{len(findings)} passed, 1 failed", sep="\n")
        return 1
    results.write(findings, asks)
    return results.show(findings, asks)


def _judged(mode: Mode, node: Node) -> tuple[list[Finding], list[Ask]]:
    with running(mode) as service:
        web = Web(pinned_documents(CONTEXTS, SCHEMAS), service.origin, service.public)
        with on_loopback(web):
            mapmakers = Community.founded(service, "mapmakers")
            awards = come_to_life(mapmakers) | recognised(mapmakers)
            served = collect(service, mapmakers, awards)
            exhibits = served + seen_differently(served) + falsify(service, served, forger(node, web))
            exhibits += rotation.retired(mode, service) + rotation.compromised(mode, service)
            exhibits += from_afar() if mode is MODES[-1] else []
            heard = hear(panel(node), exhibits, web, _emptied(OUT / mode.name))
        findings = [assess(mode.name, judge.name, exhibit, verdict) for judge, exhibit, verdict in heard]
        findings += negotiate(mode.name, service, served) + rotation.refused(mode, service, mapmakers)
        return findings, web.asks


def _emptied(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    for file in directory.iterdir():
        file.unlink()
    return directory


if __name__ == "__main__":
    sys.exit(main())
