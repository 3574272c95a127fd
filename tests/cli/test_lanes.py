"""`prepos lanes`: lanes leg by leg, and what closing something does to them."""

import pytest

HUBS = "hub,iso3,lat,lon,airport,port,airport_km,port_km\nNBO,KEN,-1.32,36.89,NBO,KEMBA,4,485\n"
HUBS += "BDS,ITA,40.65,17.945,BDS,ITBDS,1,6\n"
SITES = "site,iso3,lat,lon\naden,YEM,12.8,45.03\njuba,SSD,4.85,31.6\n"
ITEMS = "item,unit,unit_kg,unit_m3,price_usd,units_per_household\nblanket,piece,1.5,0.01,5,5\n"
DISASTERS = "disaster,site,people_in_need\nyemen,aden,1000\nsudan,juba,1000\n"


@pytest.fixture
def world(tmp_path):
    folder = tmp_path / "world"
    folder.mkdir()
    files = {"hubs": HUBS, "sites": SITES, "items": ITEMS, "disasters": DISASTERS}
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "scenario.toml").write_text('title = "Two hubs, two sites"\n', encoding="utf-8")
    return folder


def test_a_pair_is_explained_leg_by_leg(cli, world):
    ended = cli("lanes", world, "--from", "NBO", "--to", "aden")
    assert ended.code == 0
    assert "sea: port KEMBA > port YEADE" in ended.out
    assert "customs 240.0" in ended.out
    assert "sea+road through port YEHOD" in ended.out
    assert "(not used)" in ended.out
    assert "Reach by aircraft, NBO > ADE" in ended.out


def test_the_legs_of_a_lane_sum_to_it_in_the_document(cli, world):
    document = cli("lanes", world, "--from", "NBO", "--to", "aden", "--item", "blanket", "--json").json
    assert {lane["lane"] for lane in document["lanes"] if lane["kept"]} == {"air", "sea"}
    for lane in document["lanes"]:
        for figure in ("hours", "usd_per_unit", "kgco2e_per_unit"):
            assert sum(leg[figure] for leg in lane["legs"]) == pytest.approx(lane[figure])
    assert {row["aircraft"] for row in document["aircraft"]} >= {"B747F", "IL76"}


def test_closing_a_passage_shows_what_becomes_of_a_voyage_to_a_port(cli, world):
    arguments = ("lanes", world, "--from", "BDS", "--to", "KEMBA", "--close", "Bab el-Mandeb")
    text = cli(*arguments).out
    assert "7,468 > 16,705" in text
    assert "What changes with Bab el-Mandeb closed" in text
    document = cli(*arguments, "--json").json
    (voyage,) = (leg for lane in document["lanes"] for leg in lane["legs"] if leg["mode"] == "sea")
    assert voyage["km_basis"].endswith("by Suez, Bab el-Mandeb")
    sea = next(change for change in document["changes"] if change["lane"] == "sea")
    assert sea["change"] == "changed"
    assert sea["km_then"] - sea["km"] == pytest.approx(9237, abs=300)


def test_another_hub_can_be_reached_and_a_lost_lane_is_named(cli, world):
    ended = cli("lanes", world, "--from", "BDS", "--to", "NBO", "--close", "Gibraltar", "--close", "Suez")
    assert "lost" in ended.out


def test_all_lanes_of_a_hub_are_listed(cli, world):
    ended = cli("lanes", world, "--from", "NBO")
    assert "NBO to every site, one m3 of light goods: lanes" in ended.out
    assert "juba" in ended.out
    assert "aden" in ended.out


def test_a_border_that_closes_takes_the_road_with_it(cli, world):
    document = cli("lanes", world, "--from", "NBO", "--to", "juba", "--close", "border:SSD", "--json").json
    assert {change["lane"] for change in document["changes"] if change["change"] == "lost"} >= {"road"}


def test_closures_of_an_outcome_hold_when_it_is_asked_for(cli, world):
    (world / "closures.csv").write_text("outcome,kind,id,hours\nyemen,airport,ADE,\n", encoding="utf-8")
    usual = cli("lanes", world, "--from", "NBO", "--to", "aden", "--json").json
    struck = cli("lanes", world, "--from", "NBO", "--to", "aden", "--outcome", "yemen", "--json").json
    kept = [{lane["lane"] for lane in found["lanes"] if lane["kept"]} for found in (usual, struck)]
    assert kept == [{"air", "sea"}, {"air+road", "sea"}]


def test_given_lanes_are_shown_as_they_are_given(cli, tiny):
    ended = cli("lanes", tiny, "--from", "NBO", "--to", "lilongwe", "--close", "road")
    assert ended.code == 0
    assert "given in lanes.csv" in ended.out
    assert "lost" in ended.out


def test_a_pair_without_a_lane_says_so(cli, world):
    (world / "closures.csv").write_text("outcome,kind,id,hours\n,site,aden,\n", encoding="utf-8")
    assert "there is no lane" in cli("lanes", world, "--from", "NBO", "--to", "aden").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "NBQ"), "hub 'NBQ' is not in the scenario (did you mean 'NBO'?)"),
        (("--to", "adem"), "'adem' is no site, hub, seaport or airport that prepos knows (did you mean 'aden'?)"),
        (("--item", "blankit"), "item 'blankit' is not in the scenario (did you mean 'blanket'?)"),
        (("--close", "Suezz"), "did you mean 'Suez'?"),
        (("--close", "NBO"), "write airport:NBO or hub:NBO"),
        (("--outcome", "yeman"), "outcome 'yeman' is not in the scenario (did you mean 'yemen'?)"),
    ],
)
def test_an_unknown_name_ends_with_two_and_the_nearest_name(cli, world, arguments, message):
    ended = cli("lanes", world, *arguments)
    assert ended.code == 2
    assert message in ended.err
