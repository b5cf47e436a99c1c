"""A letter that has yet to be sent: until it has left, whom it is to and the secret of its link are sealed."""

import json
from dataclasses import asdict, dataclass

from app.kit.vault import Vault


@dataclass(frozen=True)
class Letter:
    """To whom, and the secret of its link, if there is one."""

    to: str
    secret: str | None

    def sealed(self, vault: Vault, *, bound_to: str) -> bytes:
        """As it is kept; it opens for `bound_to` alone."""
        return vault.seal(json.dumps(asdict(self)).encode(), bound_to=bound_to)

    @classmethod
    def opened(cls, sealed: bytes | None, vault: Vault, *, bound_to: str) -> "Letter":
        """What is to be written. Only of one that is due: another is not kept any more."""
        assert sealed is not None  # noqa: S101  as it is due
        return cls(**json.loads(vault.open(sealed, bound_to=bound_to)))
