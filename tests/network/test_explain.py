import pytest

from prepos.errors import UsageError
from prepos.network.explain import explain
from prepos.network.lanes import lanes


def test_the_rows_of_a_lane_sum_to_the_lane(make, reference):
    scenario = make()
    legs = explain(scenario, "H", "S", "heavy", reference=reference).groupby("lane")
    found = lanes(scenario, reference=reference)
    found = found[found["item"] == "heavy"].set_index("mode")
    for figure in ("hours", "usd_per_unit", "kgco2e_per_unit"):
        assert legs[figure].sum().to_dict() == pytest.approx(found[figure].to_dict())


def test_the_hours_of_a_leg_are_the_sum_of_their_parts(make, reference):
    legs = explain(make(), "H", "S", "heavy", reference=reference)
    parts = ["moving_hours", "fixed_hours", "customs_hours", "border_hours"]
    assert legs["hours"].tolist() == pytest.approx(legs[parts].sum(axis=1).tolist())


def test_each_leg_says_where_it_goes_and_how_its_km_are_known(make, reference):
    legs = explain(make(), "H", "S", "heavy", reference=reference)
    sea = legs[legs["lane"] == "sea"]
    assert sea["from"].tolist() == ["hub H", "hub H", "port ALPOR", "port BETPO"]
    assert sea["to"].tolist() == ["hub H", "port ALPOR", "port BETPO", "site S"]
    assert sea["mode"].tolist() == ["handling", "road", "sea", "road"]
    assert sea["km_basis"].tolist()[1:] == [
        "given in hubs.csv",
        "sea route (searoute 1.6, precomputed)",
        "given in sites.csv",
    ]


def test_without_an_item_a_m3_of_light_goods_is_priced(make, reference):
    legs = explain(make(), "H", "S", reference=reference)
    flight = legs[(legs["lane"] == "air") & (legs["mode"] == "air")].iloc[0]
    assert flight["usd_per_m3"] == pytest.approx(0.2 * (1111.9508 + 100))
    assert flight["kgco2e_per_t"] == pytest.approx(0.8 * 1111.9508)


def test_forbidden_modes_are_not_explained(make, reference):
    assert set(explain(make(), "H", "S", modes=["sea"], reference=reference)["lane"]) == {"sea"}


def test_a_given_lane_is_one_row(make):
    lane = {"hub": "H", "site": "S", "mode": "truck", "hours": 30, "usd_per_kg": 1}
    legs = explain(make(lanes=[lane, {**lane, "outcome": "W", "hours": 40}]), "H", "S", "heavy")
    assert legs["hours"].tolist() == [30, 40]
    assert legs["usd_per_unit"].tolist() == [100, 100]
    assert legs["note"].tolist() == ["item heavy", "item heavy, outcome W"]


def test_a_pair_without_a_lane_has_no_row(make, reference):
    scenario = make(hubs=[{"hub": "H"}])
    assert explain(scenario, "H", "S", reference=reference).empty


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("h", "S"), r"hub 'h' is not in the scenario \(did you mean 'H'\?\)"),
        (("H", "T"), "site 'T' is not in the scenario"),
        (("H", "S", "haevy"), r"item 'haevy' is not in the scenario \(did you mean 'heavy'\?\)"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(make, reference, arguments, text):
    with pytest.raises(UsageError, match=text):
        explain(make(), *arguments, reference=reference)
