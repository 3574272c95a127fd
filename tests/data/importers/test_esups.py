"""ESUPS Vanuatu through the importer and the command line gives the figures of the case's table."""

from __future__ import annotations

import json

import pytest

from prepos.commands.importing import Asked, import_rows
from prepos.commands.optimize import OptimizeOptions, optimize
from prepos.data.importers import Options, import_file
from prepos.data.scenario import Scenario
from prepos.errors import DataError, UsageError
from tests.published.cases import CASES, needs_cases
from tests.published.test_esups import TABLE

RAW = CASES / "esups-vanuatu" / "raw"
AS_TYPED = Asked("old", "", "", "", "", 0.0, None, None, 0.0, "base", "disasters", None, "actual")
MODEL = 'objective = {{minimise = "{0}"}}\nstock = {{mode = "{1}", integer = false}}\nhubs = {{choose = false}}\n'


@needs_cases
@pytest.mark.parametrize("stock", ["actual", "actual_50pct"])
def test_import_then_optimize_reproduces_the_table_of_the_case(stock, tmp_path):
    answer = import_rows("esups", RAW, tmp_path / "vanuatu", None, AS_TYPED._replace(stock=stock), dry_run=False)
    assert answer.document["read"] + answer.document["left_out"] == answer.document["rows"]
    figures = {}
    for objective in ("cost", "time"):
        for mode in ("as_is", "fixed_total"):
            model = tmp_path / f"{objective}-{mode}.toml"
            model.write_text(MODEL.format(objective, mode))
            options = OptimizeOptions(out=tmp_path / f"run-{objective}-{mode}")
            document = optimize(str(tmp_path / "vanuatu"), str(model), options).document
            figures[objective, mode] = {row["item"]: row for row in json.loads(json.dumps(document))["items"]}
    published = [row for row in TABLE if row[0] == stock]
    assert published
    for _, item, need, covered, usd_as_is, usd_moved, hours_as_is, hours_moved in published:
        expected = {
            ("cost", "as_is"): ("freight_usd", usd_as_is),
            ("cost", "fixed_total"): ("freight_usd", usd_moved),
            ("time", "as_is"): ("unit_hours", hours_as_is),
            ("time", "fixed_total"): ("unit_hours", hours_moved),
        }
        for run, (figure, value) in expected.items():
            row = figures[run][item]
            assert row[figure] == pytest.approx(value, rel=1e-5), (item, run)
            assert row["need_units"] == pytest.approx(need, rel=1e-5)
            assert row["need_units"] - row["unmet_units"] == pytest.approx(covered, rel=1e-5)


@needs_cases
def test_every_row_of_the_folder_is_accounted_for_by_file():
    found = import_file("esups", RAW, Scenario("vanuatu"))
    parts = {part for part, _ in found.report.rows}
    assert {"disasters.csv", "items.csv", "distanceMatrix.csv", "inventory/actual.csv", "abilityToRespond.csv"} <= parts
    volcanic = [note for note in found.report.notes if "Volcanic activity" in note.why]
    assert len(volcanic) == 9
    assert "nearest: 'Volcano'" in volcanic[0].why
    assert len(found.scenario.outcomes) == 20


@needs_cases
def test_an_unknown_inventory_is_told():
    with pytest.raises(UsageError, match="did you mean 'actual'"):
        import_file("esups", RAW, Scenario("vanuatu"), Options(stock="actuall"))


def esups(folder, **files):
    """Write a small folder of that kind; two depots, one place, one item."""
    tables = {
        "depotSelection": "gglAddressAscii,gglCountry,include\n\"A, X\",Fiji,1\n\"B, X\",Fiji,0\n",
        "depotCoordinates": 'depotCity,gglLat,gglLong,gglCountryAscii,gglAddressAscii\nA,-17,178,Fiji,"A, X"\n',
        "disasterCoordinates": 'emdatCity,gglLat,gglLong,gglCountryAscii,gglAddressAscii\nP,-18,178,Fiji,"P, X"\n',
        "disasterTypeSelection": "disasterType,include\nStorm,1\nFlood,\n",
        "disasters": 'Day,Month,Year,Type,DisasterID,TotAffected,gglCountry,gglAddress\n'
        '1,2,2030,Storm,s1,110,Fiji,"P, X"\n',
        "abilityToRespond": "gglCountry,item,capacityToRespond\nFiji,DEFAULT,10\n",
        "personsPerItem": "Item,Disaster Type,Month,gglCountry,PersonsPerItem\nkit,DEFAULT,DEFAULT,DEFAULT,5\n"
        "kit,Storm,DEFAULT,Fiji,4\n",
        "items": "ItemName,WeightMetricTon,CubicMeters\nkit,0.01,0.02\n",
        "distanceMatrix": "distance_km,drivingTime_hrs,depotGglAddressAscii,disasterGglAddressAscii\n"
        '100,10,"A, X","P, X"\n',
        "transportModes": "Mode,DistanceMethod,BigMCostElim,MaxDrivingTimeCutAboveHrs\nTruck,google,1e9,100\n",
        "transportParameters": "Attribute,Mode,gglAddress,Number\nFixedAddlTime_Hrs,Truck,DEFAULT,24\n"
        "StretchTimeFactor,Truck,DEFAULT,1.1\nFixedAddlCost_USD,Truck,DEFAULT,600\nVarCost_USD_ton_km,Truck,DEFAULT,1.2\n",
    } | files  # fmt: skip
    (folder / "inventory").mkdir(parents=True)
    (folder / "inventory" / "actual.csv").write_text('ItemName,gglAddress,Total\nkit,"A, X",7\nkit,"B, X",9\n')
    for name, text in tables.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text)
    return folder


def test_the_rules_of_the_case_on_a_folder_worked_out_by_hand(tmp_path):
    found = import_file("esups", esups(tmp_path / "x"), Scenario("x"))
    scenario = found.scenario
    assert scenario.needs["quantity"].tolist() == [25.0]  # (110 - 10) people, 4 for one kit in storms of Fiji
    assert scenario.lanes[["hours", "usd_per_kg"]].to_numpy().tolist() == [[35.0, 0.72]]
    assert scenario.items[["unit_kg", "unit_m3"]].to_numpy().tolist() == [[10.0, 0.02]]
    assert scenario.stock["quantity"].tolist() == [7.0]
    assert found.report.left_out == 3  # depot B, its stock, floods


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"items": None}, "items.csv: is missing"),
        ({"items": "Item,Weight\nkit,1\n"}, "has no column 'ItemName'"),
        ({"disasters": "Type,DisasterID,TotAffected,Year,gglAddress\nFlood,f,9,2030,P\n"}, "gives no needs"),
        ({"distanceMatrix": "distance_km,depotGglAddressAscii,disasterGglAddressAscii\n"
          "n/a,\"A, X\",\"P, X\"\n"}, "no lanes"),
        ({"transportModes": ""}, "is empty"),
    ],
)  # fmt: skip
def test_a_folder_that_is_not_whole_is_told(files, told, tmp_path):
    with pytest.raises(DataError, match=told):
        import_file("esups", esups(tmp_path / "x", **files), Scenario("x"))


def test_a_file_is_no_esups_folder(tmp_path):
    with pytest.raises(UsageError, match="give the folder"):
        import_file("esups", tmp_path / "x.csv", Scenario("x"))
