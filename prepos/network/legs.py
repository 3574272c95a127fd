"""Legs: single moves by one mode, made from the figures of the modes under given conditions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeAlias

from prepos.network.conditions import OPEN, Conditions, Key, border_keys, gateway_key, leg_id
from prepos.network.distance import describe, great_circle_km
from prepos.network.flights import Fleet
from prepos.network.places import Place
from prepos.network.reference import Gateway, GatewayKind, ModeFigures, Reference, SeaWay
from prepos.network.roads import Road, RoadMap

Node: TypeAlias = tuple[str, str]

SHORT_KM = 50.0  # a road leg to or from a gateway that is shorter pays and waits nothing beyond its km
KM_PER_CROSSING = 700.0  # great circle per ferry in a country of islands, or per border where none is known; estimate
SEA_ROUTE = "sea route (searoute 1.6, precomputed)"


@dataclass(frozen=True, slots=True)
class Leg:
    """One edge of the network: a move by one mode.

    Attributes
    ----------
    origin, destination
        Nodes, such as ``("hub", "NBO")`` and ``("airport", "ADE")``.
    km, km_basis
        Travelled distance and how it is known.
    moving_hours, fixed_hours, customs_hours, border_hours, lost_hours
        The parts of `hours`; the last are those that closures.csv adds.
    usd_per_t
        Freight of one chargeable tonne: km x usd_per_tkm + fixed_usd_per_t.
    kg_per_m3
        Weight that one m3 is charged at, at least.
    kgco2e_per_t
        Emissions of one tonne, actual weight.
    main
        False for a short access leg: no fixed hours, no fixed freight, not named in the mode of the lane.
    uses
        What the leg depends on beside its ends: passages, borders, airports at which it stops for fuel.
    border_note, customs_note
        How borders and customs hours are known, where that is worth saying.
    """

    origin: Node
    destination: Node
    mode: str
    km: float
    km_basis: str
    moving_hours: float
    fixed_hours: float
    customs_hours: float
    border_hours: float
    usd_per_t: float
    kg_per_m3: float
    kgco2e_per_t: float
    main: bool
    lost_hours: float = 0.0
    uses: tuple[Key, ...] = ()
    border_note: str = ""
    customs_note: str = ""

    @property
    def hours(self) -> float:
        """Hours of the leg, all parts together."""
        return self.moving_hours + self.fixed_hours + self.customs_hours + self.border_hours + self.lost_hours

    @property
    def basis(self) -> str:
        """How the figures of the leg are known."""
        parts = (self.km_basis, self.border_note, self.customs_note, self.lost_note)
        return f"{self.mode}: " + ", ".join(part for part in parts if part)

    @property
    def lost_note(self) -> str:
        """What closures.csv adds."""
        return f"{self.lost_hours:g} h lost" if self.lost_hours else ""

    @property
    def name(self) -> tuple[Node, Node, str]:
        """What tells the leg from all others."""
        return self.origin, self.destination, self.mode

    @property
    def keys(self) -> set[Key]:
        """Everything whose closing changes the leg."""
        ends = (gateway_key(self.origin), gateway_key(self.destination))
        return {*ends, ("leg", leg_id(ends[0][1], ends[1][1])), *self.uses}

    def without_customs(self) -> Leg:
        """Return the leg for goods that do not come from another country."""
        return replace(self, customs_hours=0.0, customs_note="")


class LegMaker:
    """Makes each kind of leg; None where it does not exist, is closed, or is longer than its mode goes.

    Parameters
    ----------
    figures
        Mode -> its figures.
    fleet
        Types of aircraft; None: flights as modes.csv has them.
    under
        What is closed or held up.
    """

    def __init__(
        self,
        figures: dict[str, ModeFigures],
        reference: Reference,
        fleet: Fleet | None = None,
        under: Conditions = OPEN,
        usual: LegMaker | None = None,
    ) -> None:
        self.figures, self.reference, self.fleet, self.under = figures, reference, fleet, under
        self._usual = usual or self
        self.roads: RoadMap = RoadMap(reference, self._road, under)
        if usual is not None and not under.of("border"):
            self.roads = usual.roads

    @property
    def _road(self) -> ModeFigures:
        return self.figures["road"]

    def given(self, under: Conditions) -> LegMaker:
        """Return the maker of the same legs under other conditions."""
        return LegMaker(self.figures, self.reference, self.fleet, under, self._usual)

    def link(self, one: Gateway, other: Gateway, great_circle: float) -> Leg | None:
        """Return the flight or the voyage between two gateways."""
        return (self._flight if one.kind == "airport" else self._voyage)(one, other, great_circle)

    def access(self, place: Place, kind: GatewayKind) -> Leg | None:
        """Return the road from a place to its gateway."""
        return self._gateway_road(place, kind, outbound=True)

    def last(self, place: Place, kind: GatewayKind) -> Leg | None:
        """Return the road from a gateway of entry to a place, customs and release included."""
        leg = self._gateway_road(place, kind, outbound=False)
        hours = place.customs_hours["air" if kind == "airport" else "sea"]
        return leg and replace(leg, customs_hours=hours, customs_note=place.customs_note)

    def road(self, one: Place, other: Place, great_circle: float) -> Leg | None:
        """Return the road from door to door: abroad, it waits at borders and for customs as air freight does."""
        road = self._door_to_door(one, other, great_circle)
        if road is None or road.km > self._road.max_km:
            return None
        leg = self._leg(one.node, other.node, "road", road.km, road.basis, moving_hours=road.hours)
        if one.iso3 and one.iso3 == other.iso3:
            return self._as_is(self._with_ferries(leg, great_circle) if other.islands else leg)
        leg = self._with_borders(leg, road, great_circle)
        note = other.customs_note or "customs as by air"
        return self._as_is(replace(leg, customs_hours=other.customs_hours["air"], customs_note=note))

    def _door_to_door(self, one: Place, other: Place, great_circle: float) -> Road | None:
        if one.iso3 and one.iso3 == other.iso3:
            return self.roads.inside(other.iso3, great_circle)
        if self.roads.knows(one.iso3, other.iso3):
            return self.roads.between((one.lat, one.lon, one.iso3), (other.lat, other.lon, other.iso3))
        return self.roads.inside("", great_circle)

    def _with_borders(self, leg: Leg, road: Road, great_circle: float) -> Leg:
        """Return a road leg abroad with its wait at borders: those on its way, else as many as are usual."""
        if road.borders:
            return self._with_crossings(leg, road)
        borders = max(1, round(great_circle / KM_PER_CROSSING))
        note = _estimated(borders, "border", "", "s")
        return replace(leg, border_hours=borders * self._road.border_hours, border_note=note)

    def _with_crossings(self, leg: Leg, road: Road) -> Leg:
        count = len(road.borders)
        return replace(
            leg,
            border_hours=count * self._road.border_hours,
            lost_hours=leg.lost_hours + road.lost_hours,
            border_note=f"{count} border{'' if count == 1 else 's'} ({', '.join(road.borders)})",
            uses=tuple(dict.fromkeys(key for border in road.borders for key in border_keys(border))),
        )

    def _with_ferries(self, leg: Leg, great_circle: float) -> Leg:
        """Return a road leg inside a country of islands, each estimated ferry being waited for as a border is."""
        ferries = round(great_circle / KM_PER_CROSSING)
        note = _estimated(ferries, "ferr", "y", "ies")
        return replace(leg, border_hours=ferries * self._road.border_hours, border_note=note)

    def _gateway_road(self, place: Place, kind: GatewayKind, *, outbound: bool) -> Leg | None:
        """Road between a place and its gateway, if any, over borders if the gateway lies in another country."""
        gateway = place.gateway(kind)
        if gateway is None or not place.located:
            return None
        great_circle = float(great_circle_km(place.lat, place.lon, gateway.lat, gateway.lon))
        abroad = bool(place.iso3) and gateway.iso3 != place.iso3
        crossed = self._crossed(place, gateway, great_circle) if abroad else None
        if abroad and crossed is None:
            return None
        road = self._gateway_km(place, kind, great_circle, crossed)
        if road.km > self._road.max_km:
            return None
        ends = (place.node, (gateway.kind, gateway.code))
        origin, destination = ends if outbound else ends[::-1]
        main = road.km >= SHORT_KM
        leg = self._leg(origin, destination, "road", road.km, road.basis, moving_hours=road.hours, main=main)
        if crossed is None:
            return self._as_is(self._with_ferries(leg, great_circle) if place.islands else leg)
        if crossed.borders:
            return self._as_is(self._with_crossings(leg, crossed))
        return self._as_is(replace(leg, border_hours=self._road.border_hours, border_note=f"1 border ({gateway.iso3})"))

    def _crossed(self, place: Place, gateway: Gateway, great_circle: float) -> Road | None:
        """Way over land to a gateway abroad; without borders where those of either country are not known."""
        if not self.roads.knows(place.iso3, gateway.iso3):
            return self.roads.inside(place.iso3, great_circle)
        return self.roads.between((gateway.lat, gateway.lon, gateway.iso3), (place.lat, place.lon, place.iso3))

    def _gateway_km(self, place: Place, kind: GatewayKind, great_circle: float, crossed: Road | None) -> Road:
        """Road to a gateway: km given, else by the country's own detour, else as roads go there."""
        computed = crossed or self.roads.inside(place.iso3, great_circle)
        given = place.airport_km if kind == "airport" else place.port_km
        if not math.isnan(given):
            km, basis = given, f"given in {place.table}"
        elif kind == "port" and not math.isnan(place.port_detour):
            km, basis = (
                great_circle * place.port_detour,
                f"{describe(place.port_detour)} (as from the port to the capital)",
            )
        else:
            return computed
        pace = computed.hours / computed.km if computed.km else 1 / self.roads.speed_kmh(place.iso3)
        longer = self._longer(place, kind, crossed)
        return Road(
            km * longer, basis + (f" x {longer:.3g} round closed borders" if longer != 1 else ""), km * longer * pace
        )

    def _longer(self, place: Place, kind: GatewayKind, crossed: Road | None) -> float:
        """How much longer the way is than it would be with all borders open."""
        gateway = place.gateway(kind)
        if crossed is None or gateway is None or self.roads is self._usual.roads or not crossed.borders:
            return 1.0
        usual = self._usual._crossed(place, gateway, 0.0)
        return max(1.0, crossed.km / usual.km) if usual and usual.borders != crossed.borders else 1.0

    def _voyage(self, one: Gateway, other: Gateway, great_circle: float) -> Leg | None:
        """Voyage by the fastest route whose passages are open."""
        sea = self.figures["sea"]
        known = self.reference.ways(one.code, other.code)
        if not known:
            known = (SeaWay(great_circle * sea.detour),)
            basis = describe(sea.detour)
        else:
            basis = SEA_ROUTE
        lost = [self.under.lost(*(("passage", name) for name in way.passages)) for way in known]
        best = min(range(len(known)), key=lambda n: known[n].km / sea.speed_kmh + lost[n])
        way = known[best]
        if math.isinf(lost[best]) or way.km > sea.max_km:
            return None
        via = ", ".join((*way.passages, *way.capes))
        leg = self._leg(_node(one), _node(other), "sea", way.km, f"{basis} by {via}" if via else basis)
        uses = tuple(("passage", name) for name in way.passages)
        return self._as_is(replace(leg, lost_hours=lost[best], uses=uses))

    def _flight(self, one: Gateway, other: Gateway, great_circle: float) -> Leg | None:
        """Flight along the great circle, or by the type of aircraft that does it most cheaply."""
        air = self.figures["air"]
        start, end = _node(one), _node(other)
        if self.fleet is None:
            km = great_circle * air.detour
            return self._as_is(self._leg(start, end, "air", km, describe(air.detour))) if km <= air.max_km else None
        closed = {code for (_, code), hours in self.under.of("airport").items() if math.isinf(hours)}
        flight = self.fleet.best(one, other, closed, air.kg_per_m3)
        if flight is None:
            return None
        stop = f" by way of {flight.stop}" if flight.stop else ""
        basis = f"{describe(1)}{stop}, {flight.aircraft.aircraft}"
        leg = self._leg(start, end, "air", flight.km, basis, moving_hours=flight.hours)
        return self._as_is(
            replace(
                leg,
                usd_per_t=flight.usd_per_t + air.fixed_usd_per_t,
                kg_per_m3=flight.aircraft.kg_per_m3,
                uses=(("airport", flight.stop),) if flight.stop else (),
            )
        )

    def _leg(
        self,
        origin: Node,
        destination: Node,
        mode: str,
        km: float,
        km_basis: str,
        *,
        moving_hours: float | None = None,
        main: bool = True,
    ) -> Leg:
        """Return a leg priced and timed by the figures of its mode, before customs and borders."""
        figures = self.figures[mode]
        return Leg(
            origin=origin,
            destination=destination,
            mode=mode,
            km=km,
            km_basis=km_basis,
            moving_hours=km / figures.speed_kmh if moving_hours is None else moving_hours,
            fixed_hours=figures.fixed_hours if main else 0.0,
            customs_hours=0.0,
            border_hours=0.0,
            usd_per_t=km * figures.usd_per_tkm + (figures.fixed_usd_per_t if main else 0.0),
            kg_per_m3=figures.kg_per_m3,
            kgco2e_per_t=km * figures.kgco2e_per_tkm,
            main=main,
        )

    def _as_is(self, leg: Leg) -> Leg | None:
        """Return the leg as it is under the conditions at its ends: None if closed, else with the hours lost there.

        A gateway holds up flights and voyages; a hub or a site holds up what leaves or reaches it.
        """
        if not self.under.hours:
            return leg
        start, end = gateway_key(leg.origin), gateway_key(leg.destination)
        at_start, at_end = self.under.lost(start), self.under.lost(end)
        itself = self.under.lost(("leg", leg_id(start[1], end[1])))
        if math.isinf(at_start + at_end + itself):
            return None
        lost = itself + (at_start if _counts(start, leg) else 0.0) + (at_end if _counts(end, leg) else 0.0)
        return replace(leg, lost_hours=leg.lost_hours + lost) if lost else leg


def _counts(end: Key, leg: Leg) -> bool:
    """Whether hours lost at an end are lost on this leg: gateways would else be waited for twice."""
    return leg.mode != "road" or end[0] not in ("airport", "port")


def _estimated(count: int, stem: str, one: str, many: str) -> str:
    return f"{count} {stem}{one if count == 1 else many} estimated" if count else ""


def _node(gateway: Gateway) -> Node:
    return (gateway.kind, gateway.code)
