"""Proofs of both kinds: Data Integrity inside the document, JSON Web Signatures around it."""
