"""Freight by chargeable weight, as the trade charges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.network.paths import Path
from prepos.network.reference import ModeFigures

Floats = npt.NDArray[np.float64]


def chargeable_kg(unit_kg: npt.ArrayLike, unit_m3: npt.ArrayLike, kg_per_m3: npt.ArrayLike) -> Floats:
    r"""Return the weight that freight is paid for: :math:`\max(kg, \rho_v m^3)`.

    Parameters
    ----------
    unit_kg, unit_m3
        Packed weight and volume of one unit.
    kg_per_m3
        Weight that one m3 is charged at, at least: 167 by air, 333 by road, 1000 by sea (weight or measure).
    """
    kg, m3, rho = (np.asarray(x, dtype=np.float64) for x in (unit_kg, unit_m3, kg_per_m3))
    return np.asarray(np.maximum(kg, rho * m3), dtype=np.float64)


def chargeable_tonnes(items: pd.DataFrame, figures: Mapping[str, ModeFigures], modes: Sequence[str]) -> Floats:
    """Return the chargeable tonnes of one unit, shape (modes, items)."""
    rho = np.array([figures[mode].kg_per_m3 for mode in modes])
    return chargeable_kg(items["unit_kg"].to_numpy(), items["unit_m3"].to_numpy(), rho[:, None]) / 1000


def path_freight(
    paths: Sequence[Path], items: pd.DataFrame, figures: Mapping[str, ModeFigures]
) -> tuple[Floats, Floats, Floats]:
    r"""Return hours (paths,), USD per unit (paths, items) and kg CO2e per unit (paths, items).

    .. math:: c_{pk} = \sum_{l \in p} t_{k v(l)} (km_l \, a_{v(l)} + b_{v(l)}) + h_p \, m3_k, \qquad
              e_{pk} = kg_k / 1000 \sum_{l \in p} km_l \, \epsilon_{v(l)}

    with t chargeable tonnes, a usd_per_tkm, b fixed_usd_per_t (0 on short access legs), h handling out of the hub.
    """
    modes = list(figures)
    position = {mode: v for v, mode in enumerate(modes)}
    usd_per_t = np.zeros((len(paths), len(modes)))
    for p, path in enumerate(paths):
        for leg in path.legs:
            usd_per_t[p, position[leg.mode]] += leg.usd_per_t
    handling = np.array([path.origin.handling_usd_m3 for path in paths])
    kgco2e_per_t = np.array([sum(leg.kgco2e_per_t for leg in path.legs) for path in paths])
    hours = np.array([path.hours for path in paths], dtype=np.float64)
    usd = usd_per_t @ chargeable_tonnes(items, figures, modes) + np.outer(handling, items["unit_m3"].to_numpy())
    return hours, usd, np.outer(kgco2e_per_t, items["unit_kg"].to_numpy()) / 1000
