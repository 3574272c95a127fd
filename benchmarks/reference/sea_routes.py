"""Work out reference/sea_distances.csv anew from reference/seaports.csv (needs ``pip install 'prepos[geo]'``).

For each pair of ports it holds the shortest route and, after it, each longer one that is the shortest once some
passages are closed. Takes about 30 s.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from prepos.network.reference import table
from prepos.network.sea import sea_routes

REFERENCE = Path(__file__).parents[2] / "prepos" / "network" / "reference"


def main() -> None:
    routes = sea_routes(table("seaports")[["port", "lat", "lon"]])
    routes["km"] = routes["km"].astype("int64")
    routes["basis"] = "dataset: +-10 %"
    routes["source"] = f"searoute {version('searoute')}"
    routes.to_csv(REFERENCE / "sea_distances.csv", index=False, lineterminator="\n")
    pairs = len(routes.drop_duplicates(["from_port", "to_port"]))
    print(f"{pairs:,} pairs of ports, {len(routes):,} routes")


if __name__ == "__main__":
    main()
