"""Every table of a scenario and every column of it, declared once.

Reading, checking, writing, workbook templates and the docs are drawn from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "date"]


@dataclass(frozen=True)
class Column:
    """One column: what may stand in it and what it means.

    Parameters
    ----------
    name
        Header in the file and column in the DataFrame.
    meaning
        One line in plain words.
    unit
        Unit of a number (``"m3"``, ``"USD"``, ``"hours"``); empty for texts.
    kind
        ``"number"`` reads as float (empty: NaN), ``"text"`` as str (empty: ""), ``"date"`` as ISO text.
    required
        The column must exist and no cell of it may be empty.
    low, high
        Bounds of a number, both allowed.
    above
        Strict lower bound of a number.
    choices
        The only texts allowed (an empty cell stays allowed where not required).
    refers
        Table whose key column the text must be found in.
    default
        What an empty cell means, in words.
    """

    name: str
    meaning: str
    unit: str = ""
    kind: Kind = "text"
    required: bool = False
    low: float | None = None
    high: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    default: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its file, its key and its columns."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def file(self) -> str:
        """File of the table inside a scenario folder."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the declared columns, in order."""
        return tuple(column.name for column in self.columns)


def _text(name: str, meaning: str, *, refers: str = "", choices: tuple[str, ...] = (), default: str = "") -> Column:
    return Column(name, meaning, refers=refers, choices=choices, default=default)


def _id(name: str, meaning: str, *, refers: str = "") -> Column:
    return Column(name, meaning, required=True, refers=refers)


def _number(
    name: str,
    meaning: str,
    unit: str,
    *,
    required: bool = False,
    low: float | None = 0.0,
    high: float | None = None,
    above: float | None = None,
    default: str = "",
) -> Column:
    return Column(name, meaning, unit, "number", required, low, high, above, default=default)


LAT = _number("lat", "latitude", "degrees", low=-90, high=90)
LON = _number("lon", "longitude", "degrees", low=-180, high=180)
ISO3 = _text("iso3", "country, ISO 3166-1 alpha-3")
BASIS = _text(
    "basis", "how the figures of the row are known: verified, dataset, cited_from_memory, estimate, illustrative"
)
SOURCE = _text("source", "where the figures of the row come from")

HUBS = Table(
    "hubs",
    "Places that hold stock, or could",
    ("hub",),
    (
        _id("hub", "id of the hub"),
        _text("name", "name of the hub"),
        ISO3,
        LAT,
        LON,
        _text("status", "open today, a candidate, or closed", choices=("open", "candidate", "closed"), default="open"),
        _text("airport", "IATA or ICAO code of its airport"),
        _text("port", "UN/LOCODE of its seaport"),
        _number("airport_km", "road distance to its airport", "km", default="great circle x detour"),
        _number("port_km", "road distance to its seaport", "km", default="great circle x detour"),
        _number("capacity_m3", "usable volume", "m3", default="no limit"),
        _number("fixed_usd_year", "cost of keeping the hub open for a year", "USD/year", default="0"),
        _number("storage_usd_m3_month", "storage", "USD/m3/month", default="0"),
        _number("handling_usd_m3", "handling out of the hub", "USD/m3", default="0"),
        _number("outbound_m3_day", "most that can leave in a day", "m3/day", default="no limit"),
        _text("serves", "countries (ISO3, separated by ';') that the hub may ship to", default="every country"),
        BASIS,
        SOURCE,
    ),
    required=True,
)

HUB_TIERS = Table(
    "hub_tiers",
    "Sizes at which a hub can be run; at most one is chosen",
    ("hub", "tier"),
    (
        _id("hub", "hub", refers="hubs"),
        _id("tier", "name of the size"),
        _number("capacity_m3", "usable volume", "m3", required=True),
        _number("fixed_usd_year", "cost of a year at this size", "USD/year", required=True),
        BASIS,
        SOURCE,
    ),
)

ITEMS = Table(
    "items",
    "Relief items",
    ("item",),
    (
        _id("item", "id of the item"),
        _text("name", "name of the item"),
        _text("unit", "what one unit is: piece, set, kit, roll"),
        _number("unit_kg", "packed weight of one unit", "kg", required=True),
        _number("unit_m3", "packed volume of one unit", "m3", required=True),
        _number("price_usd", "purchase price of one unit", "USD", default="0"),
        _number("units_per_household", "units that one household in need gets", "units/household"),
        _number("people_per_unit", "people that one unit serves", "people/unit", low=None, above=0),
        _number("lot", "smallest quantity bought or moved", "units", low=None, above=0, default="1"),
        _number(
            "shelf_life_months",
            "time until it expires in stock",
            "months",
            low=None,
            above=0,
            default="does not expire",
        ),
        _number("lead_time_days", "time from order to arrival at a hub", "days"),
        _number("weight", "importance of the item in coverage", "", default="1"),
        _number("deprivation_usd_day", "social cost of one unit arriving a day later", "USD/day", default="0"),
        _number(
            "shortage_usd",
            "social cost of one unit that never arrives",
            "USD",
            default="5 x price, and no less than coming latest",
        ),
        _number(
            "leftover_usd",
            "cost of one unit left unused after an outcome (negative: value)",
            "USD",
            low=None,
            default="0",
        ),
        BASIS,
        SOURCE,
    ),
    required=True,
)

