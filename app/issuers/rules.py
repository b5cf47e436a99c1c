"""How a community is named as an issuer, from the service's public URL alone."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Addresses:
    """Every URL of one community's issuer documents.

    `public_url` has no trailing slash. With https the issuer is a did:web (did:web §3.2); with plain http it is the
    did:key of its Ed25519 key, so that nothing has to be fetched to verify (decision record 6).
    """

    public_url: str
    slug: str

    @property
    def page(self) -> str:
        """The page for people; also the folder of the key documents."""
        return f"{self.public_url}/issuers/{self.slug}"

    @property
    def profile(self) -> str:
        """The OB 3.0 Profile as a document."""
        return f"{self.page}.json"

    def ob2_profile(self, generation: int) -> str:
        """The OB 2.0 Profile of an RSA generation; each has one, since one Profile holds one key."""
        return f"{self.public_url}/ob2/issuers/{self.slug}{generation_suffix(generation)}"

    def ob2_revocations(self, generation: int) -> str:
        """The OB 2.0 RevocationList of an RSA generation."""
        return f"{self.public_url}/ob2/revocations/{self.slug}{generation_suffix(generation)}"

    def jwk(self, kid: str) -> str:
        """One bare JWK."""
        return f"{self.page}/keys/{kid}"

    @property
    def did_web(self) -> str | None:
        """The did:web of the community, or None where the service speaks plain http."""
        return did_web(self.public_url, self.slug)


def did_web(public_url: str, slug: str) -> str | None:
    """did:web of `{public_url}/issuers/{slug}` (did:web §3.2): a port's colon is written %3A, slashes become colons."""
    parts = urlsplit(public_url)
    return f"did:web:{quote(parts.netloc, safe='')}:issuers:{slug}" if parts.scheme == "https" else None


def generation_suffix(generation: int) -> str:
    """Nothing for the first generation of a key, `.k2` for the second: a dot is in no slug and no id."""
    return "" if generation == 1 else f".k{generation}"
