"""The Open Badges library: model, sign, bake and verify badges of Open Badges 2.0 and 3.0.

No web, no database, no network, no clock and no randomness of its own: `now`, keys, ids and `fetch` come in.

An achievement, awarded, signed, baked into its picture, and verified by somebody who has never heard of us:

    >>> from datetime import UTC, datetime
    >>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    >>> import badges
    >>> from badges import ob3

    >>> key = badges.SigningKey.did_key(Ed25519PrivateKey.generate())
    >>> now = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    >>> teacher = ob3.Achievement(
    ...     id="https://badges.example.org/achievements/patient-teacher",
    ...     name="Patient Teacher",
    ...     description="Explained the same thing for the third time, and kindly.",
    ...     criteria=ob3.Criteria(narrative="Named by those who learned."),
    ... )
    >>> credential = ob3.OpenBadgeCredential(
    ...     id="urn:uuid:0b9c8f0e-5f0a-4a51-8a8e-1f3a2c9d7e10",
    ...     name="Patient Teacher",
    ...     issuer=ob3.Profile(id=key.controller, name="The Hill"),
    ...     valid_from=now,
    ...     credential_subject=ob3.AchievementSubject(id="did:example:ada", achievement=teacher),
    ... )
    >>> signed = badges.add_proof(credential.to_document(), key, created=now)
    >>> picture = badges.artwork.draw(title="Patient Teacher", community="The Hill", contribution_type=None, seed="1")
    >>> png = badges.bake(picture.png, badges.serialize(signed))

    >>> def nobody(url, *, accept):
    ...     raise badges.Unreachable(f"{url} was not to be asked")
    >>> report = badges.verify(png, fetch=nobody, now=now)
    >>> report.verified, report.verdict.value
    (True, 'valid')
    >>> report.summary.partition(" by ")[0]
    'Genuine: “Patient Teacher” was awarded to did:example:ada'

One changed byte, and it is nobody's badge any more:

    >>> forged = badges.unbake(png).text.replace("did:example:ada", "did:example:eve")
    >>> report = badges.verify(forged, fetch=nobody, now=now)
    >>> report.verdict.value, report.found("proof").code
    ('forged', 'bad-signature')

`badges.errors` has the refusals of all but `verify`, which refuses nothing.
"""

from badges import artwork, clr, ob2, ob3
from badges.baking import Baked, bake, unbake
from badges.checks.controlling import control
from badges.checks.reading import signed_text
from badges.checks.recipients import awarded_to
from badges.checks.reporting import unjudged
from badges.contexts import pinned as pinned_context
from badges.digests import digest_multibase
from badges.documents import Document, Limits, instant, parse, pointer_to, serialize, timestamp
from badges.errors import BadgeError, Unreachable
from badges.keys import PrivateKey, SigningKey, VerificationMethod, did_key
from badges.proofs.data_integrity import add_proof, refuse_unsignable
from badges.proofs.jws import sign, sign_credential
from badges.reports import Check, Lookup, Outcome, Report, Verdict
from badges.resolving import ANY_BADGE, Fetch, Fetched, no_fetch
from badges.status import StatusList, list_credential
from badges.verifying import verify
from badges.versions import OB20, OB30
from badges.written_keys import key_from_jwk, multikey

__all__ = [
    "ANY_BADGE",
    "OB20",
    "OB30",
    "BadgeError",
    "Baked",
    "Check",
    "Document",
    "Fetch",
    "Fetched",
    "Limits",
    "Lookup",
    "Outcome",
    "PrivateKey",
    "Report",
    "SigningKey",
    "StatusList",
    "Unreachable",
    "Verdict",
    "VerificationMethod",
    "add_proof",
    "artwork",
    "awarded_to",
    "bake",
    "clr",
    "control",
    "did_key",
    "digest_multibase",
    "instant",
    "key_from_jwk",
    "list_credential",
    "multikey",
    "no_fetch",
    "ob2",
    "ob3",
    "parse",
    "pinned_context",
    "pointer_to",
    "refuse_unsignable",
    "serialize",
    "sign",
    "sign_credential",
    "signed_text",
    "timestamp",
    "unbake",
    "unjudged",
    "verify",
]
