"""`python -m interop`: sets up the judges, runs the service in both modes, compares what is said with what is due."""

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from interop import results, rotation, succession
from interop.collection import NotServed, collect, seen_differently
from interop.community import Community, Refused, come_to_life
from interop.endorsing import endorsed, withdrawn
from interop.environments import CannotInstall, Node, install_all
from interop.exhibits import Exhibit
from interop.expected import Finding, assess
from interop.falsified import CannotFalsify, falsify
from interop.far import from_afar
from interop.negotiation import negotiate
from interop.nominating import recognised
from interop.panel import forger, hear, panel
from interop.places import CONTEXTS, OUT, SCHEMAS
from interop.resting import rested
from interop.service import MODES, DidNotStart, Mode, running
from interop.taken_along import taken_along
from interop.telling import NotTold, told
from interop.web import Ask, Web, on_loopback, pinned_documents

STOPS = (CannotInstall, CannotFalsify, DidNotStart, NotServed, NotTold, Refused)


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
    except (*STOPS, rotation.NotRotated, succession.NotExported) as stop:
        notes = getattr(stop, "__notes__", [])
        print(f"{type(stop).__name__}: {stop}", *notes, f"\n{len(findings)} passed, 1 failed", sep="\n")
        return 1
    results.write(findings, asks)
    return results.show(findings, asks)


def _judged(mode: Mode, node: Node) -> tuple[list[Finding], list[Ask]]:
    with TemporaryDirectory(prefix="laurels-files-") as files:
        with running(mode) as service:
            web = Web(pinned_documents(CONTEXTS, SCHEMAS), service.origin, service.public)
            with on_loopback(web):
                mapmakers = Community.founded(service, "mapmakers")
                awards = come_to_life(mapmakers) | recognised(mapmakers) | endorsed(mapmakers) | rested(mapmakers)
                served = collect(service, mapmakers, awards)
                served += withdrawn(service, mapmakers) + taken_along(service, mapmakers)
                exhibits = served + seen_differently(served) + falsify(service, served, forger(node, web))
                exhibits += rotation.retired(mode, service) + rotation.compromised(mode, service)
                exhibits += from_afar() if mode is MODES[-1] else []
                heard = hear(panel(node), exhibits, web, _emptied(OUT / mode.name))
            findings = [assess(mode.name, judge.name, exhibit, verdict) for judge, exhibit, verdict in heard]
            findings += negotiate(mode.name, service, served) + rotation.refused(mode, service, mapmakers)
            findings += told(mode.name, node, mapmakers)
            succession.export(service, mapmakers, Path(files))
        later, asks = _judged_from_files(mode, node, served, Path(files), service.origin)
    return findings + later, web.asks + asks


def _judged_from_files(
    mode: Mode, node: Node, served: list[Exhibit], folder: Path, origin: str
) -> tuple[list[Finding], list[Ask]]:
    """What was served, judged again when the service has stopped and its files are all that answers."""
    with succession.any_web_host(folder) as files:
        web = Web(pinned_documents(CONTEXTS, SCHEMAS), origin, files)
        with on_loopback(web):
            heard = hear(panel(node), served, web, _emptied(OUT / f"{mode.name}-files"))
    findings = [assess(mode.name, judge.name, exhibit, verdict) for judge, exhibit, verdict in heard]
    return [replace(finding, mode=f"{mode.name}, files") for finding in findings], web.asks


def _emptied(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    for file in directory.iterdir():
        file.unlink()
    return directory


if __name__ == "__main__":
    sys.exit(main())
