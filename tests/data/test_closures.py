"""closures.csv: every row closes something that exists."""

import pytest

from prepos.data.closures import PASSAGES, names, passage

HEADER = "outcome,kind,id,hours\n"


def test_a_passage_is_known_by_any_case_and_hyphens():
    assert passage("BAB EL MANDEB") == "Bab el-Mandeb"
    assert all(passage(name) == name for name in PASSAGES)
    assert passage("Kiel") is None


def test_several_ids_stand_in_one_cell():
    assert names(" KEMBA; TZDAR ;") == ["KEMBA", "TZDAR"]


def test_closures_that_name_what_exists_are_read(folder, warnings_of):
    rows = "pam,passage,Suez,\n,port,KEMBA;TZDAR,48\n,hub,NBO,\n,site,Penama,\n,site,pam,\n,border,KEN-SSD,\n"
    rows += ",border,SSD,\n,leg,KEMBA>Penama,\n,mode,air,\n"
    assert not [text for text in warnings_of(folder(closures=HEADER + rows)) if "closures" in text]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",passage,Suezz,", "column id: 'Suezz' is not a passage that prepos knows (did you mean 'Suez'?)"),
        (",hub,NBQ,", "column id: 'NBQ' is not in hubs.csv or suppliers.csv (did you mean 'NBO'?)"),
        (",site,Penana,", "column id: 'Penana' is not in sites.csv (did you mean 'Penama'?)"),
        (",mode,rail,", "column id: 'rail' is not a mode (air, road, sea)"),
        (
            ",border,Kenya,",
            "column id: 'Kenya' is no border; write two countries (KEN-SSD), or one for all its borders (SSD)",
        ),
        (",leg,KEMBA,", "column id: 'KEMBA' is no leg; write where it starts and ends, such as KEMBA>juba"),
        (",canal,Suez,", "column kind: 'canal' is not one of"),
        ("dam,port,KEMBA,", "column outcome: 'dam' is not in disasters.csv (did you mean 'pam'?)"),
        (",port,KEMBA,-5", "column hours: -5 is"),
        (",port,,", "column id: is empty"),
    ],
)
def test_a_closure_of_something_unknown_is_refused(folder, errors_of, row, message):
    (found,) = errors_of(folder(closures=HEADER + row + "\n"))
    assert found.startswith("closures.csv row 2, " + message)


def test_the_same_thing_is_closed_once_in_an_outcome(folder, errors_of):
    (found,) = errors_of(folder(closures=HEADER + "pam,port,KEMBA,\npam,port,KEMBA,5\n"))
    assert found.endswith("is already in row 2; keep one row")


def test_a_port_cannot_be_closed_on_given_lanes(given_folder, warnings_of):
    found = warnings_of(given_folder(closures=HEADER + "wet,port,KEMBA,\nwet,hub,A,\n"))
    (warning,) = [text for text in found if text.startswith("closures.csv")]
    assert warning.startswith(
        "closures.csv row 2, column kind: a port cannot be closed on given lanes; close the lanes"
    )


def test_aircraft_need_their_figures(folder, errors_of):
    header = "aircraft,range_km,payload_kg,volume_m3,speed_kmh,usd_block_hour\n"
    found = errors_of(folder(aircraft=header + "IL76,4000,0,185,760,11000\n"))
    assert [text for text in found if text.startswith("aircraft.csv row 2, column payload_kg")]
