"""Options of a solve: small, checked, with defaults that work."""

from __future__ import annotations

import time

import pytest

from prepos.errors import UsageError
from prepos.optimization import SolverOptions


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "extensiv"}, r"'extensiv' is not one of .*did you mean 'extensive'"),
        ({"gap": 1.0}, "gap 1.0 is not a share from 0 up to 1"),
        ({"gap": -0.1}, "gap -0.1"),
        ({"gap": float("nan")}, "gap nan"),
        ({"time_limit": 0.0}, "time limit 0.0 s is not above 0"),
        ({"time_limit": float("nan")}, "time limit nan s"),
        ({"threads": -1}, "threads -1 is below 0; 0 uses every core"),
    ],
)
def test_an_impossible_option_is_refused_with_what_would_be_right(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        SolverOptions(**options)  # type: ignore[arg-type]


def test_the_time_left_is_what_the_clock_has_not_used() -> None:
    options = SolverOptions(time_limit=10.0, gap=0.02)
    left = options.left_since(time.monotonic() - 4)
    assert left.time_limit == pytest.approx(6, abs=0.5)
    assert left.gap == 0.02
    assert 0 < (options.left_since(time.monotonic() - 99).time_limit or 0) < 0.1
    assert SolverOptions().left_since(0.0).time_limit is None
