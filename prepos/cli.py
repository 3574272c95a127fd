"""The command line: which commands there are and what each may be asked.

The work is done in `prepos.commands`, loaded when a command runs, so that ``prepos --help`` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from prepos.commands.shell import Shell

app = typer.Typer(
    name="prepos",
    cls=Shell,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Where humanitarian stock should wait: plan it, stress-test it, compare plans.",
    epilog=(
        "Exit codes: 0 done, 1 internal fault, 2 usage, 3 data, 4 infeasible, "
        "5 stopped early with a plan, 6 stopped with none."
    ),
)

ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="Folder of a scenario, its .xlsx workbook, or the name of one.")
]
ModelOption = Annotated[str, typer.Option("--model", metavar="MODEL", help="Model file, or the name of one.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="RUN", help="Run folder to write [default: under runs/].")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of all chance.")]
Replications = Annotated[
    int | None, typer.Option("--replications", min=2, metavar="N", help="Number of simulated periods.")
]


def _version(wanted: bool) -> None:
    if wanted:
        import prepos

        typer.echo(f"prepos {prepos.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Where humanitarian stock should wait: plan it, stress-test it, compare plans."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder for the scenario.")],
    scenario: Annotated[str, typer.Option("--scenario", metavar="NAME", help="Scenario to start from.")] = "iom-2015",
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Model to start from.")] = "expected-cost",
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Copy a scenario and a model into a new folder, filled and ready to edit."""
    from prepos.commands.answer import respond
    from prepos.commands.init import init

    raise typer.Exit(respond(lambda: init(folder, scenario, model), as_json))


@app.command("import")
def import_rows(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="emdat, idmc, dtm, gdacs, glide, usgs, ifrc, dfo, esups or generic."),
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Export to read (esups: its folder).")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="Folder of a scenario, or a new one.")],
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="NAME", help="Scenario that a new folder takes hubs and items from (iom-2015)."),
    ] = None,
    prefer: Annotated[
        str, typer.Option("--prefer", metavar="WHOSE", help="Figure kept where sources disagree: old, new or larger.")
    ] = "old",
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="First day (YYYY-MM-DD).")] = "",
    until: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day (YYYY-MM-DD).")] = "",
    countries: Annotated[str, typer.Option("--country", metavar="ISO3,...", help="Only these countries.")] = "",
    hazards: Annotated[str, typer.Option("--hazard", metavar="FL,...", help="Only these hazards (GLIDE codes).")] = "",
    min_people: Annotated[float, typer.Option("--min-people", min=0.0, help="Least people in need.")] = 0.0,
    share: Annotated[
        float | None, typer.Option("--share-of-affected", min=0.0, max=1.0, help="People in need for one affected.")
    ] = None,
    need_if_unknown: Annotated[
        float | None, typer.Option("--need-if-unknown", min=0.0, help="People in need where no figure is known.")
    ] = None,
    household_size: Annotated[
        float, typer.Option("--household-size", min=0.0, help="People in a household (0: as in the scenario).")
    ] = 0.0,
    first_round: Annotated[
        str, typer.Option("--first-round", metavar="base|all", help="dtm: what the first round counts as.")
    ] = "base",
    table: Annotated[str, typer.Option("--table", metavar="TABLE", help="generic: table of the rows.")] = "disasters",
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="generic: mapping kept by an earlier import.")
    ] = None,
    stock: Annotated[str, typer.Option("--stock", metavar="NAME", help="esups: inventory file.")] = "actual",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Read the export of another system into a scenario, and account for every row of it."""
    from prepos.commands.answer import respond
    from prepos.commands.importing import Asked, import_rows

    asked = Asked(
        prefer, since, until, countries, hazards, min_people, share, need_if_unknown, household_size, first_round,
        table, mapping, stock,
    )  # fmt: skip
    raise typer.Exit(respond(lambda: import_rows(kind, file, into, like, asked, dry_run), as_json))


@app.command()
def check(
    scenario: ScenarioArgument,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="Model to check with it.")] = None,
    copy: Annotated[
        bool, typer.Option("--copy/--no-copy", help="Mark what is wrong in a copy of the workbook, if it is one.")
    ] = True,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Read a scenario and report all its problems at once, with a summary of what was read."""
    from prepos.commands.answer import respond
    from prepos.commands.check import check

    raise typer.Exit(respond(lambda: check(scenario, model, copy), as_json))


