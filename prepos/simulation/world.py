"""The world of one replication: disasters call for stock, hubs load and send it, and are restocked or struck.

One SimPy process per disaster, consignment, order on its way and outage; a consignment carries all its items as one
vector. All chance is drawn beforehand (`hazards`), all choices are made by the policies. Time is in hours.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from prepos.instance import Floats
from prepos.simulation.hazards import HOURS_PER_DAY, HOURS_PER_YEAR, Outage, Storms, Strike
from prepos.simulation.ledger import Ledger
from prepos.simulation.policies import DISPATCH, TINY, Call
from prepos.simulation.record import Log
from prepos.simulation.restock import RESTOCK, whole_lots
from prepos.simulation.setting import Holding, Setting
from prepos.simulation.transport import Ways

Process = Generator[Any, Any, None]


class Response:
    """The state of one disaster's response.

    Attributes
    ----------
    sent : (S, K)
        Units assigned to each site so far.
    left : (S, K)
        Latest estimate of the need less what was sent; below 0 where more was sent than is now thought needed. A view
        of the world's `left`.
    closes
        Hour at which the response ends.
    blocked : (I, K)
        Stock that this outcome keeps from leaving; None where all of it can.
    supplier_left : (suppliers, K)
        Units that suppliers can still deliver.
    calls
        One standing call per site; None where nothing reaches it.
    """

    def __init__(self, world: World, strike: Strike) -> None:
        setting, mark = world.setting, world.setting.catalogue.marks[strike.mark]
        self.strike = strike
        first = world.first_row[strike.number]
        self.sent, self.left = np.zeros_like(strike.need), world.left[first : first + len(strike.need)]
        self.closes = strike.onset + setting.options.response_days * HOURS_PER_DAY
        usable = setting.availability[mark.outcome]
        held = world.stock[: setting.hubs]
        self.blocked: Floats | None = (1 - usable)[:, None] * held if usable.min(initial=1.0) < 1 else None
        self.supplier_left = setting.supplier_limit.copy()
        self.calls = [self._call(world, s, at) for s, at in enumerate(setting.ways_of[strike.mark])]

    def _call(self, world: World, site: int, at: int) -> Call | None:
        if at < 0:
            return None
        ways = world.holding.ways[at]
        flows = world.holding.flows.get((self.strike.mark, site), {})
        planned = {way: units.copy() for way, units in flows.items()}
        room = ways.capacity_m3.copy() if ways.limited else None
        return Call(ways, np.zeros(world.setting.items), math.inf, planned, room, world.setting.unit_m3)

    def revise(self, estimate: Floats) -> None:
        """Take in a new estimate of the need, (S, K)."""
        self.left[:] = estimate - self.sent

    def close(self) -> None:
        """End the response: nothing is wanted any more."""
        self.left[:] = 0.0


class World:
    """One plan in one replication, from the first disaster to the close of the last response.

    Attributes
    ----------
    stock : (sources + 1, K)
        Units in hubs; the rows of suppliers and the last one stay empty.
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
        self.stock = np.vstack([holding.stock, np.zeros((setting.sources - setting.hubs + 1, setting.items))])
        self.on_order = np.zeros_like(holding.stock)
        self.reviews = [0] * setting.hubs
        self.up_at, self.all_up_at = [0.0] * setting.hubs, 0.0
        self.stocked = np.flatnonzero(holding.stock.max(axis=1, initial=0.0) > 0).tolist()
        self.crews = [simpy.Resource(self.env, setting.options.crews) for _ in range(setting.hubs)]
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
                self.serve(response, site, stock)
                self.log.requests += asked
                self.log.turned_away += int(np.count_nonzero(left > TINY))

    def usable(self, response: Response) -> Floats:
        """Return the stock that may serve a response, with what suppliers can deliver; one empty row at the end."""
        stock, hubs = self.stock.copy(), self.setting.hubs
        if response.blocked is not None:
            stock[:hubs] = np.maximum(stock[:hubs] - response.blocked, 0.0)
        if self.all_up_at > self.env.now:
            stock[:hubs][np.array(self.up_at) > self.env.now] = 0.0
        stock[hubs:-1] = response.supplier_left
        return stock

    def serve(self, response: Response, site: int, stock: Floats) -> None:
        """Let the policy choose what to send to a site, send it, and take it off the stock given."""
        call = response.calls[site]
        if call is None:
            return
        call.want = np.maximum(response.left[site], 0.0)
        call.hours_left = response.closes - self.env.now
        shipped = self.dispatch(call, stock)
        for way in np.flatnonzero(shipped.max(axis=1) > TINY).tolist():
            units = shipped[way]
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
            self.env.process(self.consignment(response.strike, site, call.ways, way, units / parts, volume / parts))
        if setting.options.review_days == 0 and source < setting.hubs:
            self.order(source)

    def consignment(self, strike: Strike, site: int, ways: Ways, way: int, units: Floats, volume: float) -> Process:
        """Wait for a crew, load, travel, clear customs, arrive.

        The hours of a lane hold ordinary picking and loading, so they count from the start of loading; loading adds
        only what exceeds that, and nothing arrives before it is loaded.
        """
        source, env = ways.sources[way], self.env
        asked, longer = env.now, 0.0
        started = asked
        if source < self.setting.hubs:
            with self.crews[source].request() as turn:
                yield turn
                while self.up_at[source] > env.now:
                    yield env.timeout(self.up_at[source] - env.now)
                started = env.now
                loading = volume / float(self.setting.crew_m3_hour[source])
                longer = max(loading - self.setting.options.ordinary_loading_hours, 0.0)
                if loading > 0:
                    yield env.timeout(loading)
            self.log.queue_hours.append(started - asked)
        self.ledger.waiting -= units
        self.ledger.travelling += units
        arrives = started + self.lane_hours(strike, site, ways, way) + longer
        yield env.timeout(max(arrives - env.now, 0.0))
        self.ledger.travelling -= units
        self.ledger.delivered += units
        self.log.arrive(strike.number, site, env.now - strike.onset, ways.sources[way], ways.modes[way], units)

    def lane_hours(self, strike: Strike, site: int, ways: Ways, way: int) -> float:
        """Return the hours that a way takes this time: its customs and the rest of it, each with a delay of its own."""
        mode, customs = ways.modes[way], ways.customs[way]
        lane = self.storms.lane_factor[strike.number, ways.sources[way], mode]
        border = self.storms.customs_factor[strike.number, site, mode]
        return float((ways.hours[way] - customs) * lane + customs * border)

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
                self.env.process(self.delivery(hub, share, hours * factor))

    def delivery(self, hub: int, units: Floats, hours: float) -> Process:
        """Bring an order to its hub."""
        yield self.env.timeout(hours)
        self.stock[hub] += units
        self.on_order[hub] -= units
        self.ledger.replenished += units
        self.offer(hub)

    def offer(self, hub: int) -> None:
        """Offer the stock of a hub to the responses that wait for it, the oldest disaster first."""
        if not self.setting.options.backlog or self.up_at[hub] > self.env.now:
            return
        held, only = self.stock[hub], np.zeros_like(self.stock)
        for row in np.flatnonzero(np.minimum(held, self.left).max(axis=1, initial=0.0) > TINY).tolist():
            number, site = self.site_of_row[row]
            response = self.responses[number]
            call = response.calls[site]
            if call is None or hub not in call.ways.reached_by or np.minimum(held, self.left[row]).max() <= TINY:
                continue
            only[hub] = held if response.blocked is None else np.maximum(held - response.blocked[hub], 0.0)
            self.serve(response, site, only)

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
        self.offer(hub)
