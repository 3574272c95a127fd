"""Changes to XML in place, on the forms that other programs write."""

from __future__ import annotations

import pytest

from prepos.data.workbook.comments import NEW, add_comments, draw_comments
from prepos.data.workbook.marks import link_drawing, mark_cells
from prepos.data.workbook.scan import sheet_facts
from prepos.data.workbook.splice import append, attribute, children, plain, utf8
from prepos.data.workbook.styles import Styles


def style(base, kind):
    return base + 10


@pytest.mark.parametrize(
    ("sheet", "marked"),
    [
        (b"<w><sheetData/></w>", b'<w><sheetData><row r="2"><c r="B2" s="10"/></row></sheetData></w>'),
        (
            b'<w><sheetData><row r="2"/></sheetData></w>',
            b'<w><sheetData><row r="2"><c r="B2" s="10"/></row></sheetData></w>',
        ),
        (
            b'<w><sheetData><row r="1"></row><row r="3" ></row></sheetData></w>',
            b'<w><sheetData><row r="1"></row><row r="2"><c r="B2" s="10"/></row><row r="3" ></row></sheetData></w>',
        ),
        (
            b'<w><sheetData><row r="2" spans="1:1"><c r="A2"/><c r="C2"/></row></sheetData></w>',
            b'<w><sheetData><row r="2"><c r="A2"/><c r="B2" s="10"/><c r="C2"/></row></sheetData></w>',
        ),
        (
            b"<w><sheetData><row><c/></row><row><c/><c s='3'><v>1</v></c></row></sheetData></w>",
            b"<w><sheetData><row><c/></row><row><c/><c s=\"13\"><v>1</v></c></row></sheetData></w>",
        ),
        (
            b'<x:w><x:sheetData><x:row r="2" s="4" customFormat="1"/></x:sheetData></x:w>',
            b'<x:w><x:sheetData><x:row r="2" s="4" customFormat="1"><x:c r="B2" s="14"/></x:row></x:sheetData></x:w>',
        ),
        (
            b'<w><col min="2" max="3" style="7"/><sheetData/></w>',
            b'<w><col min="2" max="3" style="7"/><sheetData><row r="2"><c r="B2" s="17"/></row></sheetData></w>',
        ),
    ],
)  # fmt: skip
def test_a_cell_is_marked_where_it_stands_or_would_stand(sheet, marked):
    assert mark_cells(sheet, {(2, 2): "error"}, style) == marked


def test_a_drawing_is_named_before_what_must_follow_it():
    sheet = b"<w><sheetData/><pageMargins/><tableParts/><extLst/></w>"
    found = link_drawing(sheet, "rId9")
    assert found.index(b"legacyDrawing") < found.index(b"<tableParts/>")
    assert b'r:id="rId9"' in found
    assert link_drawing(b"<w><sheetData/></w>", "a").endswith(b"/></w>")


def test_comments_of_every_form_are_kept_and_ordered():
    xml = (
        b'<x:comments xmlns:x="u"><x:authors><x:author>Ann</x:author></x:authors><x:commentList>'
        b'<x:comment ref="B2" authorId="0"><x:text><x:t>plain</x:t></x:text></x:comment>'
        b'<x:comment ref="C1" authorId="0"><x:text/></x:comment></x:commentList></x:comments>'
    )
    found, new, gone = add_comments(xml, {"B2": "wrong", "A1": "a < b", "C1": "c"})
    assert (new, gone) == (["A1"], [])
    refs = [found.index(b'ref="%s"' % cell) for cell in (b"A1", b"C1", b"B2")]
    assert refs == sorted(refs)
    assert b'<x:t>plain</x:t><x:r><x:t xml:space="preserve">\n\nprepos check: wrong</x:t></x:r></x:text>' in found
    assert b"prepos check: a &lt; b" in found
    assert b'<x:text><x:r><x:t xml:space="preserve">prepos check: c</x:t></x:r></x:text>' in found


def test_a_comment_that_only_an_earlier_check_made_goes_with_its_box():
    xml, new, _ = add_comments(NEW, {"B2": "wrong"})
    boxes = draw_comments(b"<xml></xml>", new, [], {"B2": "wrong"})
    assert boxes.count(b"<v:shape ") == 1
    again, new, gone = add_comments(xml, {})
    assert (new, gone) == ([], ["B2"])
    assert b"<comment " not in again
    assert draw_comments(boxes, new, gone, {}) == b"<xml></xml>"


def test_children_are_found_and_replaced_whatever_their_form():
    xml = b'<s><fonts count="1" x="y"><font><b/></font></fonts><fills/></s>'
    fonts, fills = children(xml, "fonts"), children(xml, "fills")
    assert fonts.texts() == [b"<font><b/></font>"]
    assert fonts.filled([b"<f/>", b"<f/>"])[2] == b'<fonts count="2" x="y"><f/><f/>'
    assert fills.texts() == []
    assert append(b"<r/>", b"<c/>") == b"<r><c/></r>"
    assert append(b"<r><a/></r>", b"<c/>") == b"<r><a/><c/></r>"


def test_attributes_are_set_or_added():
    assert attribute(b'<c r="A1" s="3"/>', "s", "5") == b'<c r="A1" s="5"/>'
    assert attribute(b"<c r='A1'>", "s", "5") == b"<c r='A1' s=\"5\">"


def test_a_format_is_copied_with_another_fill_once():
    xml = (
        b'<styleSheet><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><cellXfs count="2">'
        b'<xf fillId="0"/><xf numFmtId="14" fillId="0"><alignment/></xf></cellXfs></styleSheet>'
    )
    styles = Styles(xml)
    assert styles.marked(1, "error") == styles.marked(1, "error") == 2
    assert b'<xf numFmtId="14" fillId="1" applyFill="1"><alignment/></xf>' in styles.result()


def test_wide_letters_and_forbidden_ones_are_written_safely():
    assert utf8("<?xml version='1.0' encoding='UTF-16'?><a>é</a>".encode("utf-16")) == "<a>é</a>".encode()
    assert plain("a\x00b<'\"&") == "a b&lt;'&quot;&amp;"


def test_formulas_with_and_without_a_result_are_told_apart():
    xml = (
        b'<w><sheetData><row r="1" hidden="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
        b'<c r="C1"><f>1</f><v/></c><c><f>2</f></c></row></sheetData>'
        b'<mergeCells><mergeCell ref="A2:B3"/></mergeCells></w>'
    )
    facts = sheet_facts(xml)
    assert facts.unsolved == {(1, 3), (1, 4)}
    assert (facts.merged, facts.hidden_rows) == ([(1, 2, 2, 3)], [1])