STOCK = Table(
    "stock",
    "Units on hand today",
    ("hub", "item", "owner", "batch"),
    (
        _id("hub", "hub", refers="hubs"),
        _id("item", "item", refers="items"),
        _number("quantity", "units on hand", "units", required=True),
        _text("owner", "who owns the units"),
        _text("batch", "batch or lot number"),
        Column("expiry", "date on which the batch expires", kind="date"),
        BASIS,
        SOURCE,
    ),
)

DISASTERS = Table(
    "disasters",
    "Disasters of the past, or imagined ones",
    ("disaster",),
    (
        _id("disaster", "id of the disaster"),
        _text("glide", "GLIDE number"),
        Column("date", "date of onset", kind="date"),
        ISO3,
        _text("hazard", "hazard code (GLIDE codes; CF: conflict)"),
        _text("name", "name"),
        _text("site", "place of the needs", refers="sites"),
        LAT,
        LON,
        _number("affected", "people affected", "people"),
        _number("displaced", "people displaced", "people"),
        _number("people_in_need", "people in need of shelter and relief items", "people", required=True),
        BASIS,
        SOURCE,
    ),
)

SITES = Table(
    "sites",
    "Places where needs arise",
    ("site",),
    (
        _id("site", "id of the site"),
        _text("name", "name of the site"),
        ISO3,
        _text("region", "region, for coverage and equity by region"),
        _text(
            "climate",
            "climate all year, for need_rules",
            choices=("warm", "temperate", "cold"),
            default="by latitude and month",
        ),
        LAT,
        LON,
        _text("airport", "airport of entry, IATA or ICAO code", default="the country's gateway"),
        _text("port", "seaport of entry, UN/LOCODE", default="the country's gateway"),
        _number("customs_hours_air", "customs and release at the airport", "hours", default="the country's gateway"),
        _number("customs_hours_sea", "customs and release at the seaport", "hours", default="the country's gateway"),
        _number("road_km", "road distance from the seaport to the site", "km", default="great circle x detour"),
        BASIS,
        SOURCE,
    ),
)

MODES = Table(
    "modes",
    "Ways to move goods, for computed lanes",
    ("mode",),
    (
        Column("mode", "mode", required=True, choices=("air", "sea", "road")),
        _number("speed_kmh", "door-to-door speed of the moving leg", "km/h", required=True, low=None, above=0),
        _number("fixed_hours", "preparation, loading and waiting before the leg", "hours", default="0"),
        _number("usd_per_tkm", "freight for a chargeable tonne and km", "USD/t/km", required=True),
        _number("fixed_usd_per_t", "freight for a chargeable tonne whatever the distance", "USD/t", default="0"),
        _number("kgco2e_per_tkm", "emissions for a tonne (actual weight) and km", "kg CO2e/t/km", default="0"),
        _number("kg_per_m3", "weight that one m3 is charged at, at least", "kg/m3", default="0"),
        _number(
            "detour", "travelled km for one km of great circle, where no distance is known", "km/km", low=1, default="1"
        ),
        _number("border_hours", "wait at each land border", "hours", default="0"),
        _number("max_km", "longest leg", "km", low=None, above=0, default="no limit"),
        BASIS,
        SOURCE,
    ),
)

LANES = Table(
    "lanes",
    "Ways from hub to site; given lanes replace the computed ones",
    ("hub", "site", "mode", "item", "outcome"),
    (
        _id("hub", "hub or supplier"),
        _id("site", "site"),
        _id("mode", "mode, or a chain such as sea+road"),
        _text("item", "item", refers="items", default="every item"),
        _text("outcome", "outcome in which the row replaces the general one", default="every outcome"),
        _number("hours", "door to door", "hours", default="closed, in a row for one outcome"),
        _number("usd_per_unit", "freight for one unit", "USD"),
        _number("usd_per_kg", "freight for one kg", "USD/kg"),
        _number("usd_per_m3", "freight for one m3", "USD/m3"),
        _number("kgco2e_per_unit", "emissions for one unit", "kg CO2e"),
        _number("kgco2e_per_kg", "emissions for one kg", "kg CO2e/kg"),
        _number("capacity_m3", "most that the lane can carry in one outcome", "m3", default="no limit"),
        BASIS,
        SOURCE,
    ),
)

