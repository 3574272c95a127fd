import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from prepos.network.dominance import nondominated

WAYS = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        arrays(np.int64, n, elements=st.integers(0, 3)),
        arrays(np.float64, (3, n, 2), elements=st.integers(0, 3).map(float)),
    )
)


def dominates(a, b):
    return bool(np.all(a <= b) and np.any(a < b))


@given(WAYS)
def test_a_way_is_kept_if_and_only_if_no_way_of_its_group_dominates_it(ways):
    group, criteria = ways
    kept = nondominated(group, list(criteria))
    for column in range(2):
        figures = criteria[:, :, column].T
        for n, own in enumerate(figures):
            rivals = [m for m in range(len(figures)) if group[m] == group[n] and m != n]
            beaten = any(dominates(figures[m], own) for m in rivals)
            equal_before = any(m < n and np.array_equal(figures[m], own) for m in rivals)
            assert kept[n, column] == (not beaten and not equal_before)


def test_of_equal_ways_the_first_stays():
    same = np.ones((3, 1))
    assert nondominated(np.zeros(3, dtype=np.int64), [same, same]).ravel().tolist() == [True, False, False]


def test_no_way_at_all_gives_an_empty_answer():
    assert nondominated(np.empty(0, dtype=np.int64), [np.empty((0, 4))]).shape == (0, 4)
