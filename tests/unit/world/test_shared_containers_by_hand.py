"""Importers who share containers, by hand. A shared container costs 35 + 140 USD a cubic metre, a
whole one of 68 cubic metres 2,168; a cubic metre weighs 439 lb, a pallet 1,000.

Reference: model specification §7.10, §8.
"""

from __future__ import annotations

import numpy as np
import pytest

from millworks.economy import freight
from millworks.world.shared_freight import share_containers

TARIFF = freight.price_list()
SURE = 1e-6


def shared(volume, *, half=SURE, counted=None, ocean=1.0, simulated=1.0, price=12.0, often=1.0):
    """What shipments of so many cubic metres save, and what handling they pay."""
    volume = np.asarray(volume, np.float64)
    count = len(volume)
    saved, handling = np.zeros(count), np.zeros(count)
    share_containers(
        volume,
        np.ones(count, dtype=np.bool_) if counted is None else np.asarray(counted),
        np.full(count, often),
        np.full(count, half),
        np.full(count, price),
        ocean,
        simulated,
        TARIFF,
        saved,
        handling,
    )
    return saved, handling


def test_two_small_shipments_save_the_fixed_part_of_one():
    """2 and 3 cubic metres: 315 + 455 apart, 735 together, by volume 294 and 441."""
    saved, handling = shared([2.0, 3.0])
    assert saved == pytest.approx([315.0 - 294.0, 455.0 - 441.0])
    assert saved.sum() == pytest.approx(35.0)
    assert handling == pytest.approx([12.0 * 0.878, 12.0 * 1.317])


def test_many_small_shipments_fill_a_container_and_pay_its_price_by_volume():
    """17 of 4 cubic metres: 595 alone, 2,168/17 in a full container; with more nothing is saved."""
    by_number = {n: float(shared(np.full(n, 4.0))[0][0]) for n in (2, 10, 17, 34)}
    assert by_number[17] == pytest.approx(595.0 - 2_168.0 / 17.0)
    assert by_number[34] == pytest.approx(by_number[17])
    assert by_number[2] < by_number[10] < by_number[17]


def test_a_full_container_gains_nothing_by_sharing():
    assert shared([68.0, 68.0])[0] == pytest.approx([0.0, 0.0])


def test_who_is_alone_saves_nothing_and_pays_nothing():
    saved, handling = shared([3.0])
    assert not saved.any()
    assert not handling.any()


def test_an_applicant_reckons_with_the_members_there_are():
    """Not counted itself, it meets both members; the members meet one another only."""
    saved, _ = shared([2.0, 2.0, 2.0], counted=[True, True, False])
    assert saved == pytest.approx([315.0 - 595.0 / 2.0] * 2 + [315.0 - 875.0 / 3.0])


def test_half_is_saved_where_half_of_the_shipments_meet_others():
    """Four others: match .5; together 2 + .5 · 8 = 6 cubic metres for 875."""
    saved, handling = shared(np.full(5, 2.0), half=4.0)
    assert saved == pytest.approx([0.5 * (315.0 - 875.0 / 3.0)] * 5)
    assert handling == pytest.approx([0.5 * 12.0 * 0.878] * 5)


def test_dear_ocean_freight_makes_sharing_worth_more_and_a_scale_model_counts_for_the_place():
    once, _ = shared([2.0, 3.0])
    thrice, _ = shared([2.0, 3.0], ocean=3.0)
    assert thrice == pytest.approx(3.0 * once)
    # One in a fifth of the place, with a shipment in five weeks, meets none of its like.
    assert not shared([3.0], simulated=1.0, often=0.2)[0].any()
    assert shared([3.0], simulated=0.2)[0][0] > 0.0
