import re
import time
from xml.dom import minidom

import pytest

from badges.baking import bake, unbake
from badges.errors import BadgeError, TooLarge, Unreadable, Unsupported
from tests.badges.baking.pictures import SVG, jws, text

OB20_NS, OB30_NS = "http://openbadges.org", "https://purl.imsglobal.org/ob/v3p0"


def svg(inside: str) -> bytes:
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {namespaces}>{inside}</svg>".encode()


def test_a_jws_stands_in_the_verify_attribute_of_an_empty_element() -> None:
    element = f'xmlns:openbadges="{OB30_NS}"><openbadges:credential verify="{jws()}"/>\r\n'
    assert bake(SVG, jws()) == SVG.replace(b'"a > b">\r\n', b'"a > b" ' + element.encode())


def test_json_stands_in_cdata() -> None:
    element = f'xmlns:openbadges="{OB30_NS}"><openbadges:credential><![CDATA[{text()}]]></openbadges:credential>\r\n'
    assert bake(SVG, text()) == SVG.replace(b'"a > b">\r\n', b'"a > b" ' + element.encode())


def test_json_of_the_older_version_also_names_its_address() -> None:
    verify = 'verify="https://badges.example.org/OB20?a=1&amp;b=2"'
    element = (
        f'xmlns:openbadges="{OB20_NS}"><openbadges:assertion {verify}><![CDATA[{text("OB20")}]]></openbadges:assertion>'
    )
    assert element.encode() in bake(SVG, text("OB20"))


@pytest.mark.parametrize("version", ["OB20", "OB30"])
@pytest.mark.parametrize("image", [SVG, b"<svg/>", b"<s:svg xmlns:s='http://www.w3.org/2000/svg' />\n", svg(" <g/> ")])
def test_any_xml_reader_finds_it_as_the_first_child(image: bytes, version: str) -> None:
    for signed in (text(version), jws(version)):
        root = minidom.parseString(bake(image, signed)).documentElement  # noqa: S318 - our own text
        assert root is not None
        first = root.firstChild
        assert isinstance(first, minidom.Element)
        assert first.namespaceURI == (OB20_NS if version == "OB20" else OB30_NS)
        assert first.localName == ("assertion" if version == "OB20" else "credential")
        assert first.getAttribute("verify") == signed or first.firstChild.data == signed  # type: ignore[union-attr]


def test_a_file_with_both_versions_declares_a_prefix_for_each() -> None:
    both = bake(bake(SVG, text("OB20")), jws("OB30")).decode()
    assert re.findall(r'xmlns:(\w+)="([^"]+)"', both) == [("openbadges", OB20_NS), ("openbadges2", OB30_NS)]
    assert "<openbadges2:credential verify=" in both
    assert bake(both.encode(), jws("OB30")).decode() == both


