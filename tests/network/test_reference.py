import math

import pandas as pd
import pytest

from prepos.data.tables import MODES
from prepos.network.reference import load_reference, nearest, read_modes, table

TABLES = ("airports", "seaports", "entry_points", "sea_distances", "modes", "countries", "land_borders", "aircraft")


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_the_reference_says_its_basis_and_source(name):
    frame = table(name)
    assert len(frame)
    assert (frame[["basis", "source"]] != "").all(axis=None)


def test_every_entry_point_has_a_known_airport_a_known_port_and_customs_hours():
    reference = load_reference()
    for iso3, entry in reference.entry_points.items():
        assert entry.airport in reference.airports, iso3
        assert entry.port in reference.ports, iso3
        assert entry.customs_hours_air >= 0, iso3
        assert entry.customs_hours_sea >= 0, iso3
        assert iso3 in reference.landmass


def test_every_gateway_lies_in_a_country_with_a_landmass():
    reference = load_reference()
    gateways = [*reference.airports.values(), *reference.ports.values()]
    assert {gateway.iso3 for gateway in gateways} <= set(reference.landmass)


def test_an_airport_is_found_by_either_code():
    airports = load_reference().airports
    assert airports["NBO"] is airports["HKJK"]


def test_a_sea_route_is_known_in_both_directions():
    reference = load_reference()
    assert reference.ways("KEMBA", "YEADE") == reference.ways("YEADE", "KEMBA")


def test_the_reference_knows_air_sea_and_road():
    assert set(load_reference().modes) == {"air", "sea", "road"}


def test_an_empty_cell_of_modes_csv_means_its_declared_default():
    row = {column.name: [math.nan] for column in MODES.columns if column.kind == "number"}
    figures = read_modes(pd.DataFrame({**row, "mode": ["air"], "speed_kmh": [500.0], "usd_per_tkm": [1.0]}))["air"]
    assert (figures.fixed_hours, figures.detour, figures.kg_per_m3, figures.max_km) == (0.0, 1.0, 0.0, math.inf)


def test_nothing_is_nearest_to_an_unknown_point(reference):
    assert nearest(reference.airports.values(), math.nan, 0.0) is None
    assert nearest([], 0.0, 0.0) is None
