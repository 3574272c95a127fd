import numpy as np
import pytest

from prepos.network.distance import EARTH_RADIUS_KM, describe, great_circle_km, matrix_km


def test_a_quarter_of_the_equator_is_a_quarter_of_the_circumference():
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(EARTH_RADIUS_KM * np.pi / 2)


def test_nairobi_to_aden_is_about_1810_km():
    # airports NBO and ADE: 14.15 degrees of latitude, 8.10 of longitude
    assert great_circle_km(-1.31924, 36.9278, 12.8295, 45.0288) == pytest.approx(1810, abs=5)


def test_suva_to_apia_goes_the_short_way_across_the_antimeridian():
    assert great_circle_km(-18.1167, 178.4167, -13.8453, -171.7626) == pytest.approx(1155, abs=20)


def test_antipodes_are_half_the_circumference_apart():
    assert great_circle_km(10, 20, -10, -160) == pytest.approx(EARTH_RADIUS_KM * np.pi)


def test_a_matrix_holds_every_pair():
    km = matrix_km([(0, 0), (0, 10)], [(0, 0), (0, 10), (0, 20)])
    assert km.shape == (2, 3)
    assert km[0, 2] == pytest.approx(2 * km[1, 0])


def test_an_unknown_coordinate_gives_an_unknown_distance():
    assert np.isnan(great_circle_km(np.nan, 0, 0, 0))


def test_an_estimated_distance_says_its_detour():
    assert [describe(1.0), describe(1.35)] == ["great circle", "great circle x 1.35"]
