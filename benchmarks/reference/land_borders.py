"""Work out reference/land_borders.csv anew: points on every land border, from the map of Natural Earth.

Needs the file ``countries-50m.json`` of the npm package world-atlas 2.0.2 (Natural Earth 4.1.0, public domain) and a
table of country codes with the columns iso3 and numeric (the UN's list M49):
``python benchmarks/reference/land_borders.py countries-50m.json codes.csv``.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from prepos.network.distance import great_circle_km, matrix_km

FILE = Path(__file__).parents[2] / "prepos" / "network" / "reference" / "land_borders.csv"
MOST_POINTS = 8  # of one border
APART_KM = 120.0  # between points of one border
UNNUMBERED = {"Somaliland": "SOM", "Kosovo": "XKX"}  # parts without a number of their own on the map
MAP = "Natural Earth 4.1.0 (public domain) through world-atlas 2.0.2"
FIXED_LINKS = {  # not on the map: a road over or under water
    ("BWA", "ZMB"): (-17.79, 25.26, "Kazungula ferry, bridge since 2021"),
    ("BHR", "SAU"): (26.18, 50.33, "King Fahd Causeway"),
    ("DNK", "SWE"): (55.57, 12.85, "Oresund bridge"),
    ("FRA", "GBR"): (51.0, 1.5, "Channel tunnel"),
    ("MYS", "SGP"): (1.45, 103.77, "Johor causeway"),
}
OVERSEAS = {
    ("BRA", "FRA"): ("BRA", "GUF"),
    ("FRA", "SUR"): ("GUF", "SUR"),
}  # French Guiana is part of France on the map
NO_ROAD = {  # closed to goods for most of 2010 to 2024, or without a road
    ("AFG", "CHN"): "Wakhan: no road",
    ("ARM", "AZE"): "closed since the war of 1991 to 1994",
    ("ARM", "TUR"): "closed since 1993",
    ("BRA", "SUR"): "no road",
    ("BTN", "CHN"): "no crossing",
    ("CHN", "IND"): "no goods traffic to speak of",
    ("COL", "PAN"): "Darien gap: no road",
    ("COL", "PER"): "no road",
    ("DJI", "ERI"): "closed since 2008",
    ("DZA", "MAR"): "closed since 1994",
    ("ERI", "ETH"): "closed but for some months of 2018",
    ("GUY", "VEN"): "no road",
    ("ISR", "LBN"): "closed",
    ("ISR", "SYR"): "closed",
    ("KOR", "PRK"): "closed",
}

Points = list[tuple[float, float]]


def main(file: Path, codes: Path) -> None:
    world = json.loads(file.read_text(encoding="utf-8"))
    shared = shared_points(world, iso3_by_number(codes))
    rows = [row for pair, points in sorted(shared.items()) for row in border_rows(OVERSEAS.get(pair, pair), points)]
    rows += [
        (*pair, lat, lon, "yes", "cited_from_memory: link and position", name)
        for pair, (lat, lon, name) in FIXED_LINKS.items()
    ]
    with FILE.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["iso3", "iso3_other", "lat", "lon", "road", "basis", "source"])
        writer.writerows(sorted(rows))
    print(f"{len({row[:2] for row in rows})} borders, {len(rows)} points")


def border_rows(pair: tuple[str, str], points: Points) -> list[tuple[Any, ...]]:
    road, basis = "yes", "dataset: position; estimate: open to goods"
    if pair in NO_ROAD:
        road, basis = "no", f"dataset: position; cited_from_memory: {NO_ROAD[pair]}"
    return [(*pair, round(lat, 2), round(lon, 2), road, basis, MAP) for lat, lon in spread(points)]


def iso3_by_number(codes: Path) -> dict[str, str]:
    """Return ISO 3166-1 numeric code, three digits -> alpha-3."""
    with codes.open(encoding="utf-8", newline="") as table:
        return {row["numeric"].zfill(3): row["iso3"] for row in csv.DictReader(table)}


def shared_points(world: dict[str, Any], iso3_of: dict[str, str]) -> dict[tuple[str, str], Points]:
    """Return the points that two countries' outlines have in common."""
    owners: dict[int, set[str]] = defaultdict(set)
    for country in world["objects"]["countries"]["geometries"]:
        iso3 = iso3_of.get(country.get("id", ""), UNNUMBERED.get(country["properties"]["name"], ""))
        if iso3:
            for arc in flat(country["arcs"]):
                owners[arc if arc >= 0 else ~arc].add(iso3)
    found: dict[tuple[str, str], Points] = defaultdict(list)
    for arc, countries in owners.items():
        for one, other in combinations(sorted(countries), 2):
            found[one, other] += positions(world, arc)
    return found


def flat(arcs: list[Any]) -> list[int]:
    return [a for part in arcs for a in (flat(part) if isinstance(part, list) else [part])]


def positions(world: dict[str, Any], arc: int) -> Points:
    """Return lat, lon along an arc, a point at least every 30 km."""
    (scale_x, scale_y), (x0, y0) = world["transform"]["scale"], world["transform"]["translate"]
    steps = np.cumsum(np.array(world["arcs"][arc]), axis=0)
    line = [(float(y * scale_y + y0), float(x * scale_x + x0)) for x, y in steps]
    dense: Points = line[:1]
    for (lat1, lon1), (lat2, lon2) in pairwise(line):
        parts = max(1, int(float(great_circle_km(lat1, lon1, lat2, lon2)) // 30))
        dense += [(lat1 + (lat2 - lat1) * n / parts, lon1 + (lon2 - lon1) * n / parts) for n in range(1, parts + 1)]
    return dense


def spread(points: Points) -> Points:
    """Return a few points that lie far from each other, the most central one first."""
    km = matrix_km(points, points)
    chosen = [int(km.sum(axis=1).argmin())]
    while len(chosen) < MOST_POINTS:
        away = km[:, chosen].min(axis=1)
        if away.max() < APART_KM:
            break
        chosen.append(int(away.argmax()))
    return [points[n] for n in chosen]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
