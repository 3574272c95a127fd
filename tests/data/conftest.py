"""A small scenario that is right, to be made wrong one place at a time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from prepos.data.tables import TABLES
from prepos.errors import DataError

GOOD = {
    "scenario.toml": 'title = "Two hubs"\nperiod_days = 365\n\n[sources]\nfacts = "made for the tests"\n',
    "hubs.csv": """\
hub,name,iso3,lat,lon,status,capacity_m3
NBO,Nairobi,KEN,-1.3,36.9,open,1000
MNL,Manila,PHL,14.5,121,candidate,500
""",
    "items.csv": """\
item,unit_kg,unit_m3,price_usd,units_per_household,people_per_unit
tent,50,0.25,400,1,
blanket,1.5,0.0125,5,,2
""",
    "stock.csv": "hub,item,quantity,expiry\nNBO,tent,100,\nNBO,blanket,3000,2030-06-30\n",
    "disasters.csv": """\
disaster,date,iso3,name,site,lat,lon,people_in_need
pam,2015-03-13,VUT,Cyclone Pam,,-17.7,168.3,10000
malawi,2015-01-12,MWI,Floods,Blantyre,,,5000
""",
    "sites.csv": "site,iso3,region,lat,lon\nBlantyre,MWI,Africa,-15.8,35\nPenama,VUT,Pacific,-15.3,167.9\n",
}

GIVEN = {
    "scenario.toml": 'title = "Given tables"\n',
    "hubs.csv": "hub\nA\nB\n",
    "items.csv": "item,unit_kg,unit_m3\ntent,50,0.25\nblanket,1.5,0.0125\n",
    "lanes.csv": "hub,site,mode,item,outcome,hours,usd_per_kg\nA,X,road,,,10,1\nB,X,road,,,20,1\nB,X,road,,dry,,\n",
    "outcomes.csv": "outcome,probability\nwet,0.25\ndry,0.75\n",
    "needs.csv": "outcome,site,item,quantity\nwet,X,tent,10\ndry,X,blanket,2.5\n",
}

Write = Callable[..., Path]


def write_files(folder: Path, files: dict[str, str | bytes | None]) -> Path:
    """Write the files that are not None into a fresh folder."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, text in files.items():
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


def differences(a: Scenario, b: Scenario) -> list[str]:
    """Name the parts in which two scenarios differ (warnings aside)."""
    parts = [name for name in ("name", "settings", "layout") if getattr(a, name) != getattr(b, name)]
    for name in TABLES:
        try:
            pd.testing.assert_frame_equal(a.table(name), b.table(name), check_exact=True)
        except AssertionError:
            parts.append(name)
    return parts


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Write:
    """Write the good scenario with some files replaced (None: left out)."""
    return lambda **files: write_files(tmp_path / "plan", GOOD | _named(files))


@pytest.fixture
def given_folder(tmp_path: Path) -> Write:
    """Write the scenario with given lanes, outcomes and needs, with some files replaced."""
    return lambda **files: write_files(tmp_path / "given" / "plan", GIVEN | _named(files))


def _named(files: dict[str, str | bytes | None]) -> dict[str, str | bytes | None]:
    return {
        name if "." in name else f"{name}.{'toml' if name == 'scenario' else 'csv'}": text
        for name, text in files.items()
    }


@pytest.fixture
def errors_of() -> Callable[[Path], list[str]]:
    """Read a folder that is wrong; give its errors as a user reads them."""

    def read(folder: Path) -> list[str]:
        with pytest.raises(DataError) as caught:
            read_scenario(folder)
        assert caught.value.exit_code == 3
        return [str(problem) for problem in caught.value.problems if problem.severity == "error"]

    return read


@pytest.fixture
def warnings_of() -> Callable[[Path], list[str]]:
    """Read a folder that is right; give its warnings as a user reads them."""
    return lambda folder: [str(problem) for problem in read_scenario(folder).warnings]


@pytest.fixture(scope="session")
def good() -> dict[str, str]:
    """Give the files of the good scenario."""
    return dict(GOOD)


@pytest.fixture(scope="session")
def given_files() -> dict[str, str]:
    """Give the files of the scenario with given lanes, outcomes and needs."""
    return dict(GIVEN)


@pytest.fixture(scope="session")
def put() -> Callable[[Path, dict[str, str | bytes | None]], Path]:
    """Give the function that writes files into a folder."""
    return write_files


@pytest.fixture(scope="session")
def same() -> Callable[[Scenario, Scenario], list[str]]:
    """Give the function that names the parts in which two scenarios differ."""
    return differences
