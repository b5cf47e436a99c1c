"""Checks the badges in this folder, without a network: `python verify.py`.

Needs Python 3.9 or later and the package `cryptography`, nothing else. Run without arguments in the unpacked folder it
checks every file against MANIFEST.jws, every VC-JWT and every signed Open Badges 2.0 assertion with the key that its
issuer's enclosed documents give, and each badge's place in the enclosed snapshots of the status lists. A badge counts
only in an archive that its own issuer sealed: anybody can gather genuine files, and leave out the newest status list.

Exit status: 0 if there are badges, all is as it was signed and every badge was in force, else 1.

What it cannot do: check the proofs inside the .json files and the pictures, which are over RDF. A full verifier does,
for example `laurels verify portfolio.zip`. Nor can anything inside a folder prove that a name such as did:web:… is
whose it seems: for that, compare the enclosed did.json with the one that its owner publishes.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # nothing that lies beside this file may take the place of a library
    _HERE = __file__.replace("\\", "/").rpartition("/")[0]
    sys.path[:] = [place for place in sys.path if place.replace("\\", "/") not in ("", ".", _HERE)]

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

MANIFEST = "MANIFEST.jws"
MANIFEST_TYPE = "laurels-manifest"
LARGEST_LIST = 16 * 1024 * 1024
LARGEST_FILE = 64 * 1024 * 1024
CLOCKS_DIFFER = timedelta(minutes=5)
BADGE, ENDORSEMENT = {"OpenBadgeCredential", "AchievementCredential"}, {"EndorsementCredential"}
STATUS_LIST = {"BitstringStatusListCredential"}
NO_BADGES = "There is no badge of the issuer's in here, so nothing was verified."
LEFT_BY_COMPUTERS = {".DS_Store", "Thumbs.db", "desktop.ini"}
UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, UnsupportedAlgorithm)
"""What comes of documents that are not what they should be."""
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CURVES = {b"\xed\x01": "Ed25519", b"\x80\x24": "P-256"}


class Fault(Exception):
    """Something is not as it was signed, or cannot be read."""


class NotEnclosed(Fault):
    """It would take a document that is not in the archive."""


class Folder:
    """The unpacked archive."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterator[str]:
        """Every file, with slashes. Links lead out of what was signed, so they count as files that nobody signed."""
        for folder, folders, files in os.walk(self.root):
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            for name in files + links:
                yield (Path(folder) / name).relative_to(self.root).as_posix()

    def read(self, name: str) -> bytes:
        """What a file holds. Raises Fault."""
        path = self.root.joinpath(*name.split("/"))
        if name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name:
            raise Fault(f"{name}: not a name of a file in here.")
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise Fault(f"{name}: missing, no plain file, or too large.")
        return path.read_bytes()


class Token(NamedTuple):
    """A compact JWS taken apart."""

    header: dict[str, Any]
    payload: bytes
    signed: bytes
    signature: bytes


class Method(NamedTuple):
    """A key that an issuer publishes."""

    id: str
    kind: str
    key: Any
    entry: dict[str, Any]


class Badge(NamedTuple):
    """What is found of one badge."""

    name: str
    folder: str
    faults: list[str]
    """What is wrong with its signatures or its status."""
    notes: list[str]
    """What takes nothing from it: what could not be looked at, and endorsements that were taken back."""


class Snapshot(NamedTuple):
    """A status list as it is enclosed."""

    signed_at: datetime
    """By its own signed date, whatever anybody says of the archive."""
    good_for: timedelta | None
    """How long its issuer calls a copy good."""


