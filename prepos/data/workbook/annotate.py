"""The user's own workbook as a copy with its wrong cells marked; all else stays byte for byte as it was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from prepos.data.workbook.comments import NEW, NEW_DRAWING, add_comments, draw_comments
from prepos.data.workbook.edit import FORMAT, Changes
from prepos.data.workbook.marks import link_drawing, mark_cells
from prepos.data.workbook.package import open_package, write_package
from prepos.data.workbook.problem_sheet import UNTOUCHED, put_problems
from prepos.data.workbook.splice import utf8
from prepos.data.workbook.styles import Kind, Styles
from prepos.errors import DataError, Problem, UsageError

CHECKED = "-checked"
MOST_COMMENTS = (
    2_000  # of a sheet; a spreadsheet with more of them becomes slow. Every wrong cell is filled all the same
)
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


def annotate(path: Path, problems: Sequence[Problem]) -> Path:
    """Write a copy of a workbook beside it, ``<name>-checked.xlsx``, in which its problems are marked.

    Wrong cells are filled and say in a comment what is wrong; a sheet `problems` lists all. Values, formulas with their
    results, formats, comments and everything else of the user's stay as they were: only the parts that must change are
    touched, and only in the places that must.

    Parameters
    ----------
    path
        The workbook.
    problems
        As `read_workbook` tells them.

    Returns
    -------
    Path
        The copy. An earlier one is replaced as long as nobody has saved it since.

    Raises
    ------
    UsageError
        When the copy cannot be written.
    DataError
        When the workbook cannot be read.
    """
    package = open_package(path)
    changes = Changes(package)
    try:
        _mark(changes, problems)
    except (ValueError, KeyError, IndexError) as error:
        message = f"cannot be marked ({error}); open it in a spreadsheet, save it again, and repeat the check"
        raise DataError(str(path), [Problem(path.name, message)]) from None
    copy = _free(path)
    try:
        write_package(copy, package, changes.parts)
    except OSError as error:
        raise UsageError(f"{copy}: cannot be written ({error.strerror or error})") from None
    return copy


def _mark(changes: Changes, problems: Sequence[Problem]) -> None:
    package = changes.package
    styles_part = changes.related(package.main, "styles")
    if not styles_part:
        raise ValueError("it has no formats")
    styles = Styles(changes[styles_part])
    by_sheet: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.cell:
            by_sheet[problem.table.removeprefix("sheet ")].append(problem)
    for sheet in package.sheets:
        found = by_sheet.get(sheet.name, [])
        if found:
            changes[sheet.part] = mark_cells(utf8(changes[sheet.part]), _kinds(found), styles.marked)
        if found or changes.related(sheet.part, "comments"):
            _comment(changes, sheet.part, _texts(found))
    put_problems(changes, problems, styles)
    changes[styles_part] = styles.result()


def _kinds(problems: Iterable[Problem]) -> dict[tuple[int, int], Kind]:
    """Return the mark of each cell; an error goes before a warning."""
    kinds: dict[tuple[int, int], Kind] = {}
    for problem in problems:
        row, column = coordinate_to_tuple(problem.cell)
        for place in ((row, column), *((other, column) for other in problem.also)):
            if kinds.get(place) != "error":
                kinds[place] = problem.severity
    return kinds


def _texts(problems: Iterable[Problem]) -> dict[str, str]:
    """Return what to say at each cell, as far as there is room."""
    texts: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        texts[problem.cell].append(problem.message)
        _, column = coordinate_to_tuple(problem.cell)
        for row in problem.also:
            texts[f"{get_column_letter(column)}{row}"].append(re.sub(r"; also in rows? [^;]*$", "", problem.message))
    return {cell: "\n".join(dict.fromkeys(found)) for cell, found in list(texts.items())[:MOST_COMMENTS]}


def _comment(changes: Changes, sheet: str, texts: dict[str, str]) -> None:
    comments = changes.related(sheet, "comments")
    before = utf8(changes[comments]) if comments else NEW
    if not texts and b"prepos check: " not in before:
        return
    xml, new, gone = add_comments(before, texts)
    if comments:
        changes[comments] = xml
    else:
        changes.relate(sheet, "comments", changes.add("xl/commentsPrepos", ".xml", xml, f"{FORMAT}.comments+xml"))
    drawing = _drawing(changes, sheet)
    if drawing:
        changes[drawing] = draw_comments(changes[drawing], new, gone, texts)
    elif new:
        boxes = draw_comments(NEW_DRAWING, new, gone, texts)
        part = changes.add("xl/drawings/vmlDrawingPrepos", ".vml", boxes, DRAWING_TYPE)
        changes[sheet] = link_drawing(utf8(changes[sheet]), changes.relate(sheet, "vmlDrawing", part))


def _drawing(changes: Changes, sheet: str) -> str:
    """Return the part with the boxes of a sheet's comments; pictures of its header and footer are drawn elsewhere."""
    found = re.search(rb"<(?:\w+:)?legacyDrawing\s[^>]*?id=[\"']([^\"']+)[\"']", changes[sheet])
    wanted = found[1].decode() if found else ""
    return next((target for key, _, target in changes.relations(sheet) if key == wanted and target in changes), "")


def _free(path: Path) -> Path:
    """Return the first name for a copy that is free, or holds a copy that nobody has saved since."""
    stem = re.sub(rf"{CHECKED}(-\d+)?$", "", path.stem)
    for number in range(1, 1000):
        copy = path.with_name(f"{stem}{CHECKED}{'' if number == 1 else f'-{number}'}{path.suffix}")
        if not copy.exists() or (copy.resolve() != path.resolve() and _untouched(copy)):
            return copy
    raise UsageError(f"{path.name}: there are too many checked copies beside it; delete some")


def _untouched(copy: Path) -> bool:
    try:
        package = open_package(copy)
    except DataError:
        return False
    return any(UNTOUCHED in package.parts[sheet.part] for sheet in package.sheets)
