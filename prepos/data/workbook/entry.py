"""What a cell lets in: drop-downs for ids and choices, bounds of numbers, days; drawn from the declared columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from prepos.data.tables import TABLES, Column
from prepos.data.workbook.look import rule

SPARE = 1000  # rows below the filled ones that are guided too
LARGEST = 1e300
MOST_LETTERS = {"title": 32, "message": 255, "list": 255}


def guide(
    sheet: Worksheet, column: Column, position: int, rows: int, columns: Mapping[str, list[str]], in_use: frozenset[str]
) -> None:
    """Put the rule of a column on its cells.

    Parameters
    ----------
    position, rows
        Number of the column (from 0) and of the rows that are filled.
    columns
        Table -> column names of its sheet, to find the ids that a drop-down offers.
    in_use
        Tables with rows: an id that points to another is not refused.
    """
    options = _options(column, columns, in_use)
    if options is None:
        return
    message = f"{rule(column)}." + ("" if column.required else f" Empty: {column.default or 'unknown'}.")
    texts = {"error_title": column.name[: MOST_LETTERS["title"]], "error_message": message[: MOST_LETTERS["message"]]}
    sheet.data_validation(1, position, rows + SPARE, position, {"ignore_blank": True, **texts, **options})


def _options(column: Column, columns: Mapping[str, list[str]], in_use: frozenset[str]) -> dict[str, Any] | None:
    if column.choices:
        if len(",".join(column.choices)) > MOST_LETTERS["list"]:
            return None
        return {"validate": "list", "source": list(column.choices)}
    if column.refers in columns:
        known = column.refers in in_use
        source = ids(column.refers, columns[column.refers])
        return {"validate": "list", "source": source, "error_type": "warning", "show_error": known}
    if column.kind == "date":
        return {"validate": "custom", "value": "=TRUE", "show_error": False, **_hint(column)}
    return _number(column) if column.kind == "number" else None


def ids(table: str, columns: list[str]) -> str:
    """Return the formula that gives the ids of a table, as far down as they go."""
    letter = xl_col_to_name(columns.index(TABLES[table].key[0]))
    place = f"{table}!${letter}$2"
    return f"=OFFSET({place},0,0,MAX(1,COUNTA({place}:${letter}$20000)),1)"


def _hint(column: Column) -> dict[str, Any]:
    return {"input_title": column.name[: MOST_LETTERS["title"]], "input_message": f"{rule(column)}."}


def _number(column: Column) -> dict[str, Any]:
    if column.above is not None:
        return {"validate": "decimal", "criteria": ">", "value": column.above}
    low = -LARGEST if column.low is None else column.low
    high = LARGEST if column.high is None else column.high
    return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