class Portfolio:
    """An archive whose manifest is believed. `files` has `names()` and `read(name)`."""

    def __init__(self, files: Any) -> None:
        """Raises Fault where the manifest is not signed by whom it names."""
        self.files = files
        self._documents: dict[str, Any] = {}
        self.addresses: dict[str, Any] = {}
        self.snapshots: dict[str, Snapshot] = {}
        """The status lists that badges were looked up in."""
        tokens = [taken_apart(line) for line in text_of(files.read(MANIFEST)).splitlines()]
        said = [json_object(token.payload, MANIFEST) for token in tokens]
        # An issuer that changed its name signs under each that its badges have: a line for each, the newest first.
        if not tokens or any(each | {"issuer": ""} != said[0] | {"issuer": ""} for each in said):
            raise Fault(f"The lines of {MANIFEST} differ.")
        if any(token.header.get("typ") != MANIFEST_TYPE for token in tokens):
            raise Fault(f"{MANIFEST} is no manifest.")
        self.manifest = said[0]
        self.signers = [str(each.get("issuer")) for each in said]
        self.signer = self.signers[0]
        self.made_at = instant(self.manifest.get("made_at"))
        files_of_it = self.manifest.get("files")
        self.listed: dict[str, Any] = files_of_it if isinstance(files_of_it, dict) else {}
        # Until its signature is checked this is only where to look for the key; each file read is compared with it.
        found = json_object(self.read("addresses.json"), "addresses.json")
        self.addresses = {url: each for url, each in found.items() if isinstance(each, dict)}
        for place, token in enumerate(tokens):
            verified(token, self.method(self.signers[place], token.header))

    def read(self, name: str) -> bytes:
        """A file, which has to be as the manifest says. Raises Fault."""
        said = self.listed.get(name)
        if not isinstance(said, dict):
            raise Fault(f"{name}: not in the manifest.")
        body: bytes = self.files.read(name)
        if len(body) != said.get("bytes") or hashlib.sha256(body).hexdigest() != said.get("sha256"):
            raise Fault(f"{name}: changed since it was exported.")
        return body

    def faults(self, now: datetime) -> Iterator[str]:
        """Every file that was changed, is missing, or is too many; every status list that its issuer did not sign."""
        there = {name for name in self.files.names() if name.split("/")[-1] not in LEFT_BY_COMPUTERS}
        for name in sorted(there - set(self.listed) - {MANIFEST}):
            yield f"{name}: nobody signed that this file belongs here."
        for name in self.listed:
            if name not in there:
                yield f"{name}: missing."
                continue
            try:
                self.read(name)
                if name.startswith("status/") and name.endswith(".jwt"):
                    self.credential(name, now)
            except Fault as fault:
                yield str(fault)
            except UNREADABLE as error:
                yield f"{name}: cannot be read ({error})."

    def published(self, url: str) -> dict[str, Any]:
        """The JSON object that was published at an address. Raises Fault."""
        if url not in self._documents:
            self._documents[url] = json_object(self.body_at(url), url)
        found: dict[str, Any] = self._documents[url]
        return found

    def body_at(self, url: str) -> bytes:
        """What was published at an address. Raises Fault."""
        known = self.addresses.get(url)
        if known is None:
            raise NotEnclosed(f"{url} is not enclosed.")
        return self.read(str(known.get("file")))

    def method(self, did: str, header: dict[str, Any]) -> Method:
        """The key of an issuer that a header names, by `kid` or as `jwk`. Raises Fault."""
        jwk, kid = header.get("jwk"), header.get("kid")
        for method in self.methods(did):
            is_named = method.id == kid if kid is not None else same_key(jwk, method)
            if is_named and (jwk is None or same_key(jwk, method)):
                return method
        raise Fault(f"{did} lists no such key for assertions.")

    def methods(self, did: str) -> list[Method]:
        """The keys with which an issuer makes assertions. Raises Fault."""
        if did.startswith("did:key:"):
            name = did[len("did:key:") :]
            kind, key = key_of({"publicKeyMultibase": name})
            return [Method(f"{did}#{name}", kind, key, {})]
        document = self.published(url_of(did))
        if document.get("id") != did:
            raise Fault(f"The document of {did} is of {document.get('id')}.")
        entries = {each.get("id"): each for each in objects(document.get("verificationMethod"))}
        found = []
        for name in listed(document.get("assertionMethod")):
            entry = entries.get(name) if isinstance(name, str) else name
            if isinstance(entry, dict) and entry.get("controller") == did:
                found.append(Method(str(entry.get("id")), *key_of(entry), entry))
        return found

    def credential(self, name: str, now: datetime) -> dict[str, Any]:
        """The credential in a VC-JWT, signed by its issuer and within its dates. Raises Fault."""
        token = taken_apart(text_of(self.read(name)))
        document = json_object(token.payload, name)
        issuer = id_of(document.get("issuer"))
        if document.get("iss", issuer) != issuer or document.get("jti", document.get("id")) != document.get("id"):
            raise Fault(f"{name}: its claims name another issuer or id than the credential.")
        try:
            method = self.method(issuer, token.header)
            verified(token, method)
        except Fault as fault:
            raise type(fault)(f"{name}: {fault}") from None
        begun = instant(document.get("validFrom"))
        for end in ("expires", "revoked"):
            if end in method.entry and instant(method.entry[end]) <= begun:
                raise Fault(f"{name}: its key was {end} before.")
        if begun > now + CLOCKS_DIFFER:
            raise Fault(f"{name}: not valid before {begun:%Y-%m-%d}.")
        return document

    def out_of_force(self, document: dict[str, Any], now: datetime) -> Iterator[str]:
        """Why a credential is not in force: it expired, or a bit of an enclosed status list is set. Raises Fault."""
        if "validUntil" in document and instant(document["validUntil"]) <= now:
            yield f"expired on {instant(document['validUntil']):%Y-%m-%d}"
        for entry in objects(document.get("credentialStatus")):
            if entry.get("type") != "BitstringStatusListEntry":
                raise Fault(f"A status of type {entry.get('type')} is not read here.")
            found, purpose = self._status_list(entry, document, now), entry.get("statusPurpose")
            subject = found.get("credentialSubject") or {}
            if purpose not in listed(subject.get("statusPurpose")):
                raise Fault(f"The status list {found.get('id')} does not tell of {purpose}.")
            if is_set(str(subject.get("encodedList")), str(entry.get("statusListIndex"))):
                yield "revoked" if purpose == "revocation" else "suspended"
            if "validUntil" in found and instant(found["validUntil"]) <= now:
                yield f"in doubt: its status list was good until {instant(found['validUntil']):%Y-%m-%d} only"
            if not is_a(document, ENDORSEMENT):
                ttl = subject.get("ttl")
                good_for = timedelta(milliseconds=max(0, min(ttl, 10**12))) if isinstance(ttl, (int, float)) else None
                self.snapshots[str(found["id"])] = Snapshot(instant(found.get("validFrom")), good_for)

    def _status_list(self, entry: dict[str, Any], document: dict[str, Any], now: datetime) -> dict[str, Any]:
        """The status list of a credential, by the same issuer. Raises Fault."""
        url = str(entry.get("statusListCredential"))
        known = self.addresses.get(url)
        if known is None:
            raise Fault(f"The status list {url} is not enclosed.")
        found = self.credential(str(known.get("file")), now)
        is_its = found.get("id") == url and id_of(found.get("issuer")) == id_of(document.get("issuer"))
        if not is_its or not is_a(found, STATUS_LIST):
            raise Fault(f"The status list {url} is another's, or none.")
        return found

    def assertion(self, name: str) -> Iterator[str]:
        """Why a signed Open Badges 2.0 assertion is not in force. Raises Fault where it is not its issuer's."""
        token = taken_apart(text_of(self.read(name)))
        document = json_object(token.payload, name)
        creator = str((document.get("verification") or {}).get("creator"))
        key = self.published(creator)
        profile = self.published(str(key.get("owner")))
        of_badge = self.published(str(document.get("badge"))).get("issuer")
        if creator not in listed(profile.get("publicKey")) or of_badge != profile.get("id"):
            raise Fault(f"{name}: its key is not the issuer's.")
        public = load_pem_public_key(str(key.get("publicKeyPem")).encode())
        try:
            verified(token, Method(creator, "RSA", public, {}))
        except Fault as fault:
            raise Fault(f"{name}: {fault}") from None
        revoked = self.published(str(profile.get("revocationList"))).get("revokedAssertions")
        if document.get("id") in [id_of(each) for each in listed(revoked)]:
            yield "revoked"

    def about(self) -> dict[str, Any]:
        """What the archive says is in it. Raises Fault."""
        return json_object(self.read("portfolio.json"), "portfolio.json")

    def badges(self, now: datetime) -> Iterator[Badge]:
        """Every badge of the portfolio, in its order."""
        tokens: dict[str, list[str]] = {}
        for name in self.listed:
            if name.endswith((".jwt", ".jws")):
                tokens.setdefault("/".join(name.split("/")[:2]), []).append(name)
        for item in objects(self.about().get("items")):
            badge = Badge(self._name(item, now), str(item.get("folder")), [], [])
            for name in tokens.get(badge.folder, []):
                self._look_at(name, item, badge, now)
            if f"{badge.folder}/badge.jwt" not in tokens.get(badge.folder, []):
                badge.faults.append("There is no signed badge in its folder.")
            yield badge

    def _name(self, item: dict[str, Any], now: datetime) -> str:
        """What the signed badge says that it is for; else what somebody calls it."""
        try:
            signed = self.credential(f"{item.get('folder')}/badge.jwt", now)
            return str(signed["credentialSubject"]["achievement"]["name"])
        except (Fault, *UNREADABLE):
            return f"What is called “{item.get('name')}”"

    def status(self, now: datetime) -> str:
        """As of when the status of the badges is that were looked at: of the oldest status list that it took."""
        if not self.snapshots:
            return "No status list was looked at: whether a badge was revoked is not known here."
        signed_at, good_for = min(self.snapshots.values(), key=lambda each: each.signed_at)
        told = f"Status is as of {signed_at:%Y-%m-%d %H:%M} UTC, {age(signed_at, now)}, when the oldest status list in"
        told = f"{told} here was signed: what was revoked since is not known here."
        if good_for is not None and now - signed_at > good_for:
            told = f"{told} Its issuer calls a copy good for {lasting(good_for)}."
        return told

    def _look_at(self, name: str, item: dict[str, Any], badge: Badge, now: datetime) -> None:
        try:
            for why in self._out_of_force(name, item, badge, now):
                if why not in badge.faults:
                    badge.faults.append(why)
        except NotEnclosed as fault:
            # Who endorses a badge with a key of their own need not be an issuer here.
            (badge.notes if is_endorsement(name) else badge.faults).append(str(fault))
        except Fault as fault:
            badge.faults.append(str(fault))
        except UNREADABLE as error:
            badge.faults.append(f"{name}: cannot be read ({error}).")

    def _out_of_force(self, name: str, item: dict[str, Any], badge: Badge, now: datetime) -> Iterator[str]:
        if name.endswith(".jws"):
            yield from self.assertion(name)
            return
        document = self.credential(name, now)
        if is_endorsement(name):
            if not is_a(document, ENDORSEMENT):
                yield f"{name}: no endorsement."
            # An endorsement that was taken back is told of, and takes nothing from the badge.
            badge.notes.extend(f"{name}: {why}" for why in self._endorsement_out_of_force(document, now))
            return
        if not is_a(document, BADGE):
            raise Fault(f"{name}: no badge.")
        if document.get("id") != item.get("url") or id_of(document.get("id")).split("/")[-1] != item.get("id"):
            yield f"{name}: another badge than portfolio.json says."
        issuer = id_of(document.get("issuer"))
        if issuer not in self.signers:
            yield f"It is from {issuer}, who did not seal this archive: who did may have left out what was revoked."
        yield from self.out_of_force(document, now)

    def _endorsement_out_of_force(self, document: dict[str, Any], now: datetime) -> Iterator[str]:
        try:
            yield from self.out_of_force(document, now)
        except Fault as fault:
            yield str(fault)


