import pytest

from prepos.network.freight import chargeable_kg


def test_a_heavy_item_pays_for_its_weight():
    # kitchen sets: 8.8 kg in 0.022 m3 are 400 kg/m3
    assert chargeable_kg(8.8, 0.022, 167) == 8.8
    assert chargeable_kg(8.8, 0.022, 333) == 8.8


def test_a_light_item_pays_for_its_volume():
    # a blanket of 1.5 kg in 0.01 m3 is 150 kg/m3
    assert chargeable_kg(1.5, 0.01, 167) == pytest.approx(1.67)
    assert chargeable_kg(1.5, 0.01, 333) == pytest.approx(3.33)


def test_sea_freight_is_charged_by_weight_or_measure():
    assert chargeable_kg(8.8, 0.022, 1000) == 22
