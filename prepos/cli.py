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

ScenarioArgument = Annotated[str, typer.Argument(metavar="SCENARIO", help="Folder of a scenario, or the name of one.")]
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


@app.command()
def check(
    scenario: ScenarioArgument,
    model: Annotated[str | None, typer.Option("--model", metavar="MODEL", help="Model to check with it.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Read a scenario and report all its problems at once, with a summary of what was read."""
    from prepos.commands.answer import respond
    from prepos.commands.check import check

    raise typer.Exit(respond(lambda: check(scenario, model), as_json))


@app.command()
def optimize(
    scenario: ScenarioArgument,
    model: ModelOption,
    engine: Annotated[str, typer.Option("--engine", metavar="NAME", help="auto or extensive.")] = "auto",
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