def is_endorsement(name: str) -> bool:
    """Whether a file of a badge is somebody's endorsement of it, by its place."""
    return name.split("/")[2:3] == ["endorsements"]


def is_a(document: dict[str, Any], kinds: set[str]) -> bool:
    """Whether a credential is of one of these types."""
    return any(each in kinds for each in listed(document.get("type")) if isinstance(each, str))


def believed(files: Any) -> Portfolio:
    """The archive, if its manifest is signed by whom it names. Raises Fault."""
    try:
        return Portfolio(files)
    except UNREADABLE as error:
        raise Fault(f"This is not read as a portfolio ({error}).") from None


def taken_apart(text: str) -> Token:
    """A compact JWS. Raises Fault."""
    parts = text.strip().split(".")
    if len(parts) != 3:
        raise Fault("This is no compact JWS.")
    header = json_object(unpadded(parts[0]), "the header")
    if "crit" in header or "b64" in header:
        raise Fault("Its header changes what is signed.")
    return Token(header, unpadded(parts[1]), f"{parts[0]}.{parts[1]}".encode("ascii"), unpadded(parts[2]))


def verified(token: Token, method: Method) -> None:
    """Returns if the signature is the key's. Raises Fault."""
    algorithm = {"Ed25519": ("EdDSA", "Ed25519"), "P-256": ("ES256",), "RSA": ("RS256",)}[method.kind]
    if token.header.get("alg") not in algorithm:
        raise Fault("The algorithm is not that of the key.")
    try:
        if method.kind == "Ed25519":
            method.key.verify(token.signature, token.signed)
        elif method.kind == "P-256" and len(token.signature) == 64:
            r, s = (int.from_bytes(token.signature[half], "big") for half in (slice(32), slice(32, 64)))
            method.key.verify(encode_dss_signature(r, s), token.signed, ec.ECDSA(SHA256()))
        elif method.kind == "RSA" and isinstance(method.key, rsa.RSAPublicKey):
            method.key.verify(token.signature, token.signed, padding.PKCS1v15(), SHA256())
        else:
            raise Fault("The signature is of another length or kind.")
    except InvalidSignature:
        raise Fault("The signature is wrong.") from None


