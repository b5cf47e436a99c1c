"""What an operator does to keys while the service runs (`laurels keys rotate`), and what becomes of badges.

The `weavers` retire their keys:

    before-rotation         signed by the retired keys, in the very bytes that the holder has
    after-rotation          signed by the new ones
    revoked-after-rotation  signed by the retired keys, revoked by a list that the new ones sign

The `potters` do so too, and then learn that the new keys were stolen:

    before-compromise       signed by the retired keys; and hosted assertions, which no key vouches for
    compromised             signed by the stolen keys, as anything may be that a thief signs
    after-compromise        signed by those that came instead

On an http installation (`demo`) the issuer is a did:key. Its key is its name: retiring it takes `--new-issuer`, and
nobody can take it back, so that of the potters' keys only the OB 2.0 one counts as stolen.
"""

from interop.collection import collect
from interop.community import Community, achievements
from interop.exhibits import JWKS, OB3_FORMS, Exhibit
from interop.expected import Finding
from interop.service import Mode, Service

SIGNED_OB2 = "ob2.jws"


class NotRotated(Exception):
    """The service would not change its keys; the message is what it said."""


def retired(mode: Mode, service: Service) -> list[Exhibit]:
    """The weavers' badges. The new one has a status list whose bits nobody changed since the rotation."""
    weavers = Community.founded(service, "weavers")
    _, plain, suspendable = (weavers.achievement(body) for body in achievements())
    awards = {
        "before-rotation": _award(weavers, suspendable, "gil"),
        "revoked-after-rotation": _award(weavers, plain, "gil"),
    }
    exhibits = collect(service, weavers, awards)
    _retire(mode, service, weavers)
    weavers.change(awards["revoked-after-rotation"], "revoke", "Issued by mistake.")
    return exhibits + collect(service, weavers, {"after-rotation": _award(weavers, suspendable, "hal")})


def compromised(mode: Mode, service: Service) -> list[Exhibit]:
    """The potters' badges."""
    potters = Community.founded(service, "potters")
    _, plain, _ = (potters.achievement(body) for body in achievements())
    before = collect(service, potters, {"before-compromise": _award(potters, plain, "ida")})
    _retire(mode, service, potters)
    signed = collect(service, potters, {"compromised": _award(potters, plain, "jon")})
    stolen = {SIGNED_OB2}
    _rotate(service, potters, "--ob2", "--compromised")
    if not mode.issuer_is_key:
        stolen |= {*OB3_FORMS, JWKS}
        _rotate(service, potters, "--compromised")
    return [
        *(exhibit for exhibit in before if exhibit.form != SIGNED_OB2),
        *(exhibit for exhibit in signed if exhibit.form in stolen),
        *collect(service, potters, {"after-compromise": _award(potters, plain, "kim")}),
    ]


def refused(mode: Mode, service: Service, community: Community) -> list[Finding]:
    """A did:key is not given up by mistake: the command refuses in words, and nothing has changed."""
    if not mode.issuer_is_key:
        return []
    before = _key_documents(service, community)
    done = service.command("keys", "rotate", community.slug)
    said = done.stderr.strip()
    right = done.returncode != 0 and said.startswith("laurels: ") and _key_documents(service, community) == before
    says = "refuses" if done.returncode else "does it"
    result = "ok" if right else "MISMATCH"
    return [Finding(mode.name, "keys rotate", "without --new-issuer", "command", result, says, said)]


def _award(community: Community, achievement: str, name: str) -> str:
    return community.award(achievement, {"did": f"did:web:{name}.example", "name": name.title()})


def _retire(mode: Mode, service: Service, community: Community) -> None:
    _rotate(service, community, *(["--new-issuer"] if mode.issuer_is_key else []))


def _rotate(service: Service, community: Community, *options: str) -> None:
    done = service.command("keys", "rotate", community.slug, *options)
    if done.returncode:
        raise NotRotated(f"keys rotate {community.slug} {' '.join(options)}: {done.stderr}")


def _key_documents(service: Service, community: Community) -> list[str]:
    slug = community.slug
    paths = (f"/issuers/{slug}/did.json", f"/issuers/{slug}/jwks.json", f"/ob2/issuers/{slug}")
    return [service.public.get(path).text for path in paths]
