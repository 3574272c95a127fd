"""Every shipped scenario: declared columns, a trail in each row, and the content that it promises."""

import csv
from pathlib import Path

import pandas as pd
import pytest

import prepos.network
from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from prepos.data.tables import TABLES
from prepos.data.write import write_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REFERENCE = Path(prepos.network.__file__).parent / "reference"
NAMES = sorted(path.parent.name for path in SCENARIOS.glob("*/scenario.toml"))

DISASTERS_OF_2015 = {
    "Malawi floods": ("Southern Malawi floods", "MWI"),
    "Cyclone Pam": ("Cyclone Pam", "VUT"),
    "Gorkha earthquake": ("Gorkha earthquake", "NPL"),
    "Dolakha earthquake": ("Dolakha earthquake", "NPL"),
    "Yemen": ("Yemen conflict escalation", "YEM"),
    "Cyclone Chapala": ("Cyclone Chapala", "YEM"),
    "Cyclone Megh": ("Cyclone Megh", "YEM"),
    "Myanmar floods": ("Monsoon floods and Cyclone Komen", "MMR"),
    "Cyclone Komen": ("Cyclone Komen", "BGD"),
    "Hindu Kush, Afghanistan": ("Hindu Kush earthquake", "AFG"),
    "Hindu Kush, Pakistan": ("Hindu Kush earthquake", "PAK"),
    "Typhoon Koppu": ("Typhoon Koppu", "PHL"),
    "Typhoon Melor": ("Typhoon Melor", "PHL"),
    "Iraq": ("Ramadi displacement", "IRQ"),
    "South Sudan": ("Unity and Upper Nile offensive", "SSD"),
}
ITEM_FIGURES = (
    "unit_kg",
    "unit_m3",
    "price_usd",
    "units_per_household",
    "lot",
    "shelf_life_months",
    "lead_time_days",
    "weight",
    "deprivation_usd_day",
    "shortage_usd",
)


@pytest.fixture(scope="module", params=NAMES)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return read_scenario(SCENARIOS / request.param)


@pytest.fixture(scope="module")
def iom_2015() -> Scenario:
    return read_scenario(SCENARIOS / "iom-2015")


def reference(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / f"{name}.csv", keep_default_na=False, dtype=str)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".toml")}


