"""Freight by chargeable weight, as the trade charges it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.network.paths import Path

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


def path_freight(paths: Sequence[Path], items: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    r"""Return hours (paths,), USD per unit (paths, items) and kg CO2e per unit (paths, items).

    .. math:: c_{pk} = \sum_{l \in p} t_{kl} \, c_l + h_p \, m3_k, \qquad
              e_{pk} = kg_k / 1000 \sum_{l \in p} km_l \, \epsilon_{v(l)}

    with t chargeable tonnes, c usd_per_t of the leg, h handling out of the hub.
    """
    densities = sorted({leg.kg_per_m3 for path in paths for leg in path.legs})
    position = {kg_per_m3: n for n, kg_per_m3 in enumerate(densities)}
    usd_per_t = np.zeros((len(paths), len(densities)))
    for p, path in enumerate(paths):
        for leg in path.legs:
            usd_per_t[p, position[leg.kg_per_m3]] += leg.usd_per_t
    unit_kg, unit_m3 = items["unit_kg"].to_numpy(dtype=np.float64), items["unit_m3"].to_numpy(dtype=np.float64)
    tonnes = chargeable_kg(unit_kg, unit_m3, np.array(densities)[:, None]) / 1000
    handling = np.array([path.origin.handling_usd_m3 for path in paths])
    kgco2e_per_t = np.array([sum(leg.kgco2e_per_t for leg in path.legs) for path in paths])
    hours = np.array([path.hours for path in paths], dtype=np.float64)
    return hours, usd_per_t @ tonnes + np.outer(handling, unit_m3), np.outer(kgco2e_per_t, unit_kg) / 1000