OUTCOMES = Table(
    "outcomes",
    "What may happen, with probabilities that sum to 1",
    ("outcome",),
    (
        _id("outcome", "id of the outcome"),
        _number("probability", "probability", "", required=True, low=0, high=1),
        BASIS,
        SOURCE,
    ),
)

NEEDS = Table(
    "needs",
    "Units needed at each site in each outcome",
    ("outcome", "site", "item"),
    (
        _id("outcome", "outcome"),
        _id("site", "site"),
        _id("item", "item", refers="items"),
        _number("quantity", "units needed", "units", required=True),
        BASIS,
        SOURCE,
    ),
)

NEED_RULES = Table(
    "need_rules",
    "What people in need get, by item, hazard, climate and month; the most specific row decides, items.csv else",
    ("item", "hazard", "climate", "month_from", "month_to"),
    (
        _text("item", "item", refers="items", default="every item"),
        _text("hazard", "hazard code (GLIDE codes; CF: conflict)", default="every hazard"),
        _text(
            "climate",
            "climate at the place in the month of the disaster",
            choices=("warm", "temperate", "cold"),
            default="every climate",
        ),
        _number("month_from", "first month of onset (1 to 12)", "month", low=1, high=12, default="every month"),
        _number("month_to", "last month of onset; may lie after the turn of the year", "month", low=1, high=12),
        _number("units_per_household", "units that one household in need gets", "units/household", default="items.csv"),
        _number(
            "people_per_unit", "people that one unit serves", "people/unit", low=None, above=0, default="items.csv"
        ),
        _number("share_in_need", "share of the people in need who need the item", "", high=1, default="1"),
        _number("existing_coverage", "share of them who have it already", "", high=1, default="0"),
        _number("low", "need that 5 in 100 estimates fall below, as a share of the estimate", "", high=1, default="1"),
        _number("high", "need that 5 in 100 estimates exceed, as a share of the estimate", "", low=1, default="1"),
        BASIS,
        SOURCE,
    ),
)

AVAILABILITY = Table(
    "availability",
    "Share of a hub's stock that survives and can leave it in an outcome; 1 where not given",
    ("outcome", "hub"),
    (
        _id("outcome", "outcome"),
        _id("hub", "hub", refers="hubs"),
        _number("share", "share of the stock", "", required=True, low=0, high=1),
        BASIS,
        SOURCE,
    ),
)

SUPPLIERS = Table(
    "suppliers",
    "Suppliers that can deliver after an outcome, under contract",
    ("supplier", "item"),
    (
        _id("supplier", "id of the supplier"),
        _id("item", "item", refers="items"),
        _number("price_usd", "price of one unit", "USD", required=True),
        _number("lead_time_days", "days from call to goods ready", "days", required=True),
        _number("limit", "most units in one outcome", "units", default="no limit"),
        LAT,
        LON,
        BASIS,
        SOURCE,
    ),
)

CLOSURES = Table(
    "closures",
    "What is closed, or held up, in an outcome or in all of them",
    ("outcome", "kind", "id"),
    (
        _text("outcome", "outcome in which the row holds, instead of the general one", default="every outcome"),
        Column(
            "kind",
            "what kind of thing it is",
            required=True,
            choices=("passage", "port", "airport", "hub", "site", "border", "leg", "mode"),
        ),
        _id("id", "passage, code, id, KEN-SSD for a border, KEMBA>juba for a leg; several are separated by ';'"),
        _number("hours", "hours that are lost there each time", "hours", default="closed"),
        BASIS,
        SOURCE,
    ),
)

AIRCRAFT = Table(
    "aircraft",
    "Types of aircraft to charter; with this table air legs are flown by the cheapest that can, else as in modes",
    ("aircraft",),
    (
        _id("aircraft", "id of the type"),
        _text("name", "name of the type"),
        _number("range_km", "longest leg with the payload", "km", required=True, low=None, above=0),
        _number("payload_kg", "most it carries by weight", "kg", required=True, low=None, above=0),
        _number("volume_m3", "most it carries by volume", "m3", required=True, low=None, above=0),
        _number("speed_kmh", "cruise speed", "km/h", required=True, low=None, above=0),
        _number("usd_block_hour", "charter with fuel for an hour", "USD/hour", required=True),
        _number("runway_m", "shortest runway it can use loaded", "m", default="any"),
        BASIS,
        SOURCE,
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        HUBS,
        HUB_TIERS,
        ITEMS,
        STOCK,
        DISASTERS,
        SITES,
        MODES,
        LANES,
        OUTCOMES,
        NEEDS,
        NEED_RULES,
        AVAILABILITY,
        SUPPLIERS,
        CLOSURES,
        AIRCRAFT,
    )
}
