from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prepos.data.importers import KINDS, Options, import_file
from prepos.data.importers.values import day_of, degrees_of, number_of, text_of
from prepos.data.scenario import Scenario
from prepos.errors import PreposError
from tests.data.importers import samples as s

NASTY = [
    "",
    " ",
    None,
    0,
    -1,
    1.5,
    1e300,
    float("inf"),
    "1e999",
    "nan",
    "1,234",
    "1.234",
    "1 234",
    "12,5",
    "50%",
    "n/a",
    "N/A",
    "-",
    "<5",
    ">1000",
    "~1,200",
    "1000-2000",
    "12k",
    "1.2 million",
    "#REF!",
    "unknown",
    "two\nlines",
    "x" * 300,
    'quo"te',
    "a\x00b",
    "\ud800",
    "٣",
    "−5",
    "2015-02-30",
    "13/03/2015",
    "03/04/2015",
    "3 May 2015",
    42076,
    "42076",
    "1 January 2015",
    "2031-01-01",
    "38.00 N",
    "200",
    "0",
    9_999_999_999,
    "NPL",
    "Nepal",
    "Congo",
    "Nowhere",
    "FL",
    "Flood",
    "FL-2031-000150-NPL",
    "FL-2031-000150",
    True,
    False,
    "Total",
    "#country",
    "DEFAULT",
    [1, 2],
    {"a": 1},
    [[]],
    10**400,
]
HEADERS = {
    "emdat": s.EMDAT_NEW,
    "idmc": s.GIDD,
    "dtm": s.DTM,
    "dfo": s.DFO,
    "usgs": s.USGS,
}
JSON_ROWS = {
    "gdacs": s.gdacs(1)["properties"],
    "glide": s.glide("2031-000001"),
    "ifrc": s.appeal("1"),
    "idmc": {
        "iso3": 1,
        "country_name": 1,
        "year": 1,
        "start_date": 1,
        "event_name": 1,
        "new_displacement": 1,
        "glide_numbers": 1,
    },
    "dtm": s.dtm("A", 1, 2),
}
GOOD = {
    "emdat": s.emdat("2031-0001-NPL"),
    "idmc": s.gidd("1"),
    "dtm": s.dtm("A", 1, 5),
    "dfo": s.dfo(1),
    "usgs": s.usgs("a"),
}

cells = st.sampled_from(NASTY) | st.text(max_size=6) | st.floats() | st.integers()
plain_cells = cells.map(lambda cell: "" if isinstance(cell, list | dict) or cell is None else cell)
calm = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def account(kind: str, path: Path, base: Scenario, **choices: object) -> None:
    """Import; whatever is wrong is a message, and every row is accounted for."""
    try:
        found = import_file(kind, path, base, Options(**choices))  # type: ignore[arg-type]
    except PreposError:
        return
    counts = found.report.counts()
    assert counts["read"] + counts["left_out"] == counts["rows"]
    assert found.report.as_csv().count("\n") > counts["rows"] - 1
    ids = found.scenario.disasters["disaster"]
    assert not ids.duplicated().any()
    assert (found.scenario.disasters["people_in_need"] >= 0).all()


@pytest.mark.parametrize("kind", sorted(HEADERS))
@calm
@given(data=st.data())
def test_nonsense_cells_never_lose_a_row(kind, base, data):
    names = s.names(HEADERS[kind])
    rows = []
    for _ in range(data.draw(st.integers(0, 5))):
        row = [GOOD[kind].get(name, "") for name in names]
        for at in data.draw(st.lists(st.integers(0, len(names) - 1), max_size=6)):
            row[at] = data.draw(plain_cells)
        rows.append(row + data.draw(st.sampled_from([[], [], ["more"]])))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(b"")
        text = (
            s.as_csv([names, *rows], data.draw(st.sampled_from([",", ";", "\t"])), "utf-8-sig")
            if _clean(rows)
            else b"a,b"
        )
        path.write_bytes(text)
        account(kind, path, base, need_if_unknown=data.draw(st.sampled_from([None, 5.0])))


def _clean(rows):
    return not any(isinstance(cell, str) and "\ud800" in cell for row in rows for cell in row)


@pytest.mark.parametrize("kind", sorted(JSON_ROWS))
@calm
@given(data=st.data())
def test_nonsense_values_in_json_never_lose_a_record(kind, base, data):
    records: list[object] = []
    for _ in range(data.draw(st.integers(0, 5))):
        record = dict(JSON_ROWS[kind])
        for name in data.draw(st.lists(st.sampled_from(sorted(record)), max_size=5)):
            record[name] = data.draw(cells)
        records.append(data.draw(st.sampled_from([record, record, record, "text", None, 3])))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_text(json.dumps(records))
        account(kind, path, base, first_round=data.draw(st.sampled_from(["base", "all"])))


@calm
@given(data=st.data())
def test_the_generic_importer_never_loses_a_row(base, data):
    table = data.draw(st.sampled_from(["disasters", "stock", "items", "hubs", "sites", "lanes", "suppliers"]))
    names = data.draw(
        st.lists(
            st.sampled_from(
                [
                    "hub",
                    "Warehouse",
                    "item",
                    "Item name",
                    "Qty",
                    "Weight (MT)",
                    "Volume (l)",
                    "Country",
                    "lat",
                    "Longitude",
                    "date",
                    "HH affected",
                    "IDPs",
                    "price EUR",
                    "status",
                    "expiry",
                    "#item+name",
                    "#affected+hh",
                    "x",
                    "",
                ]
            ),
            min_size=1,
            max_size=8,
        )
    )
    rows = [[data.draw(plain_cells) for _ in names] for _ in range(data.draw(st.integers(0, 4)))]
    if not _clean(rows):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = s.write_csv(Path(folder) / "x.csv", [names, *rows])
        account("generic", path, base, table=table)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.binary(max_size=400),
    ending=st.sampled_from(["csv", "xlsx", "json", "xls"]),
    kind=st.sampled_from(sorted(set(KINDS) - {"esups"})),
)
def test_any_bytes_are_a_message_or_an_account(base, data, ending, kind):
    start = data[:1] and (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"{", b"[")[data[0] % 6]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{ending}"
        path.write_bytes((start or b"") + data)
        account(kind, path, base)


@given(cell=cells | st.binary() | st.dates() | st.datetimes())
def test_a_cell_is_read_without_a_fault(cell):
    for whole in (True, False):
        number = number_of(cell, whole=whole).number
        assert number != number or 0 <= number <= 1e15
    degrees_of(cell)
    assert text_of(cell) == text_of(text_of(cell))
    text_of(cell).encode("utf-8")
    for order in ("day first", "month first", "unknown"):
        day = day_of(cell, order).text
        assert not day or len(day) == 10
