from __future__ import annotations

import dataclasses
import json
import logging
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prepos.errors import NoPlanError, UsageError
from prepos.instance import Instance
from prepos.plan import Plan
from prepos.simulation import SimulationOptions, SimulationResult, replicate, simulate
from prepos.simulation.compare import differences, interval, summarise
from prepos.simulation.record import COVERAGE, FIGURES
from tests.simulation.cases import lane, plan, two_hubs

SMALL = {("A", "tent"): 40.0, ("B", "tent"): 60.0, ("B", "mat"): 200.0}
LARGE = {hub_item: 3 * units for hub_item, units in SMALL.items()}


def stress(instance: Instance, plans: dict[str, Plan], **options: Any) -> SimulationResult:
    return simulate(instance, plans, SimulationOptions(**{"replications": 20, "workers": 1, **options}))


def wide(result: SimulationResult, figure: str) -> pd.DataFrame:
    runs = result.replications.set_index(["replication", "plan"])[figure]
    return pd.DataFrame({plan: runs.xs(plan, level="plan") for plan in result.replications["plan"].unique()})


def test_the_same_seed_gives_the_same_result_on_one_and_two_workers() -> None:
    instance = two_hubs()
    plans = {"small": plan(instance, SMALL), "large": plan(instance, LARGE)}
    one, two = stress(instance, plans, workers=1), stress(instance, plans, workers=2)
    for name in ("figures", "differences", "replications"):
        assert getattr(one, name).to_csv() == getattr(two, name).to_csv()


def test_another_seed_gives_another_result() -> None:
    instance = two_hubs()
    plans = {"small": plan(instance, SMALL)}
    one, two = stress(instance, plans, seed=1), stress(instance, plans, seed=2)
    assert not one.replications.equals(two.replications)


def test_all_plans_meet_the_same_storms() -> None:
    instance = two_hubs()
    result = stress(instance, {"small": plan(instance, SMALL), "large": plan(instance, LARGE)})
    for figure in ("disasters", "need_units"):
        together = wide(result, figure)
        assert (together["small"] == together["large"]).all()
    assert wide(result, "need_units")["small"].nunique() > 10


def test_a_plan_meets_the_same_storms_with_or_without_company() -> None:
    instance = two_hubs()
    alone = stress(instance, {"large": plan(instance, LARGE)})
    company = stress(instance, {"small": plan(instance, SMALL), "large": plan(instance, LARGE)})
    beside = company.replications[company.replications["plan"] == "large"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.replications, beside)


def test_identical_plans_differ_by_exactly_nothing() -> None:
    instance = two_hubs()
    result = stress(instance, {"one": plan(instance, SMALL), "same": plan(instance, SMALL)})
    known = result.differences[result.differences["n"] > 0]
    assert len(known) > 20
    assert (known[["mean", "low", "high"]] == 0.0).all(axis=None)


def test_a_difference_is_the_later_plan_less_the_earlier() -> None:
    instance = two_hubs()
    result = stress(instance, {"small": plan(instance, SMALL), "large": plan(instance, LARGE)})
    row = result.differences.set_index("figure").loc["fill_rate"]
    means = result.figures.set_index(["plan", "figure"])["mean"]
    assert (row["plan"], row["against"]) == ("large", "small")
    assert row["mean"] == pytest.approx(means["large", "fill_rate"] - means["small", "fill_rate"])
    assert row["low"] > 0


def test_common_storms_make_differences_sharper_than_separate_intervals() -> None:
    instance = two_hubs()
    more = {hub_item: 1.2 * units for hub_item, units in SMALL.items()}
    result = stress(instance, {"small": plan(instance, SMALL), "more": plan(instance, more)})
    difference = result.differences.set_index("figure").loc["fill_rate"]
    alone = result.figures.set_index(["plan", "figure"]).loc[("small", "fill_rate")]
    assert difference["high"] - difference["low"] < 0.5 * (alone["high"] - alone["low"])


def test_coverage_grows_with_time_up_to_the_fill_rate() -> None:
    instance = two_hubs()
    runs = stress(instance, {"small": plan(instance, SMALL)}).replications
    shares = runs[[*COVERAGE, "fill_rate"]].dropna()
    assert (np.diff(shares.to_numpy(), axis=1) >= -1e-12).all()
    assert (shares["fill_rate"] > shares["coverage_72h"]).any()


@pytest.mark.parametrize("dispatch", ["nearest_first", "follow_plan"])
def test_more_stock_never_hurts_the_fill_rate_of_one_item(dispatch: str) -> None:
    instance = two_hubs(lanes=[lane("B", "X", "air", 60.0), lane("B", "Y", "air", 60.0)])
    plans = {f"{units}": plan(instance, {("B", "tent"): float(units)}) for units in (50, 100, 200, 400)}
    together = wide(stress(instance, plans, dispatch=dispatch, restock="none"), "fill_rate").dropna()
    assert (np.diff(together[["50", "100", "200", "400"]].to_numpy(), axis=1) >= -1e-12).all()


def test_intervals_shrink_with_replications() -> None:
    instance = two_hubs()
    plans = {"small": plan(instance, SMALL)}
    widths = []
    for replications in (10, 40, 160):
        row = stress(instance, plans, replications=replications).figures.set_index("figure").loc["fill_rate"]
        widths.append(row["high"] - row["low"])
    assert widths[0] > widths[1] > widths[2]
    assert widths[2] < widths[0] / 2


def test_a_precision_is_reached_with_no_more_batches_than_it_takes() -> None:
    instance = two_hubs()
    plans = {"small": plan(instance, SMALL)}
    result = stress(instance, plans, replications=20, precision=0.025, max_replications=1000)
    rows = result.figures.set_index("figure").loc[["fill_rate", "coverage_72h"]]
    assert ((rows["high"] - rows["low"]) / 2 <= 0.025).all()
    assert 20 < result.done < 1000
    assert (result.done - 20) % 100 == 0


