"""Changes to an XML part that leave every other byte of it as it was.

A parser that reads and writes again would rename prefixes and drop what it does not know, and spreadsheets refuse such
files. Here places are found by expat, and text is put in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape

Edit = tuple[int, int, bytes]
"""Start and end of what goes, and what comes in its place."""

ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Children:
    """The children of one element.

    Parameters
    ----------
    xml
        The whole part.
    tag
        Start and end of the element's start tag.
    end
        Start of its end tag; the end of the start tag where it closes itself.
    spans
        Start and end of each child.
    """

    xml: bytes
    tag: tuple[int, int]
    end: int
    spans: tuple[tuple[int, int], ...]

    @property
    def prefix(self) -> str:
        """Prefix of the element's name, with its colon."""
        return prefix_of(self.xml[self.tag[0] : self.tag[1]])

    def texts(self) -> list[bytes]:
        """Return the children as they stand."""
        return [self.xml[start:end] for start, end in self.spans]

    def filled(self, children: Iterable[bytes]) -> Edit:
        """Return the edit that puts other children in place of these, and corrects the count."""
        found = list(children)
        tag = self.xml[self.tag[0] : self.tag[1]]
        name = re.match(rb"<([^\s/>]+)", tag)
        closed = tag.endswith(b"/>")
        tag = re.sub(rb"\scount=([\"'])\d*\1", b' count="%d"' % len(found), tag)
        if closed and name:
            tag = tag[:-2].rstrip() + b">"
            return (*self.tag, tag + b"".join(found) + b"</" + name[1] + b">")
        return (self.tag[0], self.end, tag + b"".join(found))


def utf8(xml: bytes) -> bytes:
    """Return a part as UTF-8."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        return re.sub(r"^<\?xml[^>]*\?>", "", xml.decode("utf-16")).encode()
    return xml


def children(xml: bytes, name: str, depth: int = 1) -> Children | None:
    """Return the children of the first element of a name, so deep below the root (0: the root itself)."""
    found: list[tuple[str, int]] = []  # names open, with where they start
    spans: list[tuple[int, int]] = []
    result: list[Children] = []
    parser = expat.ParserCreate()

    def inside() -> bool:
        return len(found) > depth and found[depth][0] == name and not result

    def start(tag: str, _: dict[str, str]) -> None:
        found.append((local(tag), parser.CurrentByteIndex))

    def end(_: str) -> None:
        _, begin = found[-1]
        stop = element_end(xml, begin, parser.CurrentByteIndex)
        if inside() and len(found) == depth + 2:
            spans.append((begin, stop))
        elif inside() and len(found) == depth + 1:
            tag = (begin, tag_end(xml, begin))
            result.append(Children(xml, tag, tag[1] if stop == tag[1] else parser.CurrentByteIndex, tuple(spans)))
        found.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml, True)
    return result[0] if result else None


def tag_end(xml: bytes, start: int) -> int:
    """Return where a start tag ends."""
    return xml.index(b">", start) + 1


def element_end(xml: bytes, start: int, index: int) -> int:
    """Return where an element ends, from the place at which expat tells its end."""
    stop = tag_end(xml, start)
    return stop if xml[stop - 2 : stop] == b"/>" else tag_end(xml, index)


def apply(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the part with all edits made; those at one place come in the order given."""
    pieces, at = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[0]):
        pieces += [xml[at:start], text]
        at = end
    return b"".join([*pieces, xml[at:]])


def append(xml: bytes, child: bytes) -> bytes:
    """Return the part with one more child at the end of its root."""
    root = children(xml, root_name(xml), 0)
    if root is None:
        raise ValueError("a part without a root")
    return apply(xml, [root.filled([*root.texts(), child])])


def root_name(xml: bytes) -> str:
    """Return the name of the root without its prefix."""
    return local(_root(xml))


def root_prefix(xml: bytes) -> str:
    """Return the prefix of the root's name, with its colon."""
    name = _root(xml)
    return f"{name.rpartition(':')[0]}:" if ":" in name else ""


def _root(xml: bytes) -> str:
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: names.append(name)
    parser.Parse(xml, True)
    return names[0]


def prefix_of(tag: bytes) -> str:
    """Return the prefix of a start tag's name, with its colon."""
    found = re.match(rb"<([^\s/>:]+:)", tag)
    return found[1].decode() if found else ""


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def attribute(tag: bytes, name: str, value: str) -> bytes:
    """Return a start tag with an attribute set."""
    pattern = rb"(\s)" + name.encode() + rb"=(\"[^\"]*\"|'[^']*')"
    written = f'{name}="{value}"'.encode()
    if re.search(pattern, tag):
        return re.sub(pattern, lambda found: found[1] + written, tag, count=1)
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + b" " + written + tag[end:]


def plain(text: str) -> str:
    """Return a text as it may stand between tags or, without line breaks, in an attribute."""
    return escape(ILLEGAL.sub(" ", text), {'"': "&quot;"})
