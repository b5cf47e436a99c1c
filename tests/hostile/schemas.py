"""Members of which a schema has much to say."""

from tests.hostile.making import Made, as_much_as_fits, credential, embedded, family, in_achievement, issuer, token


@family
def values_of_the_wrong_kind(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": ["Evidence"], "name": n, "genre": [n]})
    return far, embedded(far, credential(far, evidence=nodes))


@family
def achievements_of_the_wrong_kind(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": ["Achievement"], "name": n})
    return far, embedded(far, credential(far) | {"credentialSubject": nodes}, "eddsa-jcs-2022")


@family
def endorsements_of_the_wrong_kind_in_profiles(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": ["Profile"], "parentOrg": {"type": 1, "endorsement": [n]}})
    return far, token(far, in_achievement(far, creator=nodes))


@family
def many_status_entries(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": "BitstringStatusListEntry", "id": f"urn:{n}"})
    return far, token(far, credential(far) | {"credentialStatus": nodes})


@family
def many_foreign_schemas(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"type": "JsonSchema", "id": f"https://x.example/{n}"})
    return far, embedded(far, credential(far) | {"credentialSchema": nodes}, "eddsa-jcs-2022")
