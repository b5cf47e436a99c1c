"""The demo does what it prints: the lines work as they stand, the images verify, and it goes on where it was."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import badges
from tests.app.commands import NOT_VERIFIED, laurels
from tests.live import environment, free_port


class Demo:
    """`laurels demo`, running."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        assert process.stdout is not None
        self.process, self.url = process, f"http://127.0.0.1:{port}"
        self.text = ""
        while "Ctrl-C stops it" not in self.text:
            line = process.stdout.readline()
            assert line or process.poll() is None, self.text
            self.text += line

    @property
    def lines(self) -> list[str]:
        """The lines to try."""
        return [line for line in self.text.splitlines() if line.startswith(("curl ", "ID=$("))]

    def get(self, address: str) -> httpx.Response:
        return httpx.get(address, trust_env=False, timeout=30)


@contextmanager
def running(folder: Path, port: int) -> Iterator[Demo]:
    command = [sys.executable, "-m", "app", "demo", "--port", str(port), "--folder", str(folder / "var")]
    # What is set for another installation does not reach the demo.
    env = environment(folder) | {"LAURELS_PUBLIC_URL": "https://badges.example", "LAURELS_STATE_DIR": str(folder / "x")}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield Demo(process, port)
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
        assert (process.returncode, rest.strip()) == (0, "")


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
def test_the_demo_does_what_it_prints(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as demo:
        # 1. What to look at is there.
        addresses = re.findall(r"^  .*(http://\S+)$", demo.text, re.MULTILINE)
        assert len(addresses) == 4
        for address in addresses:
            assert demo.get(address).status_code == 200, address
        # 2. What to try works as printed, in a shell that knows nothing.
        assert len(demo.lines) == 4
        shell = subprocess.run(
            ["/bin/sh", "-e"],
            input="\n".join(demo.lines),
            env={"PATH": environment(tmp_path)["PATH"], "NO_PROXY": "127.0.0.1"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        id, credential, before, after = shell.stdout.splitlines()
        assert badges.parse(credential)["id"] == f"{demo.url}/credentials/{id}"
        assert before.startswith("Genuine: “Warm Thanks” was awarded to ")
        assert "The issuer has revoked this badge." in after
        # 3. Every image holds a badge that is what the service says it is.
        images = sorted((tmp_path / "var" / "demo").glob("*.png"))
        assert len(images) == 6
        verdicts = [
            httpx.post(f"{demo.url}/v1/verify", content=image.read_bytes(), trust_env=False).json()["verdict"]
            for image in images
        ]
        assert sorted(verdicts) == ["revoked", "suspended", "valid", "valid", "valid", "valid"]
        assert badges.unbake(images[0].read_bytes()).container == "png"
        # 4. From another folder and without the demo's settings, the line for all of them says the same.
        (line,) = re.findall(r"^  verify those +(\S+)=(\S+) laurels verify (\S+)\*\.png$", demo.text, re.MULTILINE)
        done = laurels("verify", *images, env=environment(tmp_path) | {line[0]: line[1]}, folder=tmp_path)
        assert (done.status, Path(line[2]).name) == (NOT_VERIFIED, "demo"), done
        assert sorted(sign[0] for sign in done.out.decode().splitlines()[:6]) == ["✓"] * 4 + ["✗"] * 2
    with running(tmp_path, port) as again:
        # 5. The second start goes on where the first ended.
        assert demo.get(f"{again.url}/credentials/{id}.json").status_code == 200
        assert len(sorted((tmp_path / "var" / "demo").glob("*.png"))) == 7
