"""`python -m fuzz.one TARGET FOLDER RUNS SECONDS`: fuzzes one target until either is spent, as libFuzzer does it.

`FOLDER/corpus` holds what it begins with and what it adds, `FOLDER` what it finds.
"""

import sys
from pathlib import Path

import atheris


def main(target: str, folder: str, runs: str, seconds: str) -> None:
    with atheris.instrument_imports(include=["badges"]):
        from fuzz import seeds, targets

    corpus = Path(folder) / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate(seeds.of(target)):
        (corpus / f"seed-{n}").write_bytes(seed)
    options = [f"-runs={runs}", f"-max_total_time={seconds}", "-max_len=16384", "-timeout=20", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], targets.TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