def key_of(entry: dict[str, Any]) -> tuple[str, Any]:
    """The key of a verification method: its kind, and itself. Raises Fault."""
    jwk = entry.get("publicKeyJwk")
    if isinstance(jwk, dict):
        kind = {"Ed25519": "Ed25519", "P-256": "P-256"}.get(str(jwk.get("crv")))
        if kind == "Ed25519":
            return kind, ed25519.Ed25519PublicKey.from_public_bytes(unpadded(str(jwk.get("x"))))
        if kind == "P-256":
            x, y = (int.from_bytes(unpadded(str(jwk.get(name))), "big") for name in ("x", "y"))
            return kind, ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        raise Fault("A key is of a kind that is not read here.")
    raw = base58(str(entry.get("publicKeyMultibase")))
    kind, bare = _CURVES.get(raw[:2]), raw[2:]
    if kind == "Ed25519":
        return kind, ed25519.Ed25519PublicKey.from_public_bytes(bare)
    if kind == "P-256":
        return kind, ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bare)
    raise Fault("A key is of a kind that is not read here.")


def same_key(jwk: Any, method: Method) -> bool:
    """Whether a JWK is the key of a method."""
    if not isinstance(jwk, dict):
        return False
    kind, key = key_of({"publicKeyJwk": jwk})
    if kind != method.kind:
        return False
    if isinstance(key, ec.EllipticCurvePublicKey):
        return bool(key.public_numbers() == method.key.public_numbers())
    return bool(_raw(key) == _raw(method.key))


