"""Formats of a workbook: its own with another fill, and those of the problem list."""

from __future__ import annotations

import re
from typing import Literal

from prepos.data.workbook.splice import Children, apply, attribute, children, tag_end, utf8

Kind = Literal["error", "warning"]

# Not the colours that the sheet `start` shows: marks of an earlier check are found by their colour and taken away.
FILLS: dict[Kind, str] = {"error": "FFFFC9BE", "warning": "FFFFF2B9"}


class Styles:
    """The part `styles.xml`, with what is added to it."""

    def __init__(self, xml: bytes) -> None:
        self.xml = utf8(xml)
        self.fonts, self.fills = self._list("fonts"), self._list("fills")
        self.formats = self._list("cellXfs")
        self.prefix = self._children("cellXfs").prefix
        self._made: dict[tuple[int, Kind], int] = {}
        self._wipe()
        self._fills = {kind: self._add_fill(colour) for kind, colour in FILLS.items()}

    def marked(self, style: int, kind: Kind) -> int:
        """Return the format that is another with the fill of a mark."""
        if (style, kind) not in self._made:
            found = self.formats[style if style < len(self.formats) else 0]
            end = tag_end(found, 0)
            tag = attribute(attribute(found[:end], "fillId", str(self._fills[kind])), "applyFill", "1")
            self.formats.append(tag + found[end:])
            self._made[style, kind] = len(self.formats) - 1
        return self._made[style, kind]

    def add(self, *, font: str = "", kind: Kind | None = None, wrap: bool = True) -> int:
        """Return a new format: font as XML inside ``<font>``, the fill of a mark, wrapped text."""
        p = self.prefix
        font_id = 0
        if font:
            self.fonts.append(f"<{p}font>{font.replace('<', f'<{p}')}</{p}font>".encode())
            font_id = len(self.fonts) - 1
        fill_id = 0 if kind is None else self._fills[kind]
        align = f'<{p}alignment vertical="top"{" wrapText=" + chr(34) + "1" + chr(34) if wrap else ""}/>'
        self.formats.append(
            f'<{p}xf numFmtId="0" fontId="{font_id}" fillId="{fill_id}" borderId="0" xfId="0" applyFont="1" '
            f'applyFill="1" applyAlignment="1">{align}</{p}xf>'.encode()
        )
        return len(self.formats) - 1

    def result(self) -> bytes:
        """Return the part with everything added."""
        lists = (("fonts", self.fonts), ("fills", self.fills), ("cellXfs", self.formats))
        return apply(self.xml, [self._children(name).filled(found) for name, found in lists])

    def _children(self, name: str) -> Children:
        found = children(self.xml, name)
        if found is None:
            raise ValueError(f"the workbook's formats have no {name}")
        return found

    def _list(self, name: str) -> list[bytes]:
        return self._children(name).texts()

    def _add_fill(self, colour: str) -> int:
        p = self.prefix
        colours = f'<{p}fgColor rgb="{colour}"/><{p}bgColor indexed="64"/>'
        pattern = f'<{p}patternFill patternType="solid">{colours}</{p}patternFill>'
        self.fills.append(f"<{p}fill>{pattern}</{p}fill>".encode())
        return len(self.fills) - 1

    def _wipe(self) -> None:
        """Take the fill of earlier marks away."""
        old = {n for n, fill in enumerate(self.fills) if any(colour.encode() in fill for colour in FILLS.values())}
        for n, found in enumerate(self.formats):
            end = tag_end(found, 0)
            fill = re.search(rb"\sfillId=[\"'](\d+)[\"']", found[:end])
            if fill and int(fill[1]) in old:
                self.formats[n] = attribute(found[:end], "fillId", "0") + found[end:]
