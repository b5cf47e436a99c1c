"""Texts, numbers and brackets that are long."""

import json

from tests.hostile.making import KIB, Made, as_much_as_fits, credential, embedded, family, in_achievement, issuer


@family
def one_long_text(size: int) -> Made:
    far = issuer()
    return far, embedded(far, in_achievement(far, description="x" * (size - 4 * KIB)))


@family
def one_long_id(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far, id="urn:" + "x" * (size - 4 * KIB)))


@family
def one_long_text_of_escapes(size: int) -> Made:
    far = issuer()
    document = json.loads(embedded(far, in_achievement(far, description="\u0001\U0001f396" * ((size - 4 * KIB) // 18))))
    return far, json.dumps(document).encode()


@family
def one_long_key(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far) | {"x" * (size - 4 * KIB): 1})


@family
def one_long_date(size: int) -> Made:
    far = issuer()
    date = "2026-11-01T00:00:00." + "0" * (size - 4 * KIB) + "Z"
    return far, embedded(far, credential(far, validFrom=date))


@family
def one_long_number(size: int) -> Made:
    far = issuer()
    return far, embedded(far, credential(far)).replace(b'"name"', b'"version":' + b"9" * (size - 4 * KIB) + b',"name"')


@family
def long_texts_with_nothing_before_the_colon(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: f"{':' * 500}{n}")
    return far, embedded(far, in_achievement(far, tag=nodes))


@family
def long_languages(size: int) -> Made:
    far = issuer()
    nodes = as_much_as_fits(size, lambda n: {"@value": "x", "@language": "en" + "-abcdefgh" * (n % 20)})
    return far, embedded(far, in_achievement(far, tag=nodes))


@family
def open_brackets(size: int) -> Made:
    return issuer(), b'{"a":' + b"[" * size


@family
def open_braces(size: int) -> Made:
    return issuer(), b'{"a":' * (size // 5)


@family
def a_text_that_never_ends(size: int) -> Made:
    return issuer(), b'{"a":"' + b"\\u0061" * (size // 6)


@family
def members_twice(size: int) -> Made:
    return issuer(), b"{" + b",".join(b'"%d":1' % n for n in range(size // 10)) + b',"0":1}'
