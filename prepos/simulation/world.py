"""The world of one replication: disasters call for stock, hubs load and send it, and are restocked or struck.

SimPy processes are the disasters, the loading crews of each hub, the stock reviews and the outages; journeys are
timeouts. A consignment carries all its items as one vector. All chance is drawn beforehand (`hazards`), all choices are
made by the policies. Time is in hours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Generator
from functools import partial
from typing import Any

import numpy as np
import simpy

from prepos.instance import Floats
from prepos.simulation.hazards import HOURS_PER_DAY, HOURS_PER_YEAR, Outage, Storms, Strike
from prepos.simulation.ledger import Ledger
from prepos.simulation.policies import DISPATCH, TINY, Call
from prepos.simulation.record import Log
from prepos.simulation.response import Consignment, Response
from prepos.simulation.restock import RESTOCK, whole_lots
from prepos.simulation.setting import Holding, Setting

Process = Generator[Any, Any, None]


class World:
    """One plan in one replication, from the first disaster to the close of the last response.

    Attributes
    ----------
    stock : (sources, K)
        Units in hubs; the rows of suppliers stay empty.
    on_order : (I, K)
        Units ordered and not yet received.
    left : (rows, K)
        What each site still wants, one row per site of each disaster, in order of onset.
    first_row, site_of_row
        Disaster -> its first row; row -> disaster and number of its site.
    responses
        Disasters that have struck.
    up_at, all_up_at
        Hour from which each hub can load again; the latest of them.
    """

    def __init__(self, setting: Setting, holding: Holding, storms: Storms) -> None:
        self.setting, self.holding, self.storms = setting, holding, storms
        self.env = simpy.Environment()
        self.stock = np.vstack([holding.stock, np.zeros((setting.sources - setting.hubs, setting.items))])
        self.on_order = np.zeros_like(holding.stock)
        self.reviews = [0] * setting.hubs
        self.up_at, self.all_up_at = [0.0] * setting.hubs, 0.0
        self.stocked = np.flatnonzero(holding.stock.max(axis=1, initial=0.0) > 0).tolist()
        self.docks = [simpy.Store(self.env) for _ in range(setting.hubs)]
        sites = [len(strike.need) for strike in storms.strikes]
        self.first_row = np.concatenate([[0], np.cumsum(sites)]).astype(int).tolist()
        self.site_of_row = [(number, site) for number, count in enumerate(sites) for site in range(count)]
        self.left = np.zeros((len(self.site_of_row), setting.items))
        self.responses: list[Response] = []
        self.ledger = Ledger(holding.stock)
        self.log = Log()
        self.dispatch = DISPATCH[setting.options.dispatch]
        self.restock = RESTOCK[setting.options.restock]
        last_onset = max((strike.onset for strike in storms.strikes), default=0.0)
        self.ends = (
            max(setting.options.years * HOURS_PER_YEAR, last_onset) + setting.options.response_days * HOURS_PER_DAY
        )

    def run(self) -> Log:
        """Run to the end, hold the books against the stock, and return what happened."""
        options = self.setting.options
        self.env.process(self.strikes())
        for hub in self.stocked:
            for _ in range(options.crews):
                self.env.process(self.crew(hub))
        for outage in self.storms.outages:
            self.env.process(self.outage(outage))
        if options.restock != "none" and options.review_days > 0:
            self.env.process(self.reviewing(options.review_days * HOURS_PER_DAY))
        self.env.run(until=self.ends)
        self.ledger.check(self.stock, self.log.delivered(self.setting.items), self.setting.item_names)
        return self.log

    # Disasters

    def strikes(self) -> Process:
        """Start a response at the onset of each disaster."""
        for strike in self.storms.strikes:
            if strike.onset > self.env.now:
                yield self.env.timeout(strike.onset - self.env.now)
            self.env.process(self.respond(strike))

    def respond(self, strike: Strike) -> Process:
        """Ask for what is known to be needed, again at each new estimate, until the response closes."""
        options, response = self.setting.options, Response(self, strike)
        self.responses.append(response)
        for day, factor in zip(options.reveal_days, self.storms.estimate[strike.number], strict=True):
            due = strike.onset + max(day * HOURS_PER_DAY, options.approval_hours)
            if due > self.env.now:
                yield self.env.timeout(due - self.env.now)
            response.revise(strike.need * factor)
            self.ask(response)
        yield self.env.timeout(max(response.closes - self.env.now, 0.0))
        response.close()

    def ask(self, response: Response) -> None:
        """Request what is wanted and not yet sent; count what is turned away."""
        stock = self.usable(response)
        for site, left in enumerate(response.left):
            asked = int(np.count_nonzero(left > TINY))
            if asked:
                holders = np.flatnonzero(np.any(np.minimum(stock, left) > TINY, axis=1)).tolist()
                self.serve(response, site, stock, holders)
                self.log.requests += asked
                self.log.turned_away += int(np.count_nonzero(left > TINY))

    def usable(self, response: Response) -> Floats:
        """Return the stock that may serve a response, with what suppliers can deliver."""
        stock, hubs = self.stock.copy(), self.setting.hubs
        if response.blocked is not None:
            stock[:hubs] = np.maximum(stock[:hubs] - response.blocked, 0.0)
        if self.all_up_at > self.env.now:
            stock[:hubs][np.array(self.up_at) > self.env.now] = 0.0
        stock[hubs:] = response.supplier_left
        return stock

    def serve(self, response: Response, site: int, stock: Floats, holders: Collection[int]) -> None:
        """Let the policy choose what the sources that hold something send to a site; take it off the stock given."""
        call = response.calls[site]
        if call is None or call.ways.reached_by.isdisjoint(holders):
            return
        call.want, call.sources = np.maximum(response.left[site], 0.0), holders
        call.hours_left = response.closes - self.env.now
        for way, units in self.dispatch(call, stock).items():
            stock[call.ways.sources[way]] -= units
            response.sent[site] += units
            response.left[site] -= units
            self.send(response, site, call, way, units)

    # Consignments

    def send(self, response: Response, site: int, call: Call, way: int, units: Floats) -> None:
        """Take units from their source and set them on their way, in consignments of limited size."""
        source, setting = call.ways.sources[way], self.setting
        price = 0.0
        if source < setting.hubs:
            self.stock[source] -= units
        else:
            price = float(units @ setting.supplier_usd[source - setting.hubs])
            response.supplier_left[source - setting.hubs] -= units
            self.ledger.supplied += units
        self.ledger.waiting += units
        meant = call.planned.get(way)
        if meant is not None and np.maximum(meant - units, 0.0, out=meant).max() <= TINY:
            del call.planned[way]
        volume = float(units @ setting.unit_m3)
        if call.room is not None:
            call.room[way] -= volume
        self.log.supplier_usd += price
        self.log.freight_usd += float(units @ call.ways.usd[way]) - price  # a supplier's price is part of its lane's
        self.log.kgco2e += float(units @ call.ways.kgco2e[way])
        parts = max(1, math.ceil(volume / setting.options.consignment_m3 - 1e-9))
        for _ in range(parts):
            args = (response.strike, site, call.ways, way, units / parts, volume / parts, self.env.now)
            self.hand_over(Consignment(*args))
        if setting.options.review_days == 0 and source < setting.hubs:
            self.order(source)

    def hand_over(self, consignment: Consignment) -> None:
        """Bring a consignment to the dock of its hub; a supplier's leaves at once."""
        if consignment.source < self.setting.hubs:
            self.docks[consignment.source].put(consignment)
        else:
            self.depart(consignment, self.env.now, 0.0)

    def crew(self, hub: int) -> Process:
        """Load the consignments of a hub one after the other, first come first served; stand still while it is out."""
        while True:
            consignment = yield self.docks[hub].get()
            while self.up_at[hub] > self.env.now:
                yield self.env.timeout(self.up_at[hub] - self.env.now)
            started = self.env.now
            self.log.queue_hours.append(started - consignment.asked)
            loading = consignment.volume / float(self.setting.crew_m3_hour[hub])
            if loading > 0:
                yield self.env.timeout(loading)
            self.depart(consignment, started, loading)

    def depart(self, consignment: Consignment, started: float, loading: float) -> None:
        """Send a loaded consignment on its way.

        The hours of a lane hold ordinary picking and loading, so they count from the start of loading; loading adds
        only what exceeds that, and nothing arrives before it is loaded.
        """
        self.ledger.waiting -= consignment.units
        self.ledger.travelling += consignment.units
        longer = max(loading - self.setting.options.ordinary_loading_hours, 0.0)
        arrives = started + self.lane_hours(consignment) + longer
        self.after(arrives - self.env.now, partial(self.arrive, consignment))

    def lane_hours(self, consignment: Consignment) -> float:
        """Return the hours that a way takes this time: its customs and the rest of it, each with its own delay."""
        ways, way, number = consignment.ways, consignment.way, consignment.strike.number
        customs, mode = ways.customs[way], ways.modes[way]
        lane = self.storms.lane_factor[number, consignment.source, mode]
        border = self.storms.customs_factor[number, consignment.site, mode]
        return float((ways.hours[way] - customs) * lane + customs * border)

    def arrive(self, consignment: Consignment) -> None:
        """Hand a consignment over at its site."""
        self.ledger.travelling -= consignment.units
        self.ledger.delivered += consignment.units
        self.log.arrive(
            consignment.strike.number,
            consignment.site,
            self.env.now - consignment.strike.onset,
            consignment.source,
            consignment.ways.modes[consignment.way],
            consignment.units,
        )

    def after(self, hours: float, do: Callable[[], None]) -> None:
        """Do something once hours have passed: a journey, of which nothing else needs to know meanwhile."""
        self.env.timeout(max(hours, 0.0)).callbacks.append(lambda _: do())

    # Replenishment

    def reviewing(self, every: float) -> Process:
        """Review the stock of every hub at fixed times."""
        while True:
            yield self.env.timeout(every)
            for hub in self.stocked:
                self.order(hub)

    def order(self, hub: int) -> None:
        """Order what the restock policy finds missing at a hub; items of one lead time come together."""
        setting, number = self.setting, self.reviews[hub]
        self.reviews[hub] += 1
        target = self.holding.stock[hub]
        missing = self.restock(self.stock[hub] + self.on_order[hub], target, setting.options.reorder_share)
        units = whole_lots(missing, setting.lot)
        if units.max(initial=0.0) <= TINY:
            return
        self.on_order[hub] += units
        self.log.replenishment_usd += float(units @ setting.price_usd)
        factor = self.storms.lead_times.factor(hub, number)
        for hours, members in setting.lead_groups:
            share = units * members
            if share.max() > TINY:
                self.after(hours * factor, partial(self.receive, hub, share, members))

    def receive(self, hub: int, units: Floats, items: Floats) -> None:
        """Take an order into a hub's stock, and offer it."""
        self.stock[hub] += units
        self.on_order[hub] -= units
        self.ledger.replenished += units
        self.offer(hub, items)

    def offer(self, hub: int, items: Floats) -> None:
        """Offer what a hub holds of some items (1, others 0) to the responses that wait, the oldest disaster first."""
        if not self.setting.options.backlog or self.up_at[hub] > self.env.now:
            return
        only, held = np.zeros_like(self.stock), self.stock[hub] * items
        for row in np.flatnonzero(np.any(np.minimum(held, self.left) > TINY, axis=1)).tolist():
            number, site = self.site_of_row[row]
            response = self.responses[number]
            call = response.calls[site]
            if call is None or hub not in call.ways.reached_by:
                continue
            only[hub] = held if response.blocked is None else np.maximum(held - response.blocked[hub], 0.0)
            self.serve(response, site, only, (hub,))
            held = self.stock[hub] * items
            if held.max() <= TINY:
                return

    # Hubs that are struck

    def outage(self, outage: Outage) -> Process:
        """Destroy a share of a hub's stock and keep anything from leaving it for a while."""
        yield self.env.timeout(outage.start)
        hub = outage.hub
        lost = self.stock[hub] * outage.loss
        self.stock[hub] -= lost
        self.ledger.lost += lost
        self.log.lost_units += float(lost.sum())
        self.up_at[hub] = max(self.up_at[hub], self.env.now + outage.hours)
        self.all_up_at = max(self.all_up_at, self.up_at[hub])
        yield self.env.timeout(outage.hours)
        self.offer(hub, np.ones(self.setting.items))
