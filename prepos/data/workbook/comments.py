"""Comments of a sheet: the user's are kept, what prepos has to say is put behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from openpyxl.utils.cell import coordinate_to_tuple

from prepos.data.workbook.splice import Children, apply, children, plain, root_prefix, utf8

SIGN = "prepos check: "
"""How a comment of prepos begins: a later check finds it by this and takes it away."""

NEW = b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors/><commentList/></comments>'
NEW_DRAWING = b"""\
<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel">\
<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>\
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
SHAPE = """\
<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202" \
style="position:absolute;margin-left:80pt;margin-top:5pt;width:220pt;height:{height}pt;z-index:1;visibility:hidden" \
fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>\
<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>\
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>\
<x:Anchor>{left}, 15, {top}, 8, {right}, 20, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"""
LINE = 40  # letters in a line of a comment


def add_comments(xml: bytes, texts: Mapping[str, str]) -> tuple[bytes, list[str], list[str]]:
    """Return the part of a sheet's comments with more of them.

    Parameters
    ----------
    xml
        The part; `NEW` where the sheet has none.
    texts
        Cell -> what to say there; behind what the user said.

    Returns
    -------
    tuple
        The part, the cells that have a comment now and had none, and those of an earlier check that have none any more.
    """
    xml = utf8(xml)
    p = root_prefix(xml)
    authors, found = _list(xml, "authors"), _list(xml, "commentList")
    kept = {_cell(comment): _cleaned(comment) for comment in found.texts()}
    gone = [cell for cell, comment in kept.items() if not _says(comment) and cell not in texts]
    new = [cell for cell in texts if cell not in kept]
    for cell, text in texts.items():
        if cell in kept:
            kept[cell] = _behind(kept[cell], _run(p, ("\n\n" if _says(kept[cell]) else "") + SIGN + text))
        else:
            author = len(authors.spans)
            start = f'<{p}comment ref="{cell}" authorId="{author}"><{p}text>'
            kept[cell] = (start + _run(p, SIGN + text) + f"</{p}text></{p}comment>").encode()
    ordered = sorted((cell for cell in kept if cell not in gone), key=coordinate_to_tuple)
    edits = [
        authors.filled([*authors.texts(), f"<{p}author>prepos</{p}author>".encode()]),
        found.filled(kept[cell] for cell in ordered),
    ]
    return apply(xml, edits), new, gone


def draw_comments(drawing: bytes, new: Iterable[str], gone: Iterable[str], texts: Mapping[str, str]) -> bytes:
    """Return the drawing that holds the boxes of a sheet's comments, with boxes for new ones."""
    for cell in gone:
        row, column = coordinate_to_tuple(cell)
        drawing = re.sub(
            rb"<v:shape\b(?:(?!</v:shape>).)*</v:shape>", _unless(row - 1, column - 1), drawing, flags=re.S
        )
    number = max((int(found) for found in re.findall(rb"_x0000_s(\d+)", drawing)), default=1024)
    boxes = [_box(number + n, cell, texts[cell]) for n, cell in enumerate(new, start=1)]
    end = drawing.rindex(b"</xml>")
    return drawing[:end] + "".join(boxes).encode() + drawing[end:]


def _list(xml: bytes, name: str) -> Children:
    found = children(xml, name)
    if found is None:
        raise ValueError(f"the comments have no {name}")
    return found


def _cell(comment: bytes) -> str:
    found = re.search(rb"\sref=[\"']([A-Z]+[0-9]+)[\"']", comment)
    return found[1].decode() if found else "A1"


def _cleaned(comment: bytes) -> bytes:
    """Take away what an earlier check said."""
    pattern = rb"(<(?:\w+:)?t\b[^>]*>)((?:(?!</).)*?)\s*" + SIGN.encode() + rb"(?:(?!</).)*"
    return re.sub(pattern, rb"\1\2", comment, flags=re.S)


def _says(comment: bytes) -> bool:
    return any(text.strip() for text in re.findall(rb"<(?:\w+:)?t\b[^>/]*>([^<]*)</", comment))


def _run(p: str, text: str) -> str:
    return f'<{p}r><{p}t xml:space="preserve">{plain(text)}</{p}t></{p}r>'


def _behind(comment: bytes, run: str) -> bytes:
    """Put a run behind those of a comment, before what describes their pronunciation."""
    found = re.search(rb"<(\w+:)?(phoneticPr|rPh)\b", comment) or re.search(rb"</(\w+:)?text>", comment)
    if found is None:
        return re.sub(rb"<((?:\w+:)?text)\s*/>", lambda tag: b"<%s>%s</%s>" % (tag[1], run.encode(), tag[1]), comment)
    return comment[: found.start()] + run.encode() + comment[found.start() :]


def _unless(row: int, column: int) -> Callable[[re.Match[bytes]], bytes]:
    def keep(shape: re.Match[bytes]) -> bytes:
        here = re.search(rb"<x:Row>\s*%d\s*</x:Row>" % row, shape[0]) and re.search(
            rb"<x:Column>\s*%d\s*</x:Column>" % column, shape[0]
        )
        return b"" if here else shape[0]

    return keep


def _box(number: int, cell: str, text: str) -> str:
    row, column = coordinate_to_tuple(cell)
    lines = 1 + sum(-(-len(line) // LINE) for line in (SIGN + text).splitlines())
    top = max(row - 2, 0)
    return SHAPE.format(
        id=number,
        height=13 * lines,
        left=column,
        right=column + 3,
        top=top,
        bottom=top + lines,
        row=row - 1,
        column=column - 1,
    )
