"""From the files of other people to rows of ours: one importer for each source, and an account of every row.

To add a source: a module with a `Layout` (its columns), a function from a row to a `Found` disaster, and a `Kind`; one
line in `KINDS`; a test with a sample in the source's real layout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from prepos.data.checks import check
from prepos.data.importers.alerts import GDACS, GLIDE, USGS
from prepos.data.importers.dfo import DFO
from prepos.data.importers.dtm import DTM
from prepos.data.importers.emdat import EMDAT
from prepos.data.importers.esups import ESUPS
from prepos.data.importers.files import Content
from prepos.data.importers.generic import GENERIC
from prepos.data.importers.idmc import IDMC
from prepos.data.importers.ifrc import IFRC
from prepos.data.importers.kind import Kind, WrongLayoutError
from prepos.data.importers.layout import Layout, header_names, positions
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report
from prepos.data.outcomes import disasters_per_year
from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.data.tables import TABLES
from prepos.errors import DataError, Problem, UsageError

KINDS: dict[str, Kind] = {kind.name: kind for kind in (EMDAT, IDMC, DTM, GDACS, GLIDE, USGS, IFRC, DFO, ESUPS, GENERIC)}

GENERIC_HINT = "export it again in full, or use prepos import generic, which maps any columns"

__all__ = ["KINDS", "Imported", "Kind", "Options", "Report", "import_file", "kind_named"]


@dataclass(frozen=True)
class Imported:
    """What came of an import.

    Parameters
    ----------
    scenario
        The scenario with what was read.
    report
        The account of every row.
    """

    scenario: Scenario
    report: Report


def kind_named(name: str) -> Kind:
    """Return an importer by its name; refuse an unknown one with the known ones."""
    if name not in KINDS:
        raise UsageError(f"'{name}' is not a kind of import{nearest(name, KINDS)}; the kinds are {', '.join(KINDS)}")
    return KINDS[name]


def import_file(name: str, path: Path, base: Scenario, options: Options | None = None) -> Imported:
    """Read a file of one kind into a scenario; nothing is written.

    Parameters
    ----------
    name
        Name of the kind, a key of `KINDS`.
    path
        The file, for ``esups`` the folder.
    base
        The scenario that the rows go into.
    options
        Choices; the defaults where None.

    Raises
    ------
    UsageError
        When there is no such kind or file.
    DataError
        When the file cannot be read, is of another layout (it says which), or gives a scenario that would be wrong.
    """
    kind, path = kind_named(name), Path(path)
    report = Report(kind.name, path.name, kind.licence)
    chosen = options or Options()
    chosen = replace(chosen, household_size=chosen.household_size or base.settings.household_size)
    try:
        scenario = kind.read(path, base, chosen, report)
    except WrongLayoutError as error:
        raise DataError(path.name, [_wrong_layout(kind, error.content)]) from None
    report.check()
    _note_rate(base, scenario, report)
    if scenario.disasters is not base.disasters and (len(base.outcomes) or len(base.needs)):
        report.remark("outcomes.csv and needs.csv are given: imported disasters count only once these are taken away")
    if any(scenario.table(name) is not base.table(name) for name in TABLES):
        errors = [problem for problem in check(scenario) if problem.severity == "error"]
        if errors:
            raise DataError(f"{path.name} into {base.name}: nothing was written", errors)
    return Imported(scenario, report)


def _note_rate(base: Scenario, scenario: Scenario, report: Report) -> None:
    """Say so where the scenario's own rate of disasters no longer fits its table."""
    given = scenario.settings.disasters_per_year
    if given is None or len(scenario.disasters) == len(base.disasters):
        return
    counted = disasters_per_year(replace(scenario, settings=replace(scenario.settings, disasters_per_year=None)))
    report.remark(
        f"scenario.toml says {given:g} disasters a year, the table now holds {counted:.3g} a year: "
        "check disasters_per_year"
    )


def _wrong_layout(kind: Kind, content: Content) -> Problem:
    """Say which columns are missing, and which kind the file looks like."""
    names = header_names(content)
    if not names:
        return Problem(content.name, f"has no header that could be one of {kind.title}")
    nearest_layout = max(kind.layouts, key=lambda layout: len(set(layout.required) & set(positions(layout, names))))
    at = positions(nearest_layout, names)
    missing = [nearest_layout.columns[word][0] for word in nearest_layout.required if word not in at]
    others = [(share, other) for other in KINDS.values() if other is not kind for share in [_likeness(other, names)]]
    share, other = max(others, key=lambda pair: pair[0])
    looks = f"it looks like {other.title}: prepos import {other.name}" if share >= 0.5 else GENERIC_HINT
    message = (
        f"is not {nearest_layout.name}: column {', '.join(missing)} missing (found {', '.join(names[:12])}); {looks}"
    )
    return Problem(content.name, message)


def _likeness(kind: Kind, names: tuple[str, ...]) -> float:
    def share(layout: Layout) -> float:
        at = positions(layout, names)
        return len(at) / len(layout.columns) if all(word in at for word in layout.required) else 0.0

    return max((share(layout) for layout in kind.layouts), default=0.0)
