"""What holds for any scenario: it survives a round trip, and whatever is wrong with it is a `DataError`."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prepos.data.read import read_scenario
from prepos.data.scenario import Settings
from prepos.data.tables import TABLES
from prepos.data.write import write_scenario
from prepos.errors import DataError

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(str.strip)
own_names = texts.filter(lambda name: name and all(name not in table.column_names for table in TABLES.values()))

# Columns whose cells must agree with others: left as they are.
TIED = (
    "iso3", "serves", "lat", "lon", "site", "hours", "probability", "people_in_need", "quantity", "units_per_household",
)  # fmt: skip

NASTY = [
    "", " ", "0", "-1", "1e999", "nan", "inf", "1,5", "1.200,5", "1 200", "50%", "n/a", "-", "#REF!", "12 kg",
    "\u22125", "NBO", "nbo", "tent", "Blantyre", "pam", "wet", "KEN", "ken", "A;B", "open", "closed", "Open",
    "2015-02-30", "13/03/2015", "42076", "\u0663", "x" * 300, "two\nlines",
    'quo"te', "a\x00b", "\x1b[31m", "=SUM(A1)", "None",
]  # fmt: skip


def numbers(column):
    low = column.above if column.above is not None else column.low
    inside = st.floats(low, column.high, allow_nan=False, allow_infinity=False, exclude_min=column.above is not None)
    return inside if column.required else inside | st.just(float("nan"))


@st.composite
def variants(draw, scenario):
    """Draw a scenario with other texts and numbers wherever no other table depends on them."""
    changes = {}
    for table in TABLES.values():
        frame = scenario.table(table.name)
        for column in table.columns:
            if column.name in table.key or column.name in TIED or column.refers or not draw(st.booleans()):
                continue
            cells = numbers(column) if column.kind == "number" else texts
            cells = st.sampled_from(["", *column.choices]) if column.choices else cells
            cells = st.dates().map(str) if column.kind == "date" else cells
            dtype = "float64" if column.kind == "number" else "str"
            drawn = draw(st.lists(cells, min_size=len(frame), max_size=len(frame)))
            frame = frame.assign(**{column.name: pd.Series(drawn, dtype=dtype)})
        for name in draw(st.lists(own_names, max_size=2, unique=True)) if len(frame) else []:
            drawn = draw(st.lists(texts, min_size=len(frame), max_size=len(frame)))
            frame = frame.assign(**{name: pd.Series(drawn, dtype="str")})
        changes[table.name] = frame
    positive = st.floats(0, exclude_min=True, allow_infinity=False)
    chosen = Settings(
        title=draw(texts),
        question=draw(texts),
        period_days=draw(positive),
        disasters_per_year=draw(st.none() | positive),
        share_from_stock=draw(st.floats(1e-3, 1)),
        sources=draw(st.dictionaries(texts, texts, max_size=2)),
    )
    return replace(scenario, settings=chosen, **changes)


@pytest.fixture(scope="module")
def scenarios(good, given_files, put, tmp_path_factory):
    return [read_scenario(put(tmp_path_factory.mktemp("base") / "plan", files)) for files in (good, given_files)]


@pytest.fixture(scope="module")
def folders(good, given_files):
    return [good, given_files]


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_is_written_reads_back_the_same_and_writes_the_same_again(scenarios, same, data):
    scenario = data.draw(variants(data.draw(st.sampled_from(scenarios))))
    with tempfile.TemporaryDirectory() as place:
        first, second = Path(place, "1", "plan"), Path(place, "2", "plan")
        write_scenario(scenario, first)
        back = read_scenario(first)
        assert same(back, replace(scenario, layout=back.layout)) == []
        write_scenario(back, second)
        assert same(read_scenario(second), back) == []
        assert [path.read_bytes() for path in sorted(first.iterdir())] == [
            path.read_bytes() for path in sorted(second.iterdir())
        ]


def read_or_problems(path):
    """Read a folder; give the scenario and no problem, or no scenario and its problems. Nothing else may happen."""
    try:
        return read_scenario(path), ()
    except DataError as error:
        return None, error.problems


def rows_in(text):
    records = csv.reader(io.StringIO(text, newline=""))
    return sum(any(cell.strip() for cell in record) for record in records) - 1


def mutated(draw, text):
    """Put something else into some cells of a CSV text, drop or repeat a cell or a row."""
    records = list(csv.reader(io.StringIO(text, newline="")))
    for _ in range(draw(st.integers(1, 3))):
        record = draw(st.sampled_from(records))
        place = draw(st.integers(0, max(len(record) - 1, 0)))
        deed = draw(st.sampled_from(["cell", "cell", "cell", "cut", "repeat", "row"]))
        if deed == "row":
            records.append(list(record))
        elif deed == "cut":
            del record[place:]
        elif deed == "repeat":
            record.insert(place, draw(st.sampled_from(NASTY)))
        elif record:
            record[place] = draw(st.sampled_from(NASTY) | texts)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(records)
    return out.getvalue()


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_cell_either_reads_whole_or_is_a_data_error(folders, put, data):
    files = dict(data.draw(st.sampled_from(folders)))
    for name in data.draw(st.lists(st.sampled_from(sorted(files.keys() - {"scenario.toml"})), min_size=1, max_size=2)):
        files[name] = mutated(data.draw, files[name])
    with tempfile.TemporaryDirectory() as place:
        path = put(Path(place, "plan"), files)
        scenario, problems = read_or_problems(path)
    assert all(problem.message and problem.table for problem in problems)
    if scenario is None:
        assert problems
        return
    for name in files.keys() - {"scenario.toml"}:
        assert len(scenario.table(Path(name).stem)) == rows_in(files[name])


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_bytes_stand_in_a_file_it_reads_or_is_a_data_error(folders, put, data):
    files = {name: text.encode() for name, text in data.draw(st.sampled_from(folders)).items()}
    name = data.draw(st.sampled_from(sorted(files)))
    content = files[name]
    start = data.draw(st.integers(0, len(content)))
    stop = data.draw(st.integers(start, min(len(content), start + 5)))
    files[name] = (
        content[:start]
        + data.draw(st.binary(max_size=5) | st.sampled_from([b'"', b";", b"\n", b"[", b"="]))
        + (content[stop:])
    )
    with tempfile.TemporaryDirectory() as place:
        path = put(Path(place, "plan"), files)
        scenario, problems = read_or_problems(path)
    assert scenario is not None or problems
