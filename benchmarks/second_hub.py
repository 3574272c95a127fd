"""What a second hub in Manila changed in 2015, and what it would have changed had it stood all year.

Three ways to hold the same total stock (Nairobi's and Manila's of the scenario), judged on the 59 disasters of 2015:
all of it in Nairobi; in Nairobi until Manila opened in December, in both from then; in both all year. Each disaster
meets the full stock, and each uses it as well as it can (`models/assess.toml`): the difference is the place alone.
`prepos simulate` shows what happens when disasters follow one another.

Run: python benchmarks/second_hub.py
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from machine import describe_machine

from prepos import Scenario, build_instance, evaluate, load_model, load_scenario, optimize
from prepos.evaluate import Evaluation

SECOND_HUB, FIRST_HUB, OPENED = "MNL", "NBO", "2015-12-01"
EAST = ("South-eastern Asia", "Eastern Asia", "Melanesia", "Micronesia", "Polynesia")
SHORT = "{:,.1f}".format


def main() -> None:
    """Print the three cases side by side."""
    scenario = load_scenario("iom-2015")
    one, both = all_in_first_hub(scenario), scenario
    before = (scenario.disasters["date"] < OPENED).to_numpy(bool)
    everywhere = {name: assess(case) for name, case in (("one", one), ("both", both))}
    east = region_of(scenario).isin(EAST).to_numpy(bool)
    cases = {
        "Nairobi alone": everywhere["one"].outcomes,
        "Manila from December": mix(everywhere["one"], everywhere["both"], before),
        "both all year": everywhere["both"].outcomes,
    }
    print(describe_machine())
    for title, chosen in (
        (f"All {len(east)} disasters of 2015", ~east | east),
        (f"The {east.sum()} in the east", east),
    ):
        print(f"\n{title}, totals of the year")
        print(pd.DataFrame({name: figures(case[chosen]) for name, case in cases.items()}).to_string(float_format=SHORT))


def all_in_first_hub(scenario: Scenario) -> Scenario:
    """Return the scenario with the second hub's stock in the first, and the second closed."""
    stock = scenario.stock.assign(hub=scenario.stock["hub"].replace(SECOND_HUB, FIRST_HUB))
    status = scenario.hubs["status"].where(scenario.hubs["hub"] != SECOND_HUB, "closed")
    totals = stock.groupby(["hub", "item", "owner", "batch", "expiry", "basis", "source"], as_index=False, sort=False)
    merged = totals["quantity"].sum()[list(scenario.stock.columns)]
    return replace(scenario, stock=merged, hubs=scenario.hubs.assign(status=status))


def assess(scenario: Scenario) -> Evaluation:
    """Return the figures of the best use of the stock as it lies."""
    model = load_model("assess")
    return evaluate(build_instance(scenario, model), optimize(scenario, model), model)


def region_of(scenario: Scenario) -> pd.Series[str]:
    """Return the region of each disaster's site."""
    regions = scenario.sites.set_index("site")["region"]
    return scenario.disasters["site"].map(regions)


def mix(first: Evaluation, later: Evaluation, before: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return the outcomes of the first case before the opening, of the later case after it."""
    return pd.concat([first.outcomes[before], later.outcomes[~before]])


def figures(outcomes: pd.DataFrame) -> pd.Series[float]:
    """Return the totals of a year in which each disaster happens once."""
    delivered = outcomes["need_units"] - outcomes["unmet_units"]
    return pd.Series(
        {
            "share of units delivered, %": 100 * delivered.sum() / outcomes["need_units"].sum(),
            "hours to arrive, mean over delivered units": outcomes["unit_hours"].sum() / delivered.sum(),
            "freight, million USD": outcomes["freight_usd"].sum() / 1e6,
            "emissions, t CO2e": outcomes["kgco2e"].sum() / 1e3,
            "cost of waiting, million USD (illustrative)": outcomes["deprivation_usd"].sum() / 1e6,
        }
    )


if __name__ == "__main__":
    main()
