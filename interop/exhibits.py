"""What is put before the judges: one public document, in one form, of one case."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from interop.web import Answer, Web

OB3_FORMS = ("json", "jwt", "png", "svg")
JWKS = "jwks"  # a VC-JWT, to be verified with the key set at the exhibit's URL
OB2_FORMS = ("ob2", "ob2.jws", "ob2.png", "ob2.svg")
VP = "vp"  # a VerifiablePresentation
CLR = "clr"  # a ClrCredential
PARTICIPATION = "participation"  # what a badge rests on, a compact JWS of its own
DAY = 86_400


@dataclass(frozen=True)
class Exhibit:
    """`content` as served at `url`, judged `later` seconds from now by somebody who is `told` things of their own."""

    case: str
    form: str
    content: bytes
    url: str
    later: int = 0
    recipient: str | None = None
    baked: str | None = None
    told: Mapping[str, Answer] = field(default_factory=dict)
    challenge: str | None = None
    """That whoever is shown a presentation gave, and who that is (`domain`)."""
    domain: str | None = None

    @property
    def name(self) -> str:
        """`case.form`, which names it in every table, file and question."""
        return f"{self.case}.{self.form}"

    def as_case(self, case: str, **changes: object) -> "Exhibit":
        """The same document under another case."""
        return replace(self, case=case, **changes)  # type: ignore[arg-type]

    def laid_out(self, directory: Path, web: Web) -> dict[str, object]:
        """Written to a file and announced to the judges' web; returns what a judge is handed (see node/judging.mjs)."""
        file = directory / self.name
        file.write_bytes(self.content)
        for url, answer in self.told.items():
            web.tell(self.name, url, answer)
        return {
            "name": self.name,
            "form": self.form,
            "file": str(file),
            "url": self.url,
            "later": self.later,
            "recipient": self.recipient,
            "baked": self.baked,
            "challenge": self.challenge,
            "domain": self.domain,
        }