def test_badges_of_others_are_read_wherever_they_stand_and_whatever_their_prefix() -> None:
    json_in_text = text().replace("&", "&amp;")
    for inside in (
        f'<g/><b:credential xmlns:b="{OB30_NS}">\n <![CDATA[\n{text()}\n]]>\n</b:credential>',
        f'<credential xmlns="{OB30_NS}">{json_in_text}</credential>',
    ):
        assert unbake(svg(inside)).text == text()


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (f'<credential xmlns="{OB30_NS}" verify="{jws()}"/>' * 2, "two"),
        (f'<g><credential xmlns="{OB30_NS}" verify="{jws()}"/></g>', "directly inside"),
        (f'<credential xmlns="{OB30_NS}"><g/>{{}}</credential>', "directly inside"),
        (f'<credential xmlns="{OB30_NS}"/>', "empty"),
        (f'<credential xmlns="{OB30_NS}" verify="{jws()}">{{}}</credential>', "one thing"),
        (
            f'<assertion xmlns="{OB20_NS}" verify="https://elsewhere.example/">{{"id":"https://a.example/"}}</assertion>',
            "one thing",
        ),
        (
            f'<assertion xmlns="{OB20_NS}" verify="https://a.example/"><assertion xmlns="{OB20_NS}"/></assertion>',
            "directly inside",
        ),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(inside: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        unbake(svg(inside))


W3C = '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'


@pytest.mark.parametrize(
    "doctype", [f"<!DOCTYPE svg PUBLIC {W3C}>", "<!DOCTYPE svg>", f"<!DOCTYPE svg PUBLIC\n{W3C} >"]
)
def test_the_document_type_that_drawing_programs_write_changes_nothing(doctype: str) -> None:
    for inside in (
        f'<credential xmlns="{OB30_NS}" verify="{jws()}"/>',
        f'<credential xmlns="{OB30_NS}"><![CDATA[{text(name="Tom & Jerry &amp;")}]]></credential>',
        f'<g a="&lt;&amp;&#65;&#x41;&quot;&apos;&gt;"/><credential xmlns="{OB30_NS}" verify="{jws()}"/>',
    ):
        plain = svg(inside)
        at = plain.index(b"<svg")
        assert unbake(plain[:at] + doctype.encode() + plain[at:]).text == unbake(plain).text


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE svg []>",
        f"<!DOCTYPE svg PUBLIC {W3C} []>",
        f'<!DOCTYPE svg PUBLIC {W3C} [<!ENTITY ns "http://ns.example/">]>',
        '<!DOCTYPE svg SYSTEM "https://elsewhere.example/svg.dtd">',
        '<!DOCTYPE svg SYSTEM "http://www.w3.org.elsewhere.example/svg.dtd">',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE svg [<!ATTLIST credential verify CDATA "eyJ">]>',
    ],
)
def test_a_document_type_that_could_say_something_is_not_looked_into(doctype: str) -> None:
    plain = svg(f'<credential xmlns="{OB30_NS}" verify="{jws()}"/>')
    at = plain.index(b"<svg")
    with pytest.raises(Unsupported):
        unbake(plain[:at] + doctype.encode() + plain[at:])


@pytest.mark.parametrize("inside", ['<g a="&nbsp;"/>', '<g a="x&b;y"/>', "<g>&b;</g>"])
def test_no_entity_is_passed_over_because_nobody_fetched_what_explains_it(inside: str) -> None:
    plain = svg(f'{inside}<credential xmlns="{OB30_NS}" verify="{jws()}"/>')
    at = plain.index(b"<svg")
    for within in (plain, plain.replace(b'verify="', b'verify="&b;')):
        with pytest.raises(Unsupported):
            unbake(within[:at] + f"<!DOCTYPE svg PUBLIC {W3C}>".encode() + within[at:])


def test_the_attribute_may_stand_in_the_namespace_of_the_badge() -> None:
    element = '<b:credential xmlns:b="{}" {}/>'.format
    assert unbake(svg(element(OB30_NS, f'b:verify="{jws()}"'))).text == jws()
    assert unbake(svg(element(OB30_NS, f'b:verify="{jws()}" verify="{jws()}"'))).text == jws()
    for other in (f'b:verify="{jws()}" verify="{jws("OB30", name="other")}"', f'xmlns:c="urn:x" c:verify="{jws()}"'):
        with pytest.raises(Unreadable):
            unbake(svg(element(OB30_NS, other)))


