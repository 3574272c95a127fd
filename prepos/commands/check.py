"""`prepos check`: all problems of a scenario at once, and what was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import RenderableType

from prepos.analysis.oddities import oddities
from prepos.analysis.summary import summary
from prepos.commands.answer import Answer
from prepos.commands.shell import problem_document
from prepos.commands.tables import number, table
from prepos.data.scenario import Scenario
from prepos.errors import DataError, PreposError, Problem
from prepos.instance import build_instance
from prepos.library import find_scenario, load_model, load_scenario


def check(scenario_name: str, model_name: str | None, copy: bool = True) -> Answer:
    """Read a scenario, and a model with it, and say what is odd and what is there; errors are raised.

    Those of a workbook are marked in a copy of it first, unless `copy` says no.
    """
    try:
        scenario = load_scenario(scenario_name)
    except DataError as error:
        raise _marked(find_scenario(scenario_name), error) if copy else error from None
    model = None if model_name is None else load_model(model_name)
    instance = build_instance(scenario, model)
    warnings = oddities(scenario, model)
    figures = summary(instance)
    document = {
        "scenario": scenario.name,
        "model": None if model is None else model.name,
        "errors": 0,
        "warnings": len(warnings),
        "problems": [problem_document(problem) for problem in warnings],
        "summary": figures,
    }
    return Answer(document, lambda: [*_findings(scenario, warnings), *_overview(figures)])


def _marked(path: Path, error: DataError) -> DataError:
    """Return the error with the copy of the workbook that shows it; as it is where there are no cells to mark."""
    if not path.is_file() or not any(problem.cell for problem in error.problems):
        return error
    from prepos.data.workbook.annotate import annotate  # openpyxl is loaded only where there is a workbook

    try:
        marked = str(annotate(path, error.problems))
    except PreposError as failure:
        return DataError(error.subject, error.problems, note=f"No marked copy was written: {failure}")
    return DataError(error.subject, error.problems, marked, f"Marked in a copy, with a list of all: {marked}")


def _findings(scenario: Scenario, warnings: list[Problem]) -> tuple[RenderableType, ...]:
    if not warnings:
        return (f"{scenario.name}: no problem found",)
    noun = "warning" if len(warnings) == 1 else "warnings"
    return (
        "\n".join([f"{scenario.name}: no error, {len(warnings)} {noun}", *(f"  - {problem}" for problem in warnings)]),
    )


def _overview(figures: dict[str, Any]) -> tuple[RenderableType, ...]:
    lines = [
        f"\n{figures['title']}\n{figures['question']}\n",
        "Read: " + ", ".join(f"{name} {rows:,}" for name, rows in figures["rows"].items()) + " rows",
        "Hubs: " + ", ".join(f"{count} {status}" for status, count in figures["hubs"].items() if count),
        _stock_line(figures["stock"]),
        _outcome_line(figures["outcomes"], figures["period_days"]),
        "Lanes (hub-site pairs): " + ", ".join(f"{mode} {pairs:,}" for mode, pairs in figures["lanes"].items()),
        "Rows by their weakest basis: " + ", ".join(f"{name} {rows:,}" for name, rows in figures["basis"].items()),
    ]
    return ("\n".join(lines), _need_grid(figures))


def _stock_line(stock: dict[str, Any]) -> str:
    size = f"{stock['units']:,.0f} units, {stock['m3']:,.0f} m3, {stock['usd']:,.0f} USD"
    return f"Stock today: {size} in {stock['hubs_with_stock']} hubs"


def _outcome_line(outcomes: dict[str, Any], period_days: float) -> str:
    rate = f"{outcomes['expected_per_period']:,.1f} expected in a period of {period_days:,.0f} days"
    people = f"; {outcomes['people_in_need']:,.0f} people in need in all" if outcomes["people_in_need"] else ""
    return f"Outcomes: {outcomes['number']:,} {outcomes['kind']}, {rate}{people}"


def _need_grid(figures: dict[str, Any]) -> RenderableType:
    rows = [
        [row["item"], number(row["expected_units"]), number(row["largest_units"]), number(row["stock_units"])]
        for row in figures["needs"]
    ]
    return table("Need of one outcome, units", ["item", "expected", "largest", "stock today"], rows)
