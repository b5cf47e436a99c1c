"""A badge in an SVG: one element of its own namespace, first inside `<svg>`, every other byte untouched.

OB 2.0 Baking §SVG and OB 3.0 §5.3.2: a compact JWS (or the address of a hosted assertion) stands in the `verify`
attribute, JSON in a CDATA section. The text is read with a strict XML parser and spliced, never written anew.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, count
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import errors
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from badges.baking import inert
from badges.baking.carried import Carried
from badges.documents import id_of, parse_object
from badges.errors import TooLarge, Unreadable, Unsupported
from badges.versions import VERSIONS, Version

MOST_ELEMENTS = 20_000
DEEPEST = 64

_SVG = ("{http://www.w3.org/2000/svg}svg", "svg")
_BY_ELEMENT = {f"{{{version.svg_namespace}}}{version.svg_element}": version for version in VERSIONS}
_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")
_URL = re.compile(r"https?://[\x21-\x7e]+")
_W3C = re.compile(r"https?://www\.w3\.org/[\w./-]+\.dtd")
_UNEXPLAINED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_UNDEFINED_ENTITY = errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY]
_UNSAFE = (
    "The SVG has a document type of its own or entities, which may hide or multiply content, so it could not be read"
    " safely. Take <!DOCTYPE …> out of it first, or hand in the badge's PNG, its JSON, its token, or its link."
)


@dataclass
class Found:
    """A badge element, and where it lies in the bytes."""

    version: Version
    depth: int
    start: int
    end: int = 0
    verify: str | None = None
    body: list[str] = field(default_factory=list)
    children: int = 0


def bake(image: bytes, text: str, version: Version) -> bytes:
    """`image` with `text` as the only badge of `version`. Raises `Unreadable`, also for an SVG that is not inert."""
    root, declared, badges = _layout(image)
    splices = [(found.start, found.end, b"") for found in badges if found.version is version]
    namespace = version.svg_namespace
    # Both versions like the prefix `openbadges`; a file that carries both needs a second one.
    prefixes = chain([version.svg_prefix], (f"{version.svg_prefix}{n}" for n in count(2)))
    prefix = next(p for p in prefixes if declared.get(p, namespace) == namespace)
    declaration = "" if prefix in declared else f' xmlns:{prefix}="{namespace}"'
    element = _element(f"{prefix}:{version.svg_element}", text, version)

    start, end = root
    if image.endswith(b"/>", start, end):  # an SVG with nothing in it
        name = re.split(rb"[\s/]", image[start + 1 : end], maxsplit=1)[0].decode()
        splices.append((end - 2, end, f"{declaration}>{element}</{name}>".encode()))
    else:
        splices.append((end - 1, end, f"{declaration}>{element}".encode()))
    return _spliced(image, splices)


def unbake(image: bytes) -> dict[Version, Carried]:
    """The badge text of each version in `image`.

    Raises `Unreadable` for what is no SVG, and for a badge that two readers could read differently: one that is there
    twice, lies deeper than directly inside `<svg>`, or says two things. Raises `Unsupported` for entities and for a
    document type that may say something.
    """
    texts: dict[Version, Carried] = {}
    for found in _read(image, inertly=False).found:
        name = found.version.name
        if found.version in texts:
            raise Unreadable(f"The SVG holds two {name} badges; it is unclear which one counts.")
        if found.depth != 2 or found.children:
            raise Unreadable(f"The {name} badge in the SVG is not a plain element directly inside <svg>.")
        texts[found.version] = Carried(_text(found))
    return texts


@lru_cache(maxsize=32)
def _layout(image: bytes) -> tuple[tuple[int, int], Mapping[str, str], Sequence[Found]]:
    """Where the root's tag lies, which prefixes it declares, and the badges; never to be changed.

    One picture is baked for many people, and to see that it is inert takes far longer than to splice it.
    """
    reading = _read(image, inertly=True)
    return reading.root, reading.declared, reading.found


def _text(found: Found) -> str:
    body, verify = "".join(found.body).strip(), (found.verify or "").strip()
    name = found.version.name
    if body and verify and not (found.version.svg_json_has_verify and id_of(parse_object(body)) == verify):
        raise Unreadable(f"The {name} badge in the SVG says one thing in `verify` and another in its text.")
    if not body and not verify:
        raise Unreadable(f"The {name} badge in the SVG is empty.")
    return body or verify


def _element(tag: str, text: str, version: Version) -> str:
    if not text.startswith("{"):
        return f"<{tag} verify={quoteattr(text)}/>"
    hosted = id_of(parse_object(text)) if version.svg_json_has_verify else None
    verify = f" verify={quoteattr(hosted)}" if hosted and _URL.fullmatch(hosted) else ""
    return f"<{tag}{verify}><![CDATA[{text}]]></{tag}>"


def _spliced(image: bytes, splices: list[tuple[int, int, bytes]]) -> bytes:
    """`image` with each stretch replaced; stretches that lie inside another (a badge in a badge) go with it."""
    parts, at = [], 0
    for start, end, replacement in sorted(splices):
        if start >= at:
            parts += [image[at:start], replacement]
            at = end
    return b"".join([*parts, image[at:]])


class _Reader:
    """Target of the XML parser: remembers the root and the badges, counts, and refuses what is not inert."""

    def __init__(self, image: bytes, *, inertly: bool) -> None:
        self._image, self._inertly = image, inertly
        self.parser: Any = XMLParser(target=self, forbid_dtd=inertly)
        if not inertly:
            self.parser.parser.StartDoctypeDeclHandler = self._doctype
        self.has_doctype = False
        self.parser.parser.XmlDeclHandler = _declaration
        self.root = (0, 0)
        self.declared: dict[str, str] = {}
        self.found: list[Found] = []
        self._path: list[Found | None] = []
        self._elements = 0
        self._style: list[str] | None = None

    def start_ns(self, prefix: str, uri: str) -> None:
        if not self._path:
            self.declared[prefix] = uri

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._path) >= DEEPEST:
            raise TooLarge(f"The SVG has more than {MOST_ELEMENTS} elements or {DEEPEST} levels.")
        begin = self.parser.parser.CurrentByteIndex
        if not self._path:
            if tag not in _SVG:
                raise Unreadable("The XML is not an SVG picture.")
            self.root = self._tag(begin)
        elif parent := self._path[-1]:
            parent.children += 1
        # In attributes, the parser drops what only a document type that nobody fetched could have explained.
        if self.has_doctype and _UNEXPLAINED.search(self._image, *self._tag(begin)):
            raise Unsupported(_UNSAFE)
        version = _BY_ELEMENT.get(tag)
        found = Found(version, len(self._path) + 1, begin, verify=_verify(tag, attributes)) if version else None
        if found:
            self.found.append(found)
        elif self._inertly:
            inert.refuse_element(tag, attributes)
            self._style = [] if tag.rpartition("}")[2].casefold() == "style" else self._style
        self._path.append(found)

    def data(self, text: str) -> None:
        if self._path and (found := self._path[-1]):
            found.body.append(text)
        elif self._style is not None:
            self._style.append(text)

    def end(self, _tag: str) -> None:
        if found := self._path.pop():
            start, end = self._tag(found.start)
            if not self._image.endswith(b"/>", start, end):
                _, end = self._tag(self.parser.parser.CurrentByteIndex)
            found.end = end
        elif self._style is not None:
            inert.refuse_style("".join(self._style))
            self._style = None

    def pi(self, target: str, _text: str | None = None) -> None:
        if self._inertly:
            inert.refuse_instruction(target)

    def _doctype(self, _name: str, system: str | None, _public: str | None, has_internal_subset: int) -> None:
        """Drawing programs name the SVG of the W3C, which says nothing of badges. It is not fetched; of any other
        document type, and of one that stands in the file, nobody knows what it would make of the rest.
        """
        self.has_doctype = True
        if has_internal_subset or not (system is None or _W3C.fullmatch(system)):
            raise Unsupported(_UNSAFE)

    def _tag(self, at: int) -> tuple[int, int]:
        match = _TAG.match(self._image, at)
        if not match:
            raise Unreadable("The SVG is not well-formed XML.")
        return match.span()


def _verify(tag: str, attributes: Mapping[str, str]) -> str | None:
    """The `verify` of a badge element, which some bakers put into the badge's namespace.

    Raises `Unreadable` where there are two that differ.
    """
    said = {attributes[name] for name in ("verify", f"{tag.partition('}')[0]}}}verify") if name in attributes}
    if len(said) > 1:
        raise Unreadable("The badge in the SVG has two `verify` attributes; it is unclear which one counts.")
    return next(iter(said), None)


def _declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    """What is spliced in is UTF-8, so the rest has to be."""
    if encoding and encoding.casefold() not in ("utf-8", "utf8"):
        raise Unreadable(f"The SVG is written in {encoding}; only UTF-8 is read.")


def _read(image: bytes, *, inertly: bool) -> _Reader:
    """One pass over the SVG, without entities and, `inertly`, without a DTD; bounded in elements and depth."""
    reader = _Reader(image, inertly=inertly)
    try:
        image.decode()
        reader.parser.feed(image)
        reader.parser.close()
    except DefusedXmlException as error:
        if inertly:
            raise Unreadable("The SVG has a document type or entities, which may hide or multiply content.") from error
        raise Unsupported(_UNSAFE) from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"The SVG is not UTF-8: byte {error.start} cannot be read.") from error
    except (ParseError, ValueError, LookupError) as error:
        if reader.has_doctype and getattr(error, "code", None) == _UNDEFINED_ENTITY:
            raise Unsupported(_UNSAFE) from error
        raise Unreadable(f"The SVG is not well-formed XML: {error}.") from error
    return reader