@app.command()
def optimize(
    scenario: ScenarioArgument,
    model: ModelOption,
    engine: Annotated[str, typer.Option("--engine", metavar="NAME", help="auto, extensive or benders.")] = "auto",
    gap: Annotated[float, typer.Option("--gap", min=0.0, help="Relative gap at which the solve may stop.")] = 0.001,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=0.0, metavar="S", help="Seconds to solve at most.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a key of the model, e.g. budget.usd=2000000."),
    ] = None,
    out: Out = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Find the best stock plan for a scenario under a model, and write it to a run folder."""
    from prepos.commands.answer import respond
    from prepos.commands.optimize import OptimizeOptions, optimize

    options = OptimizeOptions(engine, gap, time_limit, tuple(changes or ()), out)
    raise typer.Exit(respond(lambda: optimize(scenario, model, options), as_json))


@app.command()
def outcomes(
    scenario: ScenarioArgument,
    kind: Annotated[str, typer.Option("--set", metavar="SET", help="seasons, disasters or history.")] = "seasons",
    n: Annotated[int, typer.Option("--n", min=1, metavar="N", help="Number of outcomes to sample.")] = 200,
    seed: Seed = 1,
    reduce: Annotated[
        int | None, typer.Option("--reduce", min=1, metavar="N", help="Keep the N outcomes that stand best for all.")
    ] = None,
    period_days: Annotated[
        float | None, typer.Option("--period-days", metavar="DAYS", help="Length of a season [default: the period].")
    ] = None,
    start_month: Annotated[
        int | None, typer.Option("--start-month", min=1, max=12, help="Month in which seasons start [default: any].")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="UNIT", help="Of the history: event, disaster or year.")] = "event",
    law: Annotated[
        str, typer.Option("--law", metavar="LAW", help="Of yearly numbers: test, poisson or 'negative binomial'.")
    ] = "test",
    stress: Annotated[
        list[str] | None,
        typer.Option("--stress", metavar="WHAT@P", help="What-if and its probability, e.g. hub=DXB+needs=1.5@0.02."),
    ] = None,
    rules: Annotated[
        str, typer.Option("--rules", metavar="NAME", help="Rules from people to items: sphere or cluster.")
    ] = "",
    into: Annotated[Path | None, typer.Option("--into", metavar="DIR", help="New folder for the scenario.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Draw an outcome set from the disasters of a scenario: seasons, single disasters or the past, and what-ifs."""
    from prepos.commands.answer import respond
    from prepos.commands.outcomes import OutcomeOptions, outcomes, sampling

    drawn = sampling(n, seed, period_days, start_month, law)
    options = OutcomeOptions(kind, by, reduce, tuple(stress or ()), rules, into, drawn)
    raise typer.Exit(respond(lambda: outcomes(scenario, options), as_json))


@app.command()
def simulate(
    subject: Annotated[str, typer.Argument(metavar="SCENARIO|RUN", help="Scenario, or a run whose plan to test.")],
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="RUN", help="Run whose plan to test on the scenario.")
    ] = None,
    replications: Replications = None,
    precision: Annotated[
        float | None,
        typer.Option("--precision", metavar="P", help="Go on until the fill rate is known to +/- P (0..1)."),
    ] = None,
    seed: Seed = 1,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change an assumption, e.g. outages_per_year=0.2."),
    ] = None,
    out: Out = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Stress-test a plan and today's stock on the same simulated disasters."""
    from prepos.commands.answer import respond
    from prepos.commands.simulate import SimulateOptions, simulate

    options = SimulateOptions(plan, replications, precision, seed, tuple(changes or ()), out)
    raise typer.Exit(respond(lambda: simulate(subject, options), as_json))


@app.command()
def compare(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN RUN...", help="Run folders; the first is the base.")],
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Lay runs side by side: inputs that differ, figures, and what would be done differently."""
    from prepos.commands.answer import respond
    from prepos.commands.compare import compare

    raise typer.Exit(respond(lambda: compare(runs), as_json))


@app.command()
def lanes(
    scenario: ScenarioArgument,
    hub: Annotated[str, typer.Option("--from", metavar="HUB", help="Hub or supplier [default: all].")] = "",
    to: Annotated[
        str, typer.Option("--to", metavar="PLACE", help="Site, hub, or code of a seaport or airport [default: all].")
    ] = "",
    item: Annotated[str, typer.Option("--item", metavar="ITEM", help="Item to price [default: one m3].")] = "",
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="OUTCOME", help="Outcome whose closures hold [default: general ones].")
    ] = "",
    close: Annotated[
        list[str] | None,
        typer.Option(
            "--close", metavar="NAME", help="What if it is closed: Suez, KEMBA, KEN-SSD, hub:NBO ...; Suez=240 delays."
        ),
    ] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Explain lanes leg by leg, and what closing a passage, a port or a border does to them."""
    from prepos.commands.answer import respond
    from prepos.commands.lanes import LaneOptions, lanes

    options = LaneOptions(hub, to, item, outcome, tuple(close or ()))
    raise typer.Exit(respond(lambda: lanes(scenario, options), as_json))


@app.command()
def demo(
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the runs.")] = None,
    replications: Replications = None,
    seed: Seed = 1,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Do the main job on IOM's stock of 2015: check, assess, optimize, stress-test, compare."""
    from prepos.commands.answer import respond
    from prepos.commands.demo import demo

    raise typer.Exit(respond(lambda: demo(out, replications, seed), as_json))
