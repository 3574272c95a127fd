"""From texts to typed columns."""

from __future__ import annotations

import numpy as np
import pytest

from prepos.data.raw import parse_csv
from prepos.data.tables import HUBS, STOCK
from prepos.data.typed import typed_table


def typed(text, table):
    raw, problems = parse_csv(table.file, text)
    assert not problems
    return typed_table(raw, table)


def test_a_cell_that_cannot_be_read_is_empty_and_the_rest_of_its_row_stays():
    read = typed("hub,item,quantity,expiry\nNBO,tent,x,1/2/2020\nMNL,rope,7,2020-01-02\n", STOCK)
    assert read.frame["hub"].tolist() == ["NBO", "MNL"]
    assert np.isnan(read.frame["quantity"][0])
    assert read.frame["quantity"][1] == 7
    assert read.frame["expiry"].tolist() == ["", "2020-01-02"]
    assert [problem.column for problem in read.problems] == ["quantity", "expiry"]


@pytest.mark.parametrize("text", ["7", "+7", "7.", "7.0", ".7e1", "70E-1", "007"])
def test_numbers_are_read_as_python_and_spreadsheets_write_them(text):
    assert typed(f"hub,item,quantity\nNBO,tent,{text}\n", STOCK).frame["quantity"][0] == 7


def test_numbers_lose_nothing():
    read = typed("hub,item,quantity\nNBO,tent,0.1\nNBO,rope,123456789.123456789\nNBO,net,5e-324\n", STOCK)
    assert read.frame["quantity"].tolist() == [0.1, 123456789.123456789, 5e-324]


def test_a_choice_that_is_not_offered_is_told_with_the_nearest():
    read = typed("hub,status\nNBO,Open\nMNL,candidat\nGVA,\nPTY,mothballed\n", HUBS)
    assert [str(problem) for problem in read.problems] == [
        "hubs.csv row 2, column status: 'Open' is not one of open, candidate, closed (did you mean 'open'?)",
        "hubs.csv row 3, column status: 'candidat' is not one of open, candidate, closed (did you mean 'candidate'?)",
        "hubs.csv row 5, column status: 'mothballed' is not one of open, candidate, closed",
    ]


def test_a_table_without_a_required_column_is_not_whole():
    assert not typed("hub,item\nNBO,tent\n", STOCK).whole
    assert typed("hub,item,quantity\n", STOCK).whole
