"""Which arcs a plan could need at all: an exact reduction of the program before it is built."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from prepos.evaluate import deprivation_usd, is_on_time
from prepos.instance import Floats, Instance, Ints
from prepos.model import Model, ObjectiveName
from prepos.network.dominance import nondominated


def worth_keeping(instance: Instance, model: Model, n: Ints, lane: Ints) -> npt.NDArray[np.bool_]:
    """Return which arcs some plan could need: of the lanes of one need and source, those that none other beats.

    Two modes of one source draw on the same stock and the same outbound limit, so one that is no better in any
    coefficient of the model can be left out. Where a lane has a capacity of its own, all are kept.
    """
    lanes = instance.lanes
    if np.isfinite(lanes.capacity_m3[lane]).any():
        return np.ones(len(n), dtype=bool)
    criteria = [column for name in model.objective.minimise for column in arc_costs(name, instance, model, lane)]
    if model.service.min_coverage is not None or model.service.probability is not None:
        criteria.append(-is_on_time(lanes.hours[lane], model.service.within_hours).astype(float))
    pair = n * len(instance.sources) + lanes.i[lane]
    return nondominated(pair, [column[:, None] for column in criteria])[:, 0]


def arc_costs(objective: ObjectiveName, instance: Instance, model: Model, lane: Ints) -> list[Floats]:
    """Return the coefficients by which an objective tells the lanes of one need and source apart."""
    lanes = instance.lanes
    hours, usd = lanes.hours[lane], lanes.usd[lane]
    match objective:
        case "cost":
            return [usd]
        case "social":
            return [usd + deprivation_usd(instance, lanes.k[lane], hours)]
        case "time":
            return [hours]
        case _:
            return [-is_on_time(hours, model.objective.target_hours).astype(float), usd]
