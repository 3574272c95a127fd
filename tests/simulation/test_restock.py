from __future__ import annotations

import numpy as np
import pytest

from prepos.simulation.restock import LEAD_TIME_LAWS, LeadTimes, none, order_up_to, reorder_point, whole_lots

TARGET = np.array([100.0, 40.0, 0.0])


def test_order_up_to_restores_the_plans_stock() -> None:
    assert order_up_to(np.array([30.0, 50.0, 0.0]), TARGET, 0.5).tolist() == [70.0, 0.0, 0.0]


def test_reorder_point_waits_until_the_position_has_fallen_to_its_share() -> None:
    assert reorder_point(np.array([51.0, 20.0, 0.0]), TARGET, 0.5).tolist() == [0.0, 20.0, 0.0]


def test_none_orders_nothing() -> None:
    assert none(np.zeros(3), TARGET, 0.5).tolist() == [0.0, 0.0, 0.0]


def test_orders_are_whole_lots_and_never_more_than_is_missing() -> None:
    assert whole_lots(np.array([25.0, 9.9, 30.0]), np.array([10.0, 10.0, 10.0])).tolist() == [20.0, 0.0, 30.0]


@pytest.mark.parametrize("law", list(LEAD_TIME_LAWS))
def test_every_law_of_lead_times_has_mean_one(law: str) -> None:
    factors = LEAD_TIME_LAWS[law](np.random.default_rng(1), (1000, 200), 0.4)
    assert factors.mean() == pytest.approx(1.0, abs=0.01)


def test_a_lead_time_does_not_depend_on_what_else_is_ordered() -> None:
    def lead_times() -> LeadTimes:
        return LeadTimes(3, "lognormal", 0.4, np.random.default_rng(9))

    eager, idle = lead_times(), lead_times()
    every = [[eager.factor(hub, number) for number in range(200)] for hub in range(3)]
    assert idle.factor(1, 150) == every[1][150]
    assert idle.factor(2, 3) == every[2][3]
