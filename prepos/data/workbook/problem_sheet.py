"""The sheet `problems`: what is wrong, what to write instead, and a link to each cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from prepos.data.tables import TABLES
from prepos.data.workbook.edit import FORMAT, RELATIONS, Changes
from prepos.data.workbook.look import rule
from prepos.data.workbook.package import Package
from prepos.data.workbook.splice import apply, children, plain, root_prefix, utf8
from prepos.data.workbook.styles import Styles
from prepos.errors import Problem

NAME = "problems"
HEADER = ("severity", "problem", "suggested fix", "sheet", "cell", "column")
WIDTHS = (11, 62, 52, 16, 9, 22)
UNTOUCHED = b"<!-- as prepos check wrote it -->"
"""Lost as soon as a spreadsheet saves the file: a copy that still has it may be replaced by the next."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MOST = 100_000  # problems listed
LONGEST = 8_000  # letters of a cell


def put_problems(changes: Changes, problems: Sequence[Problem], styles: Styles) -> None:
    """Add the list of problems as the last sheet; the list of an earlier check is replaced."""
    xml = problems_xml(problems, styles)
    package = changes.package
    earlier = next(
        (sheet for sheet in package.sheets if sheet.name.startswith(NAME) and _is_list(package, sheet.part)), None
    )
    if earlier is not None:
        changes[earlier.part] = xml
        return
    part = changes.add("xl/worksheets/problems", ".xml", xml, f"{FORMAT}.worksheet+xml")
    key = changes.relate(package.main, "worksheet", part)
    _list_sheet(changes, _free_name(package), key)


def split(problem: Problem) -> tuple[str, str]:
    """Return what is wrong, and what to do about it."""
    message = re.sub(r"; also in rows? [\d, ]+(and [\d,]+ more)?$", "", problem.message)
    found = re.search(r" \(did you mean '([^']*)'\?\)", message)
    if found:
        return message[: found.start()], f"write {found[1]}"
    wrong, semicolon, fix = _outside_quotes(message)
    if semicolon:
        return wrong, fix
    if problem.severity == "warning":
        return message, "nothing, if it is meant so"
    name = problem.table.removeprefix("sheet ")
    columns = TABLES[name].columns if name in TABLES else ()
    column = next((column for column in columns if column.name == problem.column), None)
    return message, "" if column is None else f"{rule(column)} ({column.meaning})"


def _outside_quotes(message: str) -> tuple[str, str, str]:
    """Split at the first semicolon that is not part of a quoted cell."""
    parts = re.split(r"('[^']*')", message)
    hidden = "".join("x" * len(part) if n % 2 else part for n, part in enumerate(parts))
    at = hidden.find("; ")
    return (message, "", "") if at < 0 else (message[:at], ";", message[at + 2 :])


def problems_xml(problems: Sequence[Problem], styles: Styles) -> bytes:
    """Return the sheet as XML."""
    bold = styles.add(font='<b/><sz val="11"/><name val="Calibri"/>')
    link = styles.add(font='<u/><sz val="11"/><color rgb="FF0B5CAD"/><name val="Calibri"/>', wrap=False)
    text, marks = styles.add(), {kind: styles.add(kind=kind) for kind in ("error", "warning")}
    rows = [_row(1, HEADER, [bold] * len(HEADER))]
    links = []
    for number, problem in enumerate(problems[:MOST], start=2):
        wrong, fix = split(problem)
        sheet = problem.table.removeprefix("sheet ")
        cells = (problem.severity, wrong, fix, sheet, problem.cell, problem.column)
        place = link if problem.cell else text
        rows.append(_row(number, cells, [marks[problem.severity], text, text, text, place, text]))
        if problem.cell:
            target = plain(f"'{sheet.replace(chr(39), chr(39) * 2)}'!{problem.cell}")
            links.append(f'<hyperlink ref="E{number}" location="{target}" display="{problem.cell}"/>')
    if len(problems) > MOST:
        rows.append(_row(MOST + 2, ("", f"and {len(problems) - MOST:,} more"), [text, text]))
    columns = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(WIDTHS, start=1))
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">{UNTOUCHED.decode()}'
        '<sheetPr><tabColor rgb="FFC0392B"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>'
        f'<autoFilter ref="A1:F{max(len(rows), 2)}"/>{hyperlinks}'
        '<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _row(number: int, cells: Sequence[str], looks: Sequence[int]) -> str:
    texts = [f'<is><t xml:space="preserve">{plain(cell[:LONGEST])}</t></is>' for cell in cells]
    written = "".join(
        f'<c r="{chr(65 + n)}{number}" s="{look}" t="inlineStr">{text}</c>'
        for n, (text, look) in enumerate(zip(texts, looks, strict=True))
    )
    lines = max(-(-len(cell) // (width - 2)) for cell, width in zip(cells, WIDTHS, strict=False)) or 1
    return f'<row r="{number}" ht="{15.5 * lines:g}" customHeight="1">{written}</row>'


def _is_list(package: Package, part: str) -> bool:
    """Tell whether a sheet is a list of problems, by its first row: its texts stand in it, or are shared."""
    xml = package.parts[part]
    if UNTOUCHED in xml:
        return True
    shared = package.parts.get("xl/sharedStrings.xml", b"")
    return all(f">{name}<".encode() in xml or f">{name}<".encode() in shared for name in HEADER)


def _free_name(package: Package) -> str:
    names = {sheet.name.casefold() for sheet in package.sheets}
    return next(name for name in (NAME, *(f"{NAME} {n}" for n in range(2, 1000))) if name not in names)


def _list_sheet(changes: Changes, name: str, relation: str) -> None:
    main = changes.package.main
    xml = utf8(changes[main])
    p = root_prefix(xml)
    numbers = [int(found) for found in re.findall(rb"\ssheetId=[\"'](\d+)[\"']", xml)]
    number = max(numbers, default=0) + 1
    child = f'<{p}sheet xmlns:r="{RELATIONS}" name="{plain(name)}" sheetId="{number}" r:id="{relation}"/>'
    changes[main] = _into_sheets(xml, child.encode())


def _into_sheets(xml: bytes, child: bytes) -> bytes:
    found = children(xml, "sheets")
    if found is None:
        raise ValueError("the workbook lists no sheets")
    return apply(xml, [found.filled([*found.texts(), child])])
