"""Processor seconds to write, read and mark a workbook with 100,000 rows of stock, half of them with a wrong hub.

python benchmarks/workbook.py [ROWS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from machine import describe_machine

from prepos.data.scenario import Scenario
from prepos.data.workbook.annotate import annotate
from prepos.data.workbook.read import read_workbook
from prepos.data.workbook.write import write_workbook
from prepos.errors import DataError
from prepos.library import load_scenario


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    print(describe_machine())
    with tempfile.TemporaryDirectory() as place:
        book = Path(place) / "large.xlsx"
        for wrong in (False, True):
            start = time.process_time()
            write_workbook(large(rows, wrong), book)
            written = time.process_time()
            problems = problems_in(book)
            read = time.process_time()
            print(f"{rows:,} rows: written in {written - start:.1f} s, read in {read - written:.1f} s")
        annotate(book, problems)
        print(f"{rows // 2:,} wrong cells marked in {time.process_time() - read:.1f} s")


def large(rows: int, wrong: bool) -> Scenario:
    scenario = load_scenario("iom-2015")
    items = scenario.items["item"].tolist()
    number = np.arange(rows)
    stock = pd.DataFrame(
        {
            "hub": np.where(wrong & (number % 2 == 1), "NBQ", "NBO"),
            "item": [items[n % len(items)] for n in number],
            "quantity": np.random.default_rng(1).uniform(0, 100, rows),
            "owner": "IOM",
            "batch": [f"b{n}" for n in number],
            "expiry": "2030-01-02",
            "basis": "illustrative",
            "source": "made for the benchmark",
        }
    )
    return replace(scenario, stock=stock)


def problems_in(book: Path) -> tuple:
    try:
        return read_workbook(book).warnings
    except DataError as error:
        return error.problems


if __name__ == "__main__":
    main()
