"""What the library does, each beside the best function that openbadgeslib has for it, or beside Pillow."""

import base64
import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import badges
from badges.errors import BadSignature
from badges.proofs import data_integrity, jws
from benchmarks import others, samples
from benchmarks.measuring import Job, job

KEY, P256 = samples.ED25519, samples.P256
UNSEEN = 4_500
"""Documents; some more than the library remembers."""


@dataclass(frozen=True)
class Row:
    """One line of the table: our work, and what others take for it."""

    ours: Job
    theirs: Sequence[Job] = ()
    """What openbadgeslib has for it; the fastest is the reference."""
    pillow: Job | None = None
    """What it takes where the picture is decoded and encoded."""
    target: int | None = None
    """How many times as fast as the reference it has to be: as Pillow where Pillow is given, else as openbadgeslib."""
    others: Sequence[Job] = ()
    """What other libraries do of it."""
    target_of_others: int | None = None
    """How many times as fast as the first of them it has to be."""


class Material:
    """Everything the jobs work on, made once."""

    def __init__(self) -> None:
        self.documents = [samples.credential(n) for n in range(samples.COUNT)]
        self.signed = [badges.add_proof(d, KEY, created=samples.AWARDED) for d in self.documents]
        self.texts = [badges.serialize(document) for document in self.signed]
        self.by_jcs = [
            badges.add_proof(d, KEY, created=samples.AWARDED, cryptosuite="eddsa-jcs-2022") for d in self.documents
        ]
        of_jwt = [samples.credential(n, list_url=samples.JWT_LIST_URL) for n in range(samples.COUNT)]
        self.tokens = [badges.sign_credential(d, KEY, embed_key=False) for d in of_jwt]
        self.es256_tokens = [badges.sign_credential(d, P256, embed_key=True) for d in self.documents]
        self.pictures = {
            "drawn palette picture": samples.drawn_picture(),
            "600x600 RGBA picture": samples.photographic_picture(),
        }
        self.baked = [badges.bake(self.pictures["drawn palette picture"], text) for text in self.texts]
        self.published = samples.published()
        # More than are remembered, so that none is known when its turn comes again; of one shape. The signature is not
        # theirs, which is found out in the very last step.
        self.unseen = [self.signed[0] | {"id": f"{samples.HOST}/credentials/unseen-{n}"} for n in range(UNSEEN)]

    def unseen_texts(self) -> list[str]:
        """Badges, properly signed, of which there are more than are remembered."""
        unsigned = [self.documents[0] | {"id": f"{samples.HOST}/credentials/new-{n}"} for n in range(UNSEEN)]
        return [badges.serialize(badges.add_proof(d, KEY, created=samples.AWARDED)) for d in unsigned]

    def for_others(self) -> Mapping[str, Any]:
        """The same as JSON."""
        private = KEY.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {
            "private_pem": private.decode(),
            "public_pem": KEY.method.pem(),
            "did": KEY.controller,
            "documents": self.documents,
            "signed": self.signed,
            "tokens": self.tokens,
            "payloads": [document | jws.claims_of(document) for document in self.documents],
            "pictures": {name: base64.b64encode(picture).decode() for name, picture in self.pictures.items()},
            "baked": [base64.b64encode(image).decode() for image in self.baked],
            "published": {url: text.decode() for url, text in self.published.items()},
        }

    def fetch(self, url: str, *, accept: str) -> badges.Fetched:
        """A status list, as if asked for over the network."""
        return badges.Fetched(200, "application/vc", self.published[url], url)


def rows(material: Material, theirs: Mapping[str, Job]) -> list[Row]:
    """The whole table, in order."""
    return [*_jwt(material, theirs), *_data_integrity(material, theirs), *_baking(material, theirs)]


