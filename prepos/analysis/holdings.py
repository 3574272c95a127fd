"""Where stock lies today and where it would lie under a plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prepos.evaluate import usable_stock
from prepos.instance import Instance
from prepos.plan import Plan


def stock_by_hub(instance: Instance, plan: Plan) -> pd.DataFrame:
    """Return volume and value of the stock of each hub, today and in the plan; hubs with neither are left out.

    Returns
    -------
    DataFrame
        Columns hub, name, change ("opens", "closes" or ""), m3_today, m3, usd_today, usd.
    """
    now, then = instance.stock, usable_stock(instance, plan)
    opened = set(plan.hubs.loc[plan.hubs["open"].astype(bool), "hub"])
    was_open = [status == "open" for status in instance.status]
    table = pd.DataFrame(
        {
            "hub": list(instance.hubs),
            "name": instance.scenario.hubs["name"].to_list(),
            "change": [_change(before, hub in opened) for hub, before in zip(instance.hubs, was_open, strict=True)],
            "m3_today": now @ instance.unit_m3,
            "m3": then @ instance.unit_m3,
            "usd_today": now @ instance.price_usd,
            "usd": then @ instance.price_usd,
        }
    )
    held = np.array(now.sum(axis=1) + then.sum(axis=1) > 0) | (table["change"] != "").to_numpy(bool)
    return table[held].reset_index(drop=True)


def _change(before: bool, after: bool) -> str:
    if before == after:
        return ""
    return "opens" if after else "closes"