def _raw(key: ed25519.Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_set(encoded: str, index: str) -> bool:
    """Whether the bit at `index` of a bitstring status list is set (the first is the highest of the first byte)."""
    unzip = zlib.decompressobj(wbits=31)
    try:
        bits = unzip.decompress(unpadded(encoded[1:]), LARGEST_LIST) if encoded[:1] == "u" else b""
    except zlib.error:
        raise Fault("A status list cannot be read.") from None
    place = int(index) if index.isascii() and index.isdigit() and len(index) < 10 else -1
    if not 0 <= place < len(bits) * 8 or len(bits) < 16_384:
        raise Fault("A status list is too short, or is not one.")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def url_of(did: str) -> str:
    """Where the document of a did:web is found. Raises NotEnclosed."""
    host, *path = did[len("did:web:") :].split(":")
    if not did.startswith("did:web:") or not host:
        raise NotEnclosed(f"Keys of {did} are not looked up here, but those of a did:web or did:key.")
    return f"https://{unquote(host)}/{'/'.join(path) or '.well-known'}/did.json"


def instant(value: Any) -> datetime:
    """A moment as it is written in JSON. Raises Fault."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        raise Fault(f"{str(value)[:40]!r} is no moment.") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def json_object(data: bytes, name: str) -> dict[str, Any]:
    """A JSON object that means the same to every reader. Raises Fault."""
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise Fault(f"{name}: no JSON that can be read ({error}).") from None
    if not isinstance(found, dict):
        raise Fault(f"{name}: no JSON object.")
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is written twice")
    return found


def listed(value: Any) -> list[Any]:
    """The values, whether there are many, one or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def objects(value: Any) -> list[dict[str, Any]]:
    """Those of the values that are objects."""
    return [each for each in listed(value) if isinstance(each, dict)]


def id_of(value: Any) -> str:
    """The id of something that is named or written out."""
    return str(value.get("id")) if isinstance(value, dict) else str(value)


def text_of(data: bytes) -> str:
    """Text in ASCII. Raises Fault."""
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise Fault("This is no compact JWS.") from None


def unpadded(text: str) -> bytes:
    """Base64url as JWS writes it. Raises Fault."""
    try:
        raw = base64.b64decode((text + "=" * (-len(text) % 4)).encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        raise Fault("Not base64url.") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != text:
        raise Fault("Not base64url as it would be written.")
    return raw


def base58(multibase: str) -> bytes:
    """A key as multibase `z…`. Raises Fault."""
    if multibase[:1] != "z" or len(multibase) > 200 or not set(multibase[1:]) <= set(_BASE58):
        raise Fault("A key cannot be read.")
    number = 0
    for letter in multibase[1:]:
        number = number * 58 + _BASE58.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def age(then: datetime, now: datetime) -> str:
    """How long ago something was."""
    gone = now - then
    if gone < timedelta(0):
        return "in the future, by the clock of this computer"
    return f"{lasting(gone)} ago"


def lasting(time: timedelta) -> str:
    """A length of time in its largest unit."""
    days, hours, minutes = time.days, time.seconds // 3600, time.seconds // 60
    count, unit = (days, "day") if days else (hours, "hour") if hours else (minutes, "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def visible(text: str) -> str:
    """Text that moves no cursor and turns no writing direction."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def main(folder: Path, now: datetime) -> int:
    """Prints what is found; the exit status."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a sign shows another
    try:
        portfolio = believed(Folder(folder))
        faults, badges = list(portfolio.faults(now)), list(portfolio.badges(now))
        others = len(objects(portfolio.about().get("imported")))
    except Fault as fault:
        print(visible(f"FAILED  {fault}"))
        return 1
    for fault_of_file in faults:
        print(visible(f"FAILED  {fault_of_file}"))
    for badge in badges:
        print(visible(f"{'NOT OK' if badge.faults else 'ok'}  {badge.name} ({badge.folder})"))
        for why in badge.faults + badge.notes:
            print(visible(f"        {why}"))
    bad, old = sum(1 for badge in badges if badge.faults), age(portfolio.made_at, now)
    print()
    print(visible(f"Exported {portfolio.made_at:%Y-%m-%d %H:%M} UTC ({old}), sealed by {portfolio.signer}."))
    print(visible(portfolio.status(now) if badges else NO_BADGES))
    print(f"{len(badges) - bad} of {len(badges)} badges verified; {len(faults)} files not as sealed.")
    if others:
        print(f"{others} from elsewhere are as they were brought: their issuers' documents are not enclosed.")
    print("The proofs inside .json files and pictures (RDF) want a full verifier: laurels verify portfolio.zip")
    print("That a did:web is whose it seems, no folder can prove: compare did.json with the one its owner publishes.")
    return 1 if bad or faults or not badges else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent, datetime.now(timezone.utc)))