def test_the_search_for_a_precision_ends_at_the_most_replications() -> None:
    instance = two_hubs()
    result = stress(instance, {"small": plan(instance, SMALL)}, replications=5, precision=1e-9, max_replications=30)
    assert result.done == 30


def test_progress_counts_replications() -> None:
    instance = two_hubs()
    seen: list[tuple[int, int]] = []
    options = SimulationOptions(replications=12, workers=1)
    simulate(instance, {"small": plan(instance, SMALL)}, options, lambda done, total: seen.append((done, total)))
    assert seen == [(5, 12), (10, 12), (12, 12)]


def _stop_after(replications: int) -> Any:
    def on_progress(done: int, _: int) -> None:
        if done >= replications:
            raise KeyboardInterrupt

    return on_progress


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_returns_what_is_done(workers: int) -> None:
    instance = two_hubs()
    plans = {"small": plan(instance, SMALL)}
    result = simulate(instance, plans, SimulationOptions(replications=200, workers=workers), _stop_after(10))
    assert not result.complete
    assert result.done == len(result.replications)
    assert 10 <= result.done < 200


def test_ctrl_c_before_anything_is_done_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(replicate, "run_replication", stop)
    instance = two_hubs()
    with pytest.raises(NoPlanError, match="stopped before the first replication was done"):
        stress(instance, {"small": plan(instance, SMALL)})


def test_replications_of_a_worker_that_dies_are_run_again(caplog: pytest.LogCaptureFixture) -> None:
    instance = two_hubs()
    plans = {"small": plan(instance, SMALL)}
    options = {"replications": 60, "workers": 2}
    killed: list[int] = []

    def kill_a_worker(*_: int) -> None:
        if not killed:
            worker = multiprocessing.active_children()[0]
            worker.kill()
            worker.join()
            killed.append(worker.pid or 0)

    with caplog.at_level(logging.WARNING):
        result = simulate(instance, plans, SimulationOptions(**options), kill_a_worker)
    assert "a worker process died; the" in caplog.text
    assert result.complete
    pd.testing.assert_frame_equal(stress(instance, plans, replications=60).replications, result.replications)


SCRIPT = """
from prepos.simulation import SimulationOptions, simulate
from tests.simulation.cases import plan, two_hubs
print("the script runs")
instance = two_hubs()
result = simulate(instance, {"p": plan(instance, {("B", "tent"): 60.0})}, SimulationOptions(replications=20, workers=2))
print(result.done, "done")
"""


def test_a_script_needs_no_guard_against_running_twice(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    root = Path(__file__).parents[2]
    told = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert (told.stdout, told.stderr) == ("the script runs\n20 done\n", "")


def test_no_plan_is_an_error() -> None:
    with pytest.raises(UsageError, match="no plan to stress-test"):
        simulate(two_hubs(), {})


def test_a_plan_of_another_scenario_is_refused_by_name() -> None:
    instance = two_hubs()
    stray = dataclasses.replace(plan(instance, SMALL), stock=plan(instance, {("Aa", "tent"): 1.0}).stock)
    with pytest.raises(UsageError, match="plan 'stray' does not fit the scenario: 'Aa' in column hub of its stock"):
        stress(instance, {"stray": stray})


def test_a_flow_without_a_lane_is_refused() -> None:
    instance = two_hubs()
    stray = plan(instance, SMALL, [("y", "A", "Y", "tent", "air", 5.0)])
    with pytest.raises(UsageError, match="it sends tent from A to Y by air in y, where there is no such lane"):
        stress(instance, {"stray": stray})


def test_flows_of_unknown_outcomes_and_unreached_sites_are_told() -> None:
    instance = two_hubs(lanes=[lane("A", "X", "air", 30.0)])
    strange = plan(instance, SMALL, [("z", "A", "X", "tent", "air", 5.0)])
    notes = stress(instance, {"strange": strange}).notes
    assert "1 sites with needs are reached by no hub or supplier and stay unserved: Y" in notes[0]
    assert "plan 'strange' has flows for 1 outcomes that the scenario does not have" in notes[1]


def test_stock_in_a_hub_that_is_not_open_is_not_used() -> None:
    instance = two_hubs()
    held = plan(instance, {("B", "tent"): 100.0})
    shut = dataclasses.replace(held, hubs=held.hubs.assign(open=[True, False]))
    assert wide(stress(instance, {"shut": shut}), "delivered_units")["shut"].max() == 0


def test_the_result_is_valid_json_with_null_for_what_is_not_known() -> None:
    instance = two_hubs()
    result = stress(instance, {"none": plan(instance, {})}, replications=3)
    document = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    assert document["plans"]["none"]["queue_hours"]["mean"] is None
    assert document["plans"]["none"]["fill_rate"]["mean"] == 0
    assert document["differences"] == []


def test_an_interval_is_students() -> None:
    mean, low, high, n = interval(np.array([1.0, 2.0, 3.0, np.nan]))
    assert (mean, n) == (2.0, 3)
    assert high - mean == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)
    assert mean - low == pytest.approx(high - mean)


def test_intervals_do_not_reach_beyond_what_is_possible():
    runs = np.array([[[0.0] * len(FIGURES), [1.0] * len(FIGURES)], [[1.0] * len(FIGURES), [0.1] * len(FIGURES)]])
    for table, least in ((summarise(["a", "b"], runs), 0.0), (differences(["a", "b"], runs), -1.0)):
        shares = table[table["unit"] == "share"]
        assert (shares["low"].min(), shares["high"].max()) == (least, 1.0)
    assert (summarise(["a", "b"], runs)["low"] >= 0).all()
