"""Every kind of bad input, as a planner meets it: what the message says, and that nothing is lost."""

import pytest


def rewrite(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


ERRORS = {
    "a missing file": (
        lambda f: (f / "items.csv").unlink(),
        "items.csv: is missing; every scenario needs it",
    ),
    "a missing column": (
        lambda f: rewrite(f, "needs.csv", "quantity", "amount"),
        "needs.csv, column quantity",
    ),
    "an unknown id": (
        lambda f: rewrite(f, "needs.csv", "typhoon,tacloban", "typhoon,taclobam"),
        "needs.csv row 3, column site: 'taclobam' is not in sites.csv (did you mean 'tacloban'?)",
    ),
    "a negative quantity": (
        lambda f: rewrite(f, "stock.csv", "tent,40", "tent,-40"),
        "stock.csv row 2, column quantity",
    ),
    "probabilities that do not sum to 1": (
        lambda f: rewrite(f, "outcomes.csv", "typhoon,0.5", "typhoon,0.43"),
        "outcomes.csv: probabilities sum to 0.93; add a 'none' row or rescale",
    ),
    "a latitude of 100": (
        lambda f: rewrite(
            f, "sites.csv", "site,region\nlilongwe,Africa", "site,region,lat,lon\nlilongwe,Africa,100,33"
        ),
        "sites.csv row 2, column lat: 100",
    ),
    "a duplicated key": (
        lambda f: rewrite(f, "stock.csv", "NBO,tent,40\n", "NBO,tent,40\nNBO,tent,50\n"),
        "stock.csv row 3",
    ),
    "text in a number": (
        lambda f: rewrite(f, "needs.csv", "tent,60", "tent,sixty"),
        "needs.csv row 3, column quantity: 'sixty'",
    ),
    "an empty table": (
        lambda f: (f / "hubs.csv").write_text("hub,name\n"),
        "hubs.csv: has no row",
    ),
    "a file without any text": (
        lambda f: (f / "hubs.csv").write_text(""),
        "hubs.csv: is empty",
    ),
    "a comma for a decimal point": (
        lambda f: rewrite(f, "items.csv", "tent,50,0.3", 'tent,50,"0,3"'),
        "items.csv row 2, column unit_m3: '0,3'",
    ),
    "a mistyped key of the scenario": (
        lambda f: rewrite(f, "scenario.toml", "disasters_per_year", "disasters_per_yaer"),
        "did you mean 'disasters_per_year'?",
    ),
}


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("command", ["check", "optimize"])
def test_wrong_data_is_told_with_its_place_and_ends_with_3(cli, tiny, cheapest, command, kind):
    spoil, message = ERRORS[kind]
    spoil(tiny)
    ended = cli(command, tiny, "--model", cheapest)
    assert ended.code == 3, ended.err
    assert message in ended.err
    assert ended.out == ""


def test_all_problems_come_at_once(cli, tiny):
    for kind in ("an unknown id", "a negative quantity", "text in a number", "probabilities that do not sum to 1"):
        ERRORS[kind][0](tiny)
    shown = cli("check", tiny).err
    assert all(place in shown for place in ("needs.csv row 3", "stock.csv row 2", "outcomes.csv", "'sixty'"))


def test_a_byte_order_mark_is_accepted_and_nothing_is_lost(cli, tiny):
    path = tiny / "hubs.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    ended = cli("check", tiny)
    assert ended.code == 0
    assert "hubs 2" in ended.out


def test_semicolons_are_read_and_told_or_refused(cli, tiny):
    path = tiny / "needs.csv"
    path.write_text(path.read_text().replace(",", ";"))
    ended = cli("check", tiny)
    assert "semicolon" in ended.out + ended.err
    assert ended.code in (0, 3)


def test_a_mistyped_key_in_a_model_file_is_named_with_the_nearest(cli, tiny, cheapest):
    cheapest.write_text('[objectve]\nminimise = "cost"\n[budget]\nus = 1\n')
    ended = cli("optimize", tiny, "--model", cheapest)
    assert ended.code == 3
    assert "cheapest.toml, key objectve: 'objectve' is not a key of a model (did you mean 'objective'?)" in ended.err
    assert "key budget.us" in ended.err


def test_a_wrong_value_in_a_model_file_names_the_choices(cli, tiny, cheapest):
    cheapest.write_text('[objective]\nminimise = "costs"\n')
    ended = cli("check", tiny, "--model", cheapest)
    assert ended.code == 3
    assert "'costs' is not one of cost, coverage, social, time (did you mean 'cost'?)" in ended.err


def test_a_hub_without_any_lane_is_a_warning_that_counts_its_stock(cli, tiny, change):
    change("hubs.csv", "MNL,", "DXB,Dubai,open,900,0\nMNL,")
    change("stock.csv", "NBO,tent,40\n", "NBO,tent,40\nDXB,tent,25\n")
    document = cli("check", tiny, "--json").json
    problems = [problem for problem in document["problems"] if problem["table"] == "hubs.csv"]
    assert len(problems) == 1
    assert problems[0]["severity"] == "warning"
    assert problems[0]["row"] == 3
    assert problems[0]["message"] == "hub 'DXB' has no open lane in lanes.csv: its 25 units reach nobody"


def test_a_need_that_no_hub_can_reach_is_a_warning_that_counts_it(cli, tiny, cheapest, change):
    change("needs.csv", "typhoon,tacloban,tent,60", "typhoon,tacloban,tent,60\ntyphoon,suva,tent,30")
    change("sites.csv", "tacloban,Asia\n", "tacloban,Asia\nsuva,Pacific\n")
    shown = cli("check", tiny).out
    assert "1 warning" in shown
    assert "no lane leads to site 'suva' for tent: 30 units in 1 outcome cannot be met" in shown
    ended = cli("optimize", tiny, "--model", cheapest, "--json")
    assert ended.code == 0
    assert ended.json["expected"]["unmet_units"] >= 15
    assert any("'suva'" in problem["message"] for problem in ended.json["warnings"])
    assert "'suva'" in ended.err


def test_a_need_that_only_a_forbidden_mode_reaches_is_told_with_the_model(cli, tiny, cheapest, change):
    change("lanes.csv", "MNL,tacloban,road", "MNL,tacloban,air")
    document = cli("check", tiny, "--model", cheapest, "--json").json
    assert document["warnings"] == 0
    cheapest.write_text('[modes]\nallow = ["road"]\n')
    (problem, *others) = cli("check", tiny, "--model", cheapest, "--json").json["problems"]
    assert "'MNL' has no lane to any site" in problem["message"]
    assert "'tacloban' cannot be reached from any hub: 60 units in 1 outcome stay unmet" in others[0]["message"]


def test_an_item_or_hub_that_the_scenario_does_not_have_is_told_from_the_model(cli, tiny, cheapest):
    ended = cli("optimize", tiny, "--model", cheapest, "--set", 'hubs.force_open=["NBX"]')
    assert ended.code == 2
    assert """--set hubs.force_open=["NBX"]: 'NBX' is not in hubs.csv (did you mean 'NBO'?)""" in ended.err
    cheapest.write_text('[hubs]\nforce_open = ["NBX"]\n')
    ended = cli("optimize", tiny, "--model", cheapest)
    assert ended.code == 3
    assert "cheapest.toml, key hubs.force_open: 'NBX' is not in hubs.csv (did you mean 'NBO'?)" in ended.err