def _jwt(material: Material, theirs: Mapping[str, Job]) -> list[Row]:
    def check(method: badges.VerificationMethod, token: str) -> None:
        jws.verify(jws.parse(token), method)

    def sign(key: badges.SigningKey, document: badges.Document, *, embed_key: bool) -> str:
        return badges.sign_credential(document, key, embed_key=embed_key)

    es256 = badges.VerificationMethod("did:web:guild.example#1", "did:web:guild.example", P256.method.key)
    documents = material.documents
    signing, verifying = [theirs["OB3Signer.sign_payload"]], [theirs["OB3Verifier.verify"]]
    whole = [theirs["OB3Verifier.verify, with status"]]
    return [
        Row(job("model → document", range(samples.COUNT), samples.credential)),
        Row(job("VC-JWT sign, EdDSA", documents, lambda d: sign(KEY, d, embed_key=False)), signing),
        Row(job("VC-JWT sign, ES256", documents, lambda d: sign(P256, d, embed_key=True))),
        Row(
            job("VC-JWT verify, EdDSA", material.tokens, lambda token: check(KEY.method, token)),
            verifying,
            target=2,
            others=others.verifying_tokens(material.tokens),
        ),
        Row(job("VC-JWT verify, ES256", material.es256_tokens, lambda token: check(es256, token))),
        Row(job("badges.verify of a VC-JWT, status and all", material.tokens, partial(_judged, material)), whole),
    ]


def _data_integrity(material: Material, theirs: Mapping[str, Job]) -> list[Row]:
    def create(document: badges.Document, cryptosuite: str = "eddsa-rdfc-2022") -> badges.Document:
        return badges.add_proof(document, KEY, created=samples.AWARDED, cryptosuite=cryptosuite)

    def check(document: badges.Document) -> None:
        data_integrity.verify_proof(document, document["proof"][0], KEY.method)

    def check_forged(document: badges.Document) -> None:
        with suppress(BadSignature):  # to find out costs what it costs to find a signature good
            check(document)

    unseen = samples.of_many_shapes()
    unseen_signed = [document | {"proof": material.signed[0]["proof"]} for document in unseen[1::2]]
    creating = [theirs["add_data_integrity_proof"], theirs["OB3LdpSigner.sign"]]
    verifying = [theirs["verify_data_integrity_proof"], theirs["OB3LdpVerifier.verify"]]
    whole = [theirs["OB3LdpVerifier.verify, with status"]]
    return [
        Row(job("rdfc create", material.documents, create), creating, target=2),
        Row(job("rdfc create, shape never seen", unseen[::2], create), creating),
        Row(
            job("rdfc verify", material.unseen, check_forged),
            [theirs["OB3LdpVerifier.verify"]],
            target=10,
            others=others.verifying_proofs(material.signed),
            target_of_others=1,
        ),
        Row(job("rdfc verify, the same document again", material.signed, check), verifying),
        Row(job("rdfc verify, shape never seen", unseen_signed, check_forged), verifying),
        Row(job("jcs create", material.documents, lambda d: create(d, "eddsa-jcs-2022"))),
        Row(job("jcs verify", material.by_jcs, check)),
        Row(job("badges.verify of JSON, status and all", material.unseen_texts(), partial(_judged, material)), whole),
        Row(job("badges.verify of a PNG seen before", material.baked, partial(_judged, material)), whole),
    ]


def _baking(material: Material, theirs: Mapping[str, Job]) -> list[Row]:
    found = []
    for name, picture in material.pictures.items():
        others = [theirs[f"bake_png, {name}"]]
        pillow = job(f"Pillow, {name}", material.texts, partial(_by_pillow, picture))
        known = job(f"bake, version= given, {name}", material.texts, partial(badges.bake, picture, version=badges.OB30))
        found.append(Row(known, others, pillow, target=300))
        found.append(Row(job(f"bake, {name}", material.texts, partial(badges.bake, picture)), others, pillow))
    return found


def _judged(material: Material, badge: bytes | str) -> None:
    report = badges.verify(badge, fetch=material.fetch, now=samples.NOW)
    assert report.verified, report.summary  # noqa: S101  otherwise the figure would be of something else


def _by_pillow(picture: bytes, text: str) -> bytes:
    info = PngInfo()
    info.add_itxt("openbadgecredential", text)
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).save(out, "PNG", pnginfo=info)
    return out.getvalue()