@pytest.mark.parametrize(
    "namespace",
    ["http://openbadges.org/", "https://purl.imsglobal.org/ob/v3p0/", "", "https://purl.imsglobal.org/clr/v2p0/"],
)
def test_the_namespace_counts_to_the_letter(namespace: str) -> None:
    with pytest.raises(Unreadable, match="no badge"):
        unbake(svg(f'<credential xmlns="{namespace}" verify="{jws()}"/>'))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<s:script xmlns:s="urn:x"/>',
        "<SCRIPT/>",
        "<foreignObject><p/></foreignObject>",
        '<p xmlns="http://www.w3.org/1999/xhtml"/>',
        '<rect onload="alert(1)"/>',
        '<rect ONCLICK=""/>',
        '<a href="javascript:alert(1)"/>',
        '<a xlink:href=" java&#10;script:alert(1)"/>',
        '<a href="https://elsewhere.example/"/>',
        '<image href="//elsewhere.example/a.png"/>',
        '<use href="other.svg#a"/>',
        '<image href="data:image/svg+xml;base64,AA"/>',
        '<image href="data:text/html,x"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<animate attributeName="xlink:href" values="#a;https://elsewhere.example/"/>',
        '<set attributeName="onclick" to="alert(1)"/>',
        '<rect fill="url(https://elsewhere.example/#a)"/>',
        "<rect style=\"fill:url( '//elsewhere.example')\"/>",
        '<rect style="fill:u\\72l(x)"/>',
        '<rect fill="u\\72l(x)"/>',
        "<style>@import 'x.css';</style>",
        "<style>rect{fill:url(x.svg)}</style>",
        "<style><![CDATA[@font-face{src:url(https://elsewhere.example/f)}]]></style>",
        '<g xml:base="https://elsewhere.example/"><use href="#a"/></g>',
        '<?xml-stylesheet href="x.css"?>',
    ],
)
def test_a_picture_that_runs_or_loads_something_is_not_baked(inside: str) -> None:
    with pytest.raises(Unreadable, match="must not run or load"):
        bake(svg(inside), jws())
    unbake(bake(svg(""), jws()).replace(b"</svg>", inside.encode() + b"</svg>"))  # reading does not run it


def test_what_stays_inside_the_file_may_stay() -> None:
    inside = (
        '<defs><g id="a"/><style>.x{fill:url(#b)}</style></defs><use href="#a"/><use xlink:href="#a"/>'
        '<rect fill="url(#b)" style="stroke:url(\'#b\')"/><image href="data:image/png;base64,AA=="/>'
        '<animate attributeName="opacity" from="0" to="1" values="0;1"/><?note nothing?>'
        '<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:resource="https://creativecommons.org/"/></metadata>'
    )
    assert unbake(bake(svg(inside), jws())).text == jws()


@pytest.mark.parametrize(
    "broken",
    [
        b"<svg>",
        b"<svg></svg><svg/>",
        b"<svg xmlns='http://example.org/'/>",
        b"<svg><a></svg>",
        b"<svg>\xff</svg>",
        b"<svg>&nbsp;</svg>",
        b"<?xml version='1.0' encoding='ISO-8859-1'?><svg/>",
        b"<?xml version='1.0' encoding='x-unknown'?><svg/>",
        b"<svg a='1' a='2'/>",
    ],
)
def test_what_is_no_well_formed_svg_is_refused(broken: bytes) -> None:
    for act in (unbake, lambda image: bake(image, jws())):
        with pytest.raises(Unreadable):
            act(broken)


@pytest.mark.parametrize(
    "picture",
    [
        b"<!DOCTYPE svg [<!ENTITY a 'aa'>]><svg>&a;</svg>",
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'><svg/>",
        b"<!DOCTYPE svg><svg/>",
    ],
)
def test_what_has_a_document_type_is_not_baked(picture: bytes) -> None:
    with pytest.raises(Unreadable):
        bake(picture, jws())


def test_depth_and_number_of_elements_are_bounded_in_little_time() -> None:
    start = time.perf_counter()
    for inside in ("<g>" * 100_000, "<g/>" * 100_000, '<g a="' + "x" * 1_000_000 + '"' * 3):
        with pytest.raises(BadgeError):
            unbake(svg(inside))
    with pytest.raises(TooLarge):
        unbake(svg("<g>" * 64 + "</g>" * 64))
    assert time.perf_counter() - start < 5
