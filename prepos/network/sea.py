"""Sea routes worked out anew with searoute (extra ``geo``): the shortest way for every set of passages left open.

The tables in ``reference/`` were made by this module; nothing else in prepos needs searoute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from prepos.data.closures import PASSAGES
from prepos.errors import DataError, Problem, UsageError
from prepos.network.distance import great_circle_km, matrix_km

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_KM_TO_THE_SEA = 150.0  # a port farther than this from the nearest sea lane lies inland, or is mistyped
SAME_KM = 0.5  # routes that differ by less are one route
NAMES = {
    "suez": "Suez",
    "babalmandab": "Bab el-Mandeb",
    "panama": "Panama",
    "malacca": "Malacca",
    "ormuz": "Hormuz",
    "bosporus": "Bosporus",
    "gibraltar": "Gibraltar",
    "south_africa": "Cape of Good Hope",
    "chili": "Cape Horn",
}
NEVER = "northwest"  # frozen for most of the year


@dataclass(frozen=True)
class SeaNetwork:
    """Lanes of the sea as a graph.

    Attributes
    ----------
    points : (n, 2)
        lat, lon of the nodes.
    start, end : (m,)
        Nodes at the two ends of each lane.
    passage : (m,)
        Passage or cape that the lane leads through, "" for open sea.
    """

    points: Floats
    start: Ints
    end: Ints
    passage: npt.NDArray[np.str_]

    def graph(self, closed: Iterable[str] = ()) -> csr_array:
        """Return the lanes that are open as a sparse matrix of km."""
        use = ~np.isin(self.passage, list(closed))
        u, v = self.start[use], self.end[use]
        km = great_circle_km(*self.points[u].T, *self.points[v].T)
        return csr_array((np.maximum(km, 1e-6), (u, v)), shape=(len(self.points), len(self.points)))


def searoute_network() -> SeaNetwork:
    """Return the network of searoute, without the Northwest Passage.

    Raises
    ------
    UsageError
        If searoute is not installed.
    """
    try:
        from searoute.searoute import setup_M
    except ImportError:
        raise UsageError("sea routes are worked out with searoute: pip install 'prepos[geo]'") from None
    network = setup_M()
    position = {node: n for n, node in enumerate(network.nodes)}
    lanes = [
        (position[u], position[v], NAMES.get(edge.get("passage"), ""))
        for u, v, edge in network.edges(data=True)
        if edge.get("passage") != NEVER
    ]
    start, end, passage = zip(*lanes, strict=True)
    points = np.array([(lat, lon) for lon, lat in network.nodes], dtype=np.float64)
    return SeaNetwork(points, np.array(start), np.array(end), np.array(passage))


def sea_routes(ports: pd.DataFrame, network: SeaNetwork | None = None) -> pd.DataFrame:
    """Return, for each pair of ports, every route that is the shortest for some set of closed passages.

    With passages closed, the route to take is the first of the pair, shortest first, that uses none of them; where
    there is none, ships cannot pass.

    Parameters
    ----------
    ports
        Columns port, lat, lon.
    network
        Lanes of the sea; None: those of searoute.

    Returns
    -------
    DataFrame
        from_port, to_port (in alphabetical order), km, passages and capes (separated by ';').

    Raises
    ------
    DataError
        If a port lies too far from the sea, or a route comes out shorter than the great circle.
    UsageError
        If searoute is needed and not installed.
    """
    network = network or searoute_network()
    ports = ports.sort_values("port", ignore_index=True)
    node, to_sea = _snap(ports, network)
    closable = [name for name in PASSAGES if name in set(network.passage)]
    open_sets = [frozenset(s) for n in range(len(closable) + 1) for s in combinations(closable, n)]
    km = {use: _distances(network, set(closable) - use, node) for use in open_sets}
    rows = []
    for use in open_sets:
        better = np.isfinite(km[use]) & np.triu(np.ones_like(km[use], dtype=bool), 1)
        for name in use:
            better &= km[use] < km[use - {name}] - SAME_KM
        rows += _rows(network, set(closable) - use, node, better, use)
    columns = ["a", "b", "km", "passages", "capes"]
    found = pd.DataFrame(rows, columns=columns).sort_values(["a", "b", "km"], ignore_index=True)
    _refuse_short(ports, found, to_sea)
    names = ports["port"].to_numpy()
    named = found.assign(from_port=names[found["a"]], to_port=names[found["b"]], km=found["km"].round())
    return named[["from_port", "to_port", "km", "passages", "capes"]]


def _snap(ports: pd.DataFrame, network: SeaNetwork) -> tuple[Ints, Floats]:
    """Return the node nearest to each port and the km to it; a port far from any is refused."""
    km = matrix_km(ports[["lat", "lon"]].to_numpy(float), network.points)
    node = km.argmin(axis=1)
    to_sea = km[np.arange(len(ports)), node]
    problems = [
        Problem("seaports.csv", f"'{port}' lies {away:,.0f} km from the nearest sea lane; check its lat and lon")
        for port, away in zip(ports["port"], to_sea, strict=True)
        if not away <= MOST_KM_TO_THE_SEA
    ]
    if problems:
        raise DataError("sea routes", problems)
    return node, to_sea


def _distances(network: SeaNetwork, closed: Iterable[str], node: Ints) -> Floats:
    """Return km between all ports, inf where ships cannot pass."""
    unique, back = np.unique(node, return_inverse=True)
    km = dijkstra(network.graph(closed), directed=False, indices=unique)[:, unique]
    return np.asarray(km[np.ix_(back, back)], dtype=np.float64)


def _rows(
    network: SeaNetwork, closed: Iterable[str], node: Ints, wanted: npt.NDArray[np.bool_], use: frozenset[str]
) -> list[tuple[int, int, float, str, str]]:
    """Return the wanted routes, with what they pass."""
    if not wanted.any():
        return []
    start = np.flatnonzero(wanted.any(axis=1))
    km, before = dijkstra(network.graph(closed), directed=False, indices=node[start], return_predecessors=True)
    passage = {(u, v): p for u, v, p in zip(network.start, network.end, network.passage, strict=True) if p}
    rows = []
    for row, a in enumerate(start):
        for b in np.flatnonzero(wanted[a]):
            capes = _passed(passage, before[row], int(node[b])) - set(PASSAGES)
            rows.append((int(a), int(b), float(km[row, node[b]]), _joined(use), ";".join(sorted(capes))))
    return rows


def _passed(passage: dict[tuple[int, int], str], before: Ints, node: int) -> set[str]:
    """Return the passages and capes on the way back from a node to the start of the search."""
    found = set()
    while (last := int(before[node])) >= 0:
        found.add(passage.get((last, node)) or passage.get((node, last)) or "")
        node = last
    return found - {""}


def _joined(names: frozenset[str]) -> str:
    return ";".join(name for name in PASSAGES if name in names)


def _refuse_short(ports: pd.DataFrame, found: pd.DataFrame, to_sea: Floats) -> None:
    """Refuse routes that are shorter than the great circle, allowing for the way from the port to the lane."""
    a, b = found["a"].to_numpy(), found["b"].to_numpy()
    lat, lon = ports["lat"].to_numpy(float), ports["lon"].to_numpy(float)
    straight = great_circle_km(lat[a], lon[a], lat[b], lon[b])
    short = found["km"].to_numpy() + to_sea[a] + to_sea[b] < straight - SAME_KM
    problems = [
        Problem("sea_distances.csv", _shorter(ports["port"], found.iloc[n], float(straight[n])))
        for n in np.flatnonzero(short)
    ]
    if problems:
        raise DataError("sea routes", problems)


def _shorter(names: Sequence[str] | pd.Series[str], row: pd.Series, straight: float) -> str:
    pair = f"{names[row['a']]} to {names[row['b']]}"
    return f"{pair}: {row['km']:,.0f} km by sea is less than {straight:,.0f} km of great circle; check both positions"
