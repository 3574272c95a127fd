"""Whether the tables of a scenario fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prepos.data import references, sense
from prepos.data.closures import closure_references
from prepos.data.scenario import Scenario
from prepos.data.subject import Reading, Subject
from prepos.errors import Problem

Check = Callable[[Subject], Iterator[Problem]]

# Each check with the tables that must be read without fault for it to say anything true.
CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (sense.something_to_plan, ()),
    (references.duplicated_keys, ()),
    (references.declared_references, ()),
    (references.lane_references, ()),
    (references.site_references, ()),
    (references.outcome_references, ()),
    (closure_references, ("hubs", "suppliers", "sites", "disasters", "lanes", "closures")),
    (sense.positions, ()),
    (sense.countries, ()),
    (sense.served_countries, ("disasters", "sites")),
    (sense.disaster_places, ("sites", "lanes")),
    (sense.lane_hours, ()),
    (sense.lane_prices, ("lanes",)),
    (sense.probabilities, ("outcomes",)),
    (sense.needs_come_out, ("outcomes", "needs", "need_rules", "disasters", "items")),
    (sense.item_needs, ("needs", "need_rules", "disasters")),
    (sense.need_rules, ("need_rules", "disasters")),
    (sense.shelf_life, ()),
    (sense.assumed_figures, ("items", "disasters")),
    (sense.lanes_to_nowhere, ("outcomes", "needs", "need_rules", "disasters", "items", "lanes")),
    (sense.unusable_stock, ("hubs", "stock")),
    (sense.full_hubs, ("hubs", "hub_tiers", "items", "stock")),
    (sense.stranded_sources, ("stock", "lanes")),
    (sense.unreached_needs, ("outcomes", "needs", "need_rules", "disasters", "items", "lanes")),
    (sense.supplier_places, ()),
    (sense.settings_in_use, ("needs", "outcomes")),
)


def check(scenario: Scenario, reading: Reading | None = None) -> list[Problem]:
    """Return what is wrong or odd between the tables of a scenario.

    Parameters
    ----------
    scenario
        Read from files, or made in memory.
    reading
        How the files were read: their row numbers, and the tables that a check cannot rely on. Without it rows are
        numbered as they would be in a file (position + 2).
    """
    subject = Subject(scenario, reading or Reading())
    return [
        problem
        for run, relied_on in CHECKS
        if not subject.reading.faulty.intersection(relied_on)
        for problem in run(subject)
    ]
