"""The answer of a solve as one document: what `--json` prints and `result.json` keeps."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prepos.evaluate import Evaluation
from prepos.plan import Plan
from prepos.runs import plain


def plan_result(plan: Plan, evaluation: Evaluation) -> dict[str, Any]:
    """Return status, decisions and figures of a plan in the shape of INTERFACE, in the types of JSON."""
    return {
        "status": plan.status,
        "engine": plan.engine,
        "objective": plain(plan.objective),
        "bound": plain(plan.bound),
        "gap": plain(plan.gap),
        "seconds": plain(plan.seconds),
        "levels": [plain({"name": n.name, "value": n.value, "bound": n.bound, "gap": n.gap}) for n in plan.levels],
        "notes": list(plan.notes),
        "hubs": plain(plan.hubs),
        "stock": _quantities(plan.stock),
        "purchases": _quantities(plan.purchases),
        "moves": _quantities(plan.moves),
        **plain(evaluation.as_dict()),
    }


def _quantities(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows that have a quantity; whole numbers without a decimal point."""
    rows: list[dict[str, Any]] = plain(table[table["quantity"] > 0])
    return [{**row, "quantity": int(q) if (q := row["quantity"]) == int(q) else q} for row in rows]