def test_both_bundled_scenarios_are_there():
    assert {"iom-2015", "global-2010-2024"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_declared_used_and_in_the_declared_order(name):
    for path in (SCENARIOS / name).glob("*.csv"):
        table = TABLES[path.stem]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        header = list(rows[0])
        assert header == [column for column in table.column_names if column in header], path.name
        unused = [column for column in header if not any(row[column] for row in rows)]
        assert unused == [], path.name


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_written_byte_for_byte(name, tmp_path):
    write_scenario(read_scenario(SCENARIOS / name), tmp_path / name)
    assert files(tmp_path / name) == files(SCENARIOS / name)


@pytest.mark.parametrize("name", NAMES)
def test_sources_are_told_in_a_page_of_their_own(name):
    text = (SCENARIOS / name / "SOURCES.md").read_text(encoding="utf-8")
    tables = [path.name for path in (SCENARIOS / name).glob("*.csv")]
    assert [table for table in tables if f"`{table}`" not in text] == []
    assert [word for word in ("illustrative", "CC BY-NC 4.0", "EM-DAT") if word not in text] == []


def test_every_row_says_how_it_is_known_and_where_from(scenario):
    for name in ("hubs", "hub_tiers", "items", "stock", "disasters", "sites", "modes"):
        frame = scenario.table(name)
        assert (frame[["basis", "source"]] != "").all(axis=None), name


def test_people_in_need_are_called_illustrative_and_displacement_cites_its_source(scenario):
    disasters = scenario.disasters
    assert disasters["basis"].str.startswith("illustrative").all()
    assert disasters["source"].str.startswith("displaced: ").all()
    from_gidd = disasters["source"].str.contains("IDMC GIDD")
    assert disasters.loc[from_gidd, "source"].str.contains("CC BY-NC 4.0").all()
    assert not disasters["source"].str.contains("EM-DAT|EMDAT", case=False).any()


def test_figures_of_displacement_stay_rounded(scenario):
    columns = ["displaced", "people_in_need"]
    figures = pd.concat([scenario.disasters[column] for column in columns]).astype(int).astype(str)
    assert (figures.str.rstrip("0").str.len() <= 2).all()


def test_stock_fits_the_capacity_of_its_hub(scenario):
    unit_m3 = scenario.items.set_index("item")["unit_m3"]
    capacity = scenario.hubs.set_index("hub")["capacity_m3"]
    used = (scenario.stock["quantity"] * scenario.stock["item"].map(unit_m3)).groupby(scenario.stock["hub"]).sum()
    assert (used <= capacity[used.index]).all()


def test_stock_stands_in_open_hubs_only(scenario):
    status = scenario.hubs.set_index("hub")["status"]
    assert set(scenario.stock["hub"].map(status)) == {"open"}


def test_stock_is_whole_lots_except_the_counted_kits_in_sudan(scenario):
    lot = scenario.stock["item"].map(scenario.items.set_index("item")["lot"])
    broken = scenario.stock[scenario.stock["quantity"] % lot != 0]
    assert set(broken["hub"]) <= {"KRT"}


def test_there_are_ten_items_or_more_with_every_figure(scenario):
    assert len(scenario.items) >= 10
    assert scenario.items[list(ITEM_FIGURES)].notna().all(axis=None)


def test_a_month_without_an_item_costs_no_more_than_never_having_it(scenario):
    assert (30 * scenario.items["deprivation_usd_day"] <= scenario.items["shortage_usd"] + 1e-9).all()


def test_there_are_eighteen_hubs_or_more_and_nairobi_and_manila_are_open(scenario):
    assert len(scenario.hubs) >= 18
    status = scenario.hubs.set_index("hub")["status"]
    assert status["NBO"] == status["MNL"] == "open"


def test_every_candidate_has_sizes_that_cost_more_when_larger(scenario):
    candidates = scenario.hubs.loc[scenario.hubs["status"] == "candidate", "hub"]
    assert set(scenario.hub_tiers["hub"]) == set(candidates)
    for _, tiers in scenario.hub_tiers.groupby("hub"):
        assert len(tiers) >= 2
        ordered = tiers.sort_values("capacity_m3")
        assert ordered["capacity_m3"].is_unique
        assert ordered["fixed_usd_year"].is_monotonic_increasing


def test_every_place_is_known_to_the_network(scenario):
    airports, ports = set(reference("airports")["airport"]), set(reference("seaports")["port"])
    countries = set(reference("countries")["iso3"])
    for frame in (scenario.hubs, scenario.sites):
        assert set(frame["airport"]) <= airports
        assert set(frame["port"]) <= ports
        assert set(frame["iso3"]) <= countries


def test_every_disaster_has_a_site_and_every_site_a_disaster(scenario):
    assert set(scenario.disasters["site"]) == set(scenario.sites["site"])


def test_the_modes_are_the_defaults_of_the_network(scenario):
    shipped = (SCENARIOS / scenario.name / "modes.csv").read_bytes()
    assert shipped == (REFERENCE / "modes.csv").read_bytes()


def test_iom_2015_holds_the_year_and_the_disasters_that_made_it(iom_2015):
    disasters = iom_2015.disasters
    assert len(disasters) >= 40
    assert disasters["date"].str.startswith("2015-").all()
    for label, (name, iso3) in DISASTERS_OF_2015.items():
        assert (disasters["name"].str.startswith(name) & (disasters["iso3"] == iso3)).any(), label


def test_iom_2015_counts_the_kits_of_sudan_by_component(iom_2015):
    stock = iom_2015.stock[iom_2015.stock["hub"] == "KRT"].set_index("item")["quantity"]
    assert stock["kitchen_set"] == 25_355
    assert stock["tarpaulin"] == 2 * 25_355
    assert stock["blanket"] == 5 * 25_355


def test_forward_stocks_serve_their_own_countries_only(iom_2015):
    serves = iom_2015.hubs.set_index("hub")["serves"]
    limited = serves[serves != ""].to_dict()
    assert limited == {"KRT": "SDN", "EBL": "IRQ", "VLI": "VUT", "SUV": "FJI;FSM;SLB;TON;TUV;VUT;WSM"}


def test_the_global_list_spans_fifteen_years_and_drops_nothing():
    disasters = read_scenario(SCENARIOS / "global-2010-2024").disasters
    assert len(disasters) == 262
    assert set(disasters["date"].str[:4]) == {str(year) for year in range(2010, 2025)}


def test_iom_2015_is_a_part_of_the_global_list(iom_2015):
    whole = read_scenario(SCENARIOS / "global-2010-2024").disasters
    part = whole[whole["date"].str.startswith("2015-")].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, iom_2015.disasters)
