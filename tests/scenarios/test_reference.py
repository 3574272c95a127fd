"""The network's own tables hold together."""

from pathlib import Path

import pandas as pd
import pytest

import prepos.network
from prepos.data.tables import TABLES

FOLDER = Path(prepos.network.__file__).parent / "reference"
KEYS = {
    "airports": ["airport"],
    "seaports": ["port"],
    "entry_points": ["iso3"],
    "sea_distances": ["from_port", "to_port", "passages"],
    "modes": ["mode"],
    "countries": ["iso3"],
    "land_borders": ["iso3", "iso3_other", "lat", "lon"],
    "aircraft": ["aircraft"],
}


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", keep_default_na=False, dtype=str)


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique_and_every_row_has_a_basis_and_a_source(name):
    frame = table(name)
    assert not frame.duplicated(KEYS[name]).any()
    assert (frame[["basis", "source"]] != "").all(axis=None)


def test_entry_points_name_known_gateways_and_countries():
    entry = table("entry_points")
    assert len(entry) == 83
    assert set(entry["airport"]) <= set(table("airports")["airport"])
    assert set(entry["port"]) <= set(table("seaports")["port"])
    assert set(entry["iso3"]) <= set(table("countries")["iso3"])


def test_gateways_lie_in_known_countries():
    countries = set(table("countries")["iso3"])
    assert set(table("airports")["iso3"]) <= countries
    assert set(table("seaports")["iso3"]) <= countries


def test_a_pair_of_ports_stands_once_and_never_with_itself():
    sea = table("sea_distances")
    assert (sea["from_port"] < sea["to_port"]).all()
    assert set(sea["from_port"]) | set(sea["to_port"]) <= set(table("seaports")["port"])
    assert (sea["km"].astype(float) > 0).all()


def test_modes_have_the_declared_columns():
    modes = table("modes")
    assert set(modes["mode"]) == {"air", "sea", "road"}
    assert list(modes) == [column for column in TABLES["modes"].column_names if column in modes]


def test_the_readme_counts_the_rows_right():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in KEYS:
        assert f"| `{name}.csv` | {len(table(name)):,} |" in text
