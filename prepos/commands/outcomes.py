"""`prepos outcomes`: an outcome set drawn from the disasters of a scenario, reduced, stressed, and written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from rich.console import RenderableType

from prepos.commands.answer import Answer
from prepos.commands.tables import number, table
from prepos.data.outcome_sets.history import By, history
from prepos.data.outcome_sets.reduction import reduce_outcomes
from prepos.data.outcome_sets.sampling import SampleOptions
from prepos.data.outcome_sets.seasons import Kind, sample
from prepos.data.outcome_sets.stress import parse_what_if, stress
from prepos.data.outcomes import needs
from prepos.data.scenario import Scenario
from prepos.data.settings import RULE_SETS
from prepos.data.suggest import nearest
from prepos.data.write import write_scenario
from prepos.errors import UsageError
from prepos.library import load_scenario

SETS = (*get_args(Kind), "history")
RECORD = "outcome_set.json"
MOST_RATES = 12


@dataclass(frozen=True)
class OutcomeOptions:
    """What was asked besides the scenario; `sampling` is for the sets that are sampled."""

    kind: str = "seasons"
    by: str = "event"
    keep: int | None = None
    what_ifs: tuple[str, ...] = ()
    rules: str = ""
    into: Path | None = None
    sampling: SampleOptions = field(default_factory=SampleOptions)


def sampling(n: int, seed: int, period_days: float | None, start_month: int | None, law: str) -> SampleOptions:
    """Return the sampling options of a command line; raises UsageError where one is impossible."""
    chosen: Any = law
    return SampleOptions(n, seed, period_days, start_month, chosen)


def outcomes(scenario_name: str, options: OutcomeOptions) -> Answer:
    """Make an outcome set, say what it rests on, and write the scenario that holds it."""
    _refuse(options)
    what_ifs = [parse_what_if(text) for text in options.what_ifs]
    scenario = load_scenario(scenario_name)
    if options.rules:
        scenario = replace(scenario, settings=replace(scenario.settings, need_rules=options.rules))
    made, document = _made(scenario, options)
    if options.keep is not None:
        made, reduction = reduce_outcomes(made, options.keep)
        document["reduction"] = reduction.as_dict()
    if what_ifs:
        made = stress(made, what_ifs, options.sampling.seed)
        document["what_ifs"] = [{"what_if": each.name, "probability": each.probability} for each in what_ifs]
    document |= _contents(made)
    if options.into is not None:
        _write(made, options.into, document)
    folder = None if options.into is None else str(options.into)
    return Answer({**document, "folder": folder}, lambda: _parts(document, options))


def _refuse(options: OutcomeOptions) -> None:
    for option, value, known in (
        ("--set", options.kind, SETS),
        ("--by", options.by, get_args(By)),
        ("--rules", options.rules, ("", *RULE_SETS)),
    ):
        if value not in known:
            names = ", ".join(name for name in known if name)
            raise UsageError(f"{option} {value}: not one of {names}{nearest(value, known)}")
    into = options.into
    if into is not None and into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into}: holds something already; name a new folder, nothing is overwritten")


def _made(scenario: Scenario, options: OutcomeOptions) -> tuple[Scenario, dict[str, Any]]:
    """Return the scenario with its new outcomes, and what they rest on."""
    head = {"scenario": scenario.name, "set": options.kind, "seed": options.sampling.seed}
    if options.kind == "history":
        by: Any = options.by
        return history(scenario, by), {**head, "by": options.by}
    kind: Any = options.kind
    drawn = sample(scenario, kind, options.sampling)
    return drawn.scenario, {**head, "process": drawn.process.as_dict(), "sampled": drawn.as_dict()}


def _contents(made: Scenario) -> dict[str, Any]:
    wanted = needs(made)
    chance = made.outcomes.set_index("outcome")["probability"]
    expected = (wanted["quantity"] * wanted["outcome"].map(chance)).groupby(wanted["item"]).sum()
    largest = wanted.groupby(["outcome", "item"])["quantity"].sum().groupby("item").max()
    return {
        "outcomes": len(made.outcomes),
        "probability": float(chance.sum()),
        "need_rows": len(wanted),
        "period_days": made.settings.period_days,
        "needs": [
            {"item": item, "expected_units": float(expected[item]), "largest_units": float(largest[item])}
            for item in made.items["item"]
            if item in expected.index
        ],
    }


def _write(made: Scenario, folder: Path, document: dict[str, Any]) -> None:
    write_scenario(made, folder)
    text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
    (folder / RECORD).write_text(text, encoding="utf-8")


def _parts(document: dict[str, Any], options: OutcomeOptions) -> tuple[RenderableType, ...]:
    parts: list[RenderableType] = [_headline(document)]
    if "process" in document:
        parts += _process_parts(document["process"], document["sampled"])
    if "reduction" in document:
        parts.append(_reduction_sentence(document["reduction"]))
    if "what_ifs" in document:
        stated = ", ".join(f"{each['what_if']} ({each['probability']:.1%})" for each in document["what_ifs"])
        parts.append(f"What-ifs, each on top of every outcome: {stated}.")
    rows = [[row["item"], number(row["expected_units"]), number(row["largest_units"])] for row in document["needs"]]
    parts.append(table("Need of one outcome, units", ["item", "expected", "largest"], rows))
    if options.into is None:
        parts.append("Nothing was written; --into DIR writes the scenario folder with these outcomes.")
    else:
        parts.append(f"Scenario folder: {options.into} (fit, rates and reduction in {RECORD})")
    return tuple(parts)


def _headline(document: dict[str, Any]) -> str:
    unit = {
        "seasons": f"seasons of {document['period_days']:,.0f} days",
        "disasters": "single events",
        "history": f"the history by {document.get('by', '')}",
    }
    return f"{document['scenario']}: {document['outcomes']:,} outcomes ({unit[document['set']]})"


def _process_parts(process: dict[str, Any], sampled: dict[str, Any]) -> list[RenderableType]:
    rates = process["rates"]
    shown = [
        [row["region"], row["hazard"], number(row["events"]), f"{row['events_per_year']:.2f}"]
        for row in rates[:MOST_RATES]
    ]
    few = f"{MOST_RATES} of {len(rates)} " if len(rates) > MOST_RATES else ""
    found = f"{process['disasters']:,} disasters are {process['events']:,} events"
    fits = [
        [fit["family"], *(f"{fit[name]:.2f}" for name in ("aic", "ks", "ks_p", "ad", "ad_p"))]
        for fit in process["severity"]["candidates"]
    ]
    used = process["severity"]["candidates"][0]
    return [
        f"History: {found}, {process['events_per_year']:.1f} a year.{_left_out(process['left_out'])}",
        table(f"{few}rates".capitalize(), ["region", "hazard", "events", "a year"], shown, 2),
        _dispersion_sentence(process["dispersion"]),
        table("Size / usual size at the place, fitted", ["family", "AIC", "KS", "p", "AD", "p"], fits),
        f"Used: {used['family']}, the smallest AIC ({_figures(used)}). A small p says that a family is wrong.",
        _sampled_sentence(sampled, process["severity"]["largest_factor"]),
    ]


def _sampled_sentence(sampled: dict[str, Any], most: float) -> str:
    return (
        f"Sampled: {sampled['events_per_outcome']:.2f} events an outcome, {sampled['people_per_event']:,.0f} people in "
        f"need an event (history: {sampled['people_per_event_in_history']:,.0f}); {sampled['without_disaster']:,} "
        f"outcomes without any; {sampled['held_at_the_largest_factor']:,} events held at {most:.0f} times the usual "
        "size."
    )


def _figures(fit: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in fit["parameters"].items())


def _left_out(names: Iterable[str]) -> str:
    left = list(names)
    return f" {len(left)} without people in need left out: {', '.join(left[:5])}." if left else ""


def _dispersion_sentence(tests: list[dict[str, Any]]) -> str:
    """Return which hazards come in worse and better years than chance makes, and where one year alone says so."""
    over = [f"{test['hazard']} (size {test['size']:.2g})" for test in tests if test["law"] == "negative binomial"]
    single = [
        test["hazard"]
        for test in tests
        if test["law"] == "poisson" and (test["p"] or 1) < 0.05 <= (test["p_without_largest"] or 1)
    ]
    text = f"Years differ more than chance for {', '.join(over)}: negative binomial." if over else "Events: Poisson."
    if single:
        text += f" For {', '.join(single)} a single year alone says otherwise, which is taken for fuller records."
    return text


def _reduction_sentence(reduction: dict[str, Any]) -> str:
    return (
        f"Reduced from {reduction['outcomes_before']:,} to {reduction['outcomes']:,}: Kantorovich error "
        f"{reduction['error_households']:,.0f} households, {reduction['error_of_one_outcome']:.0%} of what one outcome "
        f"alone would leave ({reduction['households_per_outcome']:,.0f} households are in need in an outcome)."
    )
