"""The badges that are signed, baked and verified: all that an issuer of ours says, in thirty-two and in many shapes."""

import io
from datetime import UTC, datetime
from itertools import product

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from PIL import Image, ImageDraw

import badges
from badges import ob3

AWARDED = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 1, 11, 9, 0, tzinfo=UTC)
HOST = "https://guild.example"
LIST_URL = f"{HOST}/status/1"
JWT_LIST_URL = f"{LIST_URL}.jwt"
COUNT = 32

ED25519 = badges.SigningKey.did_key(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
P256 = badges.SigningKey.of(
    ec.derive_private_key(7, ec.SECP256R1()), id="did:web:guild.example#1", controller="did:web:guild.example"
)


def credential(
    n: int, *, tags: int = 3, evidence: int = 1, alignments: int = 1, list_url: str = LIST_URL
) -> badges.Document:
    """The unsigned credential of award `n`; its shape depends on the other numbers alone."""
    result = f"urn:uuid:00000000-0000-4000-8000-{n + 1:012x}"
    achievement = ob3.Achievement(
        id=f"{HOST}/achievements/mentor-v2",
        name="Peer mentor",
        description="Stayed with a newcomer for a whole season, and came back when it was hard.",
        criteria=ob3.Criteria(id=f"{HOST}/criteria/mentor", narrative="Two nominations, *one* season."),
        achievement_type="ext:CommunityRecognition",
        creator=ob3.Profile(id=ED25519.controller, name="Guild of Mapmakers", url=HOST),
        image=ob3.Image(id=f"{HOST}/achievements/mentor-v2.png", caption="A lantern"),
        tag=[f"tag {number}" for number in range(tags)],
        alignment=[
            ob3.Alignment(target_name="Coaching", target_url=f"https://skills.example/{number}", target_type="CFItem")
            for number in range(alignments)
        ],
        result_description=[ob3.ResultDescription(id=result, name="Seasons", result_type="RawScore")],
        version="2",
        related=[ob3.Related(id=f"{HOST}/achievements/mentor-v1", version="1")],
    )
    return ob3.OpenBadgeCredential(
        id=f"{HOST}/credentials/{n}",
        name=achievement.name,
        issuer=ob3.Profile(
            id=ED25519.controller,
            name="Guild of Mapmakers",
            url=HOST,
            email="guild@guild.example",
            description="People who map their neighbourhoods together.",
        ),
        valid_from=AWARDED,
        valid_until=datetime(2126, 1, 1, tzinfo=UTC),
        awarded_date=AWARDED,
        credential_subject=ob3.AchievementSubject(
            id=f"urn:uuid:00000000-0000-4000-9000-{n:012x}",
            achievement=achievement,
            narrative=f"Walked every street, {n} of them twice.",
            result=[ob3.Result(result_description=result, value=str(n))],
        ),
        evidence=[
            ob3.Evidence(id=f"{HOST}/maps/{n}-{number}", name=f"Map {number}", description="Seen by two peers.")
            for number in range(evidence)
        ],
        credential_status=ob3.BitstringStatusListEntry.at(1_000 + n, status_list=list_url, purpose="revocation"),
    ).to_document()


def of_many_shapes() -> list[badges.Document]:
    """More credentials, no two of one shape, than are looked at in a run."""
    counts = product(range(1, 25), range(1, 10), range(1, 7))
    return [credential(n, tags=t, evidence=e, alignments=a) for n, (t, e, a) in enumerate(counts)]


def published() -> dict[str, bytes]:
    """The status list that the credentials name, in both forms, by address; a few bits are set that are nobody's."""
    bits = badges.StatusList.empty().with_bits(range(10, 50))
    by_url = {
        url: badges.list_credential(
            bits, id=url, issuer=ED25519.controller, purpose="revocation", valid_from=AWARDED, ttl=300_000
        )
        for url in (LIST_URL, JWT_LIST_URL)
    }
    embedded = badges.serialize(badges.add_proof(by_url[LIST_URL], ED25519, created=AWARDED))
    enveloped = badges.sign_credential(by_url[JWT_LIST_URL], ED25519, embed_key=False)
    return {LIST_URL: embedded.encode(), JWT_LIST_URL: enveloped.encode()}


def drawn_picture() -> bytes:
    """A picture as this library draws them: a palette PNG."""
    return badges.artwork.draw(title="Peer mentor", community="Guild", contribution_type="mentoring", seed="1").png


def photographic_picture() -> bytes:
    """A picture as people upload them: 600 by 600, colours with transparency, no two rows alike."""
    image = Image.radial_gradient("L").resize((600, 600))
    coloured = Image.merge("RGBA", (image, image.rotate(90), image.transpose(Image.Transpose.ROTATE_180), image))
    ImageDraw.Draw(coloured).ellipse((100, 100, 500, 500), outline="#f0c040", width=25)
    out = io.BytesIO()
    coloured.save(out, "PNG")
    return out.getvalue()
