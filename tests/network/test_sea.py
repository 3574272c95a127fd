import builtins

import numpy as np
import pandas as pd
import pytest

from prepos.errors import DataError, UsageError
from prepos.network.reference import table
from prepos.network.sea import SeaNetwork, sea_routes, searoute_network

DEGREE = 111.195  # km of the equator


def network(*lanes, points):
    start, end, passage = zip(*lanes, strict=True)
    return SeaNetwork(np.array(points, dtype=float), np.array(start), np.array(end), np.array(passage))


@pytest.fixture
def two_ways():
    """West to east through Suez (10 degrees), else by Gibraltar and round the Cape (30)."""
    points = [(0, 0), (0, 5), (0, 10), (-10, 0), (-10, 10)]
    return network(
        (0, 1, "Suez"), (1, 2, ""), (0, 3, "Gibraltar"), (3, 4, "Cape of Good Hope"), (4, 2, ""), points=points
    )


def ports(*rows):
    return pd.DataFrame(rows, columns=["port", "lat", "lon"])


ENDS = ports(("EEEEE", 0.1, 10), ("WWWWW", 0, 0.1))


def test_the_shortest_route_comes_first_and_a_detour_for_each_closure_after_it(two_ways):
    found = sea_routes(ENDS, two_ways)
    assert set(found["from_port"] + found["to_port"]) == {"EEEEEWWWWW"}
    assert found["km"].tolist() == pytest.approx([10 * DEGREE, 30 * DEGREE], rel=0.02)
    assert found["passages"].tolist() == ["Suez", "Gibraltar"]
    assert found["capes"].tolist() == ["", "Cape of Good Hope"]


def test_a_detour_that_is_no_longer_than_the_route_is_the_route(two_ways):
    third = network((0, 2, ""), (0, 2, "Suez"), points=[(0, 0), (0, 5), (0, 10)])
    assert sea_routes(ENDS, third)["passages"].tolist() == [""]


def test_a_port_behind_a_passage_has_no_way_round():
    behind = network((0, 2, "Hormuz"), points=[(0, 0), (0, 5), (0, 10)])
    assert sea_routes(ENDS, behind)["passages"].tolist() == ["Hormuz"]


def test_an_inland_port_is_refused_with_its_distance_from_the_sea(two_ways):
    inland = ports(("WWWWW", 0, 0), ("KABUL", 34.5, 69.2))
    with pytest.raises(DataError, match=r"'KABUL' lies 7,\d\d\d km from the nearest sea lane; check its lat and lon"):
        sea_routes(inland, two_ways)


def test_every_inland_port_is_named_at_once(two_ways):
    with pytest.raises(DataError, match="2 problems"):
        sea_routes(ports(("A", 34.5, 69.2), ("B", -40, 69.2)), two_ways)


def test_a_route_shorter_than_the_great_circle_is_refused(monkeypatch, two_ways):
    monkeypatch.setattr("prepos.network.sea._distances", lambda *_: np.array([[0.0, 100.0], [100.0, 0.0]]))
    monkeypatch.setattr("prepos.network.sea.dijkstra", lambda *_, **__: (np.full((1, 5), 100.0), np.full((1, 5), -1)))
    with pytest.raises(DataError, match=r"EEEEE to WWWWW: 100 km by sea is less than 1,1\d\d km of great circle"):
        sea_routes(ENDS, two_ways)


def test_without_searoute_the_extra_to_install_is_named(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name.startswith("searoute"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UsageError, match=r"pip install 'prepos\[geo\]'"):
        searoute_network()


def test_the_bundled_routes_are_those_of_searoute():
    pytest.importorskip("searoute", reason="needs the extra geo")
    some = table("seaports").query("port in ['ITBDS', 'KEMBA', 'AEJEA']")
    found = sea_routes(some[["port", "lat", "lon"]]).astype({"km": "float64"})
    bundled = table("sea_distances").query("from_port in @some.port and to_port in @some.port")
    columns = ["from_port", "to_port", "km", "passages", "capes"]
    assert found[columns].to_numpy().tolist() == bundled[columns].to_numpy().tolist()
