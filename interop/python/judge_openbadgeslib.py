"""openbadgeslib (LGPL-3.0): OB 3.0 as Data Integrity JSON, VC-JWT, and both baked into PNG and SVG."""

from judging import accepted, ask, judge, rejected, worded

from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier  # isort: skip
from openbadgeslib.verify import issuer_did_from_document, issuer_did_from_token  # isort: skip

WORDS = {
    "revoked": "status 'revocation' is set",
    "suspended": "status 'suspension' is set",
    "status-unknown": "status list",
    "expired": "has expired",
    "not-yet": "not yet valid",
    "issuer": "does not belong to|does not match the DID|is not allowed for this key|has no verificationMethod",
    "recipient": "[Rr]ecipient",
    "undefined-term": "not in compacted form",
    "signature": "[Ii]nvalid signature|signature mismatch|proofValue|Invalid JWT|malformed JWT",
}
EXTRACT = {"png": OB3Verifier.extract_token_from_png, "svg": OB3Verifier.extract_token_from_svg}


def download(url):
    status, _, body = ask(url, "*/*")
    if status != 200:
        raise OSError(f"{url}: {status}")
    return body


def verdict(exhibit, raw):
    try:
        text = EXTRACT[exhibit["form"]](raw) if exhibit["form"] in EXTRACT else raw.decode().strip()
        if text.lstrip().startswith("{"):
            verifier = OB3LdpVerifier.for_issuer_did(issuer_did_from_document(text), download=download)
            # it can check the proof of a list only where the list is a VC-JWT: elsewhere it believes the bit
            verifier.verify(text, exhibit["recipient"], True, download, verify_status_list=False)
        else:
            verifier = OB3Verifier.for_issuer_did(issuer_did_from_token(text), download=download)
            verifier.verify(text, exhibit["recipient"], True, download=download)
    except OB3VerificationError as refusal:
        return rejected(worded(WORDS, str(refusal)), refusal)
    return accepted()


judge(verdict)
