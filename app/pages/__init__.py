"""Pages for people: a badge, an achievement, an issuer, the verifier's form, a claim."""
