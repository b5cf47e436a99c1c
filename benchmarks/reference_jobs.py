"""What openbadgeslib does of the same work. Runs inside its environment, where nothing of ours is; asked line by line.

The first line of standard input is the material, answered by the names of the jobs; each other line is a name and a
count, answered by the seconds that it took.
"""

import base64
import json
import sys
from itertools import cycle
from time import process_time

from openbadgeslib import baking
from openbadgeslib.ob3 import (
    OB3LdpSigner,
    OB3LdpVerifier,
    OB3Signer,
    OB3Verifier,
    OpenBadgeCredential,
    add_data_integrity_proof,
    verify_data_integrity_proof,
)


def jobs(given):
    private, public, did = given["private_pem"].encode(), given["public_pem"].encode(), given["did"]
    method = f"{did}#{did.removeprefix('did:key:')}"
    documents, signed, tokens = given["documents"], given["signed"], given["tokens"]
    models = [OpenBadgeCredential.from_vc_document(document) for document in documents]
    texts = [json.dumps(document) for document in signed]
    pictures = {name: base64.b64decode(picture) for name, picture in given["pictures"].items()}
    baked = [base64.b64decode(picture) for picture in given["baked"]]
    published = {url: text.encode() for url, text in given["published"].items()}
    ldp_signer, ldp_verifier = OB3LdpSigner(private, method), OB3LdpVerifier.for_issuer_did(did)
    signer, verifier = OB3Signer(private, "EdDSA"), OB3Verifier.for_issuer_did(did)

    def whole_png(image):
        text = baking.extract_png(image, keyword=baking.ITXT_KEYWORD_OB3)
        # it can check the proof of a list only where the list is a VC-JWT: elsewhere it believes the bit
        ldp_verifier.verify(text, None, True, published.__getitem__, verify_status_list=False)

    def whole_token(token):
        verifier.verify(token, None, True, download=published.__getitem__)

    def bake(picture):
        return lambda text: baking.bake_png(picture, text, keyword=baking.ITXT_KEYWORD_OB3)

    def verify_proof(document):
        verify_data_integrity_proof(document, public)

    return {
        "add_data_integrity_proof": (documents, lambda document: add_data_integrity_proof(document, private, method)),
        "OB3LdpSigner.sign": (models, ldp_signer.sign),
        "verify_data_integrity_proof": (signed, verify_proof),
        "OB3LdpVerifier.verify": (texts, ldp_verifier.verify),
        "OB3LdpVerifier.verify, with status": (baked, whole_png),
        "OB3Signer.sign_payload": (given["payloads"], signer.sign_payload),
        "OB3Verifier.verify": (tokens, verifier.verify),
        "OB3Verifier.verify, with status": (tokens, whole_token),
        **{f"bake_png, {name}": (texts, bake(picture)) for name, picture in pictures.items()},
    }


def main():
    known = {name: (cycle(items), operation) for name, (items, operation) in jobs(json.loads(input())).items()}
    print(json.dumps(list(known)), flush=True)
    for line in sys.stdin:
        name, count = json.loads(line)
        items, operation = known[name]
        chosen = [next(items) for _ in range(count)]
        start = process_time()
        for item in chosen:
            operation(item)
        print(json.dumps(process_time() - start), flush=True)


if __name__ == "__main__":
    main()
