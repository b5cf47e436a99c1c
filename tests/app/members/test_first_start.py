"""The first start of an installation without a configured admin token: it makes one, and prints it once."""

import re
from pathlib import Path

import httpx

from tests.live import free_port, serving

_TOKEN = re.compile(r"lrl_[A-Za-z0-9_-]{43}")


def may_found(url: str, token: str) -> bool:
    """Whether the token is an admin's: an empty body is refused only once permission has been looked at."""
    headers = {"Authorization": f"Bearer {token}"}
    status = httpx.post(f"{url}/v1/communities", json={}, headers=headers, trust_env=False).status_code
    assert status in {401, 403, 422}
    return status == 422


def test_the_first_start_prints_an_admin_token_and_no_later_one_does(tmp_path: Path) -> None:
    env, port = {"LAURELS_ADMIN_TOKEN": ""}, free_port()
    with serving(tmp_path, port=port, env=env) as first:
        assert not may_found(first.url, first.admin)
    [token] = [match[0] for line in first.output if (match := _TOKEN.search(line))]
    with serving(tmp_path, port=port, env=env) as second:
        assert may_found(second.url, token)
    assert not any(_TOKEN.search(line) for line in second.output)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert kept
    assert token.removeprefix("lrl_").encode() not in kept
