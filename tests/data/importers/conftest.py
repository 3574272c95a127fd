"""A scenario to import into, and an import that holds its account against the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from prepos.data.importers import Imported, Options, import_file
from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from tests.data.importers.samples import lines, write_csv

HUBS = "hub,name,iso3,lat,lon\nNBO,Nairobi,KEN,-1.3,36.9\nMNL,Manila,PHL,14.5,121\n"
ITEMS = "item,name,unit_kg,unit_m3,units_per_household\ntent,Family tent,50,0.25,1\nblanket,Blanket,1.5,0.0125,3\n"
DISASTERS = """\
disaster,glide,date,iso3,hazard,name,lat,lon,affected,displaced,people_in_need,basis,source
old-npl,FL-2031-000150-NPL,2031-07-04,NPL,FL,Monsoon,27.7,85.3,90000,5000,5000,verified,Ministry
old-vut,,2031-03-13,VUT,TC,Cyclone,,,,,800,estimate: given,Office
"""

Import = Callable[..., Imported]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario folder with two hubs, two items and two disasters."""
    where = tmp_path / "plan"
    where.mkdir()
    (where / "scenario.toml").write_text('title = "Plan"\n')
    (where / "hubs.csv").write_text(HUBS)
    (where / "items.csv").write_text(ITEMS)
    (where / "disasters.csv").write_text(DISASTERS)
    return where


@pytest.fixture
def base(folder: Path) -> Scenario:
    """The scenario of that folder."""
    return read_scenario(folder)


@pytest.fixture
def imported(base: Scenario) -> Import:
    """Import a file into the base, and check that every row of it is accounted for."""

    def run(kind: str, path: Path, into: Scenario | None = None, **choices: object) -> Imported:
        found = import_file(kind, path, into if into is not None else base, Options(**choices))  # type: ignore[arg-type]
        counts = found.report.counts()
        assert counts["read"] + counts["left_out"] == counts["rows"]
        assert set(found.report.fates) == set(found.report.rows)
        return found

    return run


@pytest.fixture
def imported_rows(imported: Import, tmp_path: Path) -> Import:
    """Import rows of one header, written as CSV."""

    def run(kind: str, header: str, rows: list[dict[str, object]], **choices: object) -> Imported:
        return imported(kind, write_csv(tmp_path / f"{kind}.csv", lines(header, rows)), **choices)

    return run


def said(found: Imported, what: str) -> list[str]:
    """Return the reasons of one kind in a report."""
    return [note.why for note in found.report.notes if note.what == what]
