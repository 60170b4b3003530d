"""Test 10: ten kinds of files, twelve slots, two ways to hold the camera; no planted place survives."""

import io
from itertools import product

import pytest
from PIL import Image

from core import photos
from core.photo_decoder import LONGEST_SIDE
from tests.proof import scale
from tests.proof.pictures import (
    KINDS,
    SIDEWAYS,
    SLOTS,
    UPRIGHT,
    is_bare_jpeg,
    saved,
    stands_upright,
    tells_the_place,
)

CELLS = list(product(KINDS, SLOTS, (UPRIGHT, SIDEWAYS)))
# In `make test` each kind and each slot about once.
STEP = len(CELLS) // scale.of(len(CELLS), 12)


def test_no_place_survives_in_any_slot_of_any_kind(tally):
    cells = CELLS[:: STEP + 1] if STEP > 1 else CELLS
    wrong = []
    for kind, slot, orientation in cells:
        before = SLOTS[slot](kind, orientation)
        assert tells_the_place(before), (kind, slot)  # else the test could not fail
        after = photos.rebuilt(before)
        if tells_the_place(after) or not is_bare_jpeg(after) or not stands_upright(after, orientation):
            wrong.append((kind, slot, orientation))
    assert wrong == []
    tally(f"test 10: {len(cells)} cells of {len(KINDS)} kinds × {len(SLOTS)} slots × 2, survived: 0")


@pytest.mark.parametrize("kind", list(KINDS)[:: scale.of(1, 5)])
def test_every_kind_becomes_small(kind):
    image = Image.open(io.BytesIO(photos.rebuilt(saved(kind, size=(3000, 1500)))))
    assert image.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_control_a_plain_save_leaks():
    """What many do: open the picture and save it again in its own format."""
    leaking = set()
    for kind, slot in product(KINDS, SLOTS):
        out = io.BytesIO()
        image = Image.open(io.BytesIO(SLOTS[slot](kind, UPRIGHT)))
        image.save(out, image.format)
        if tells_the_place(out.getvalue()):
            leaking.add(kind)
    assert len(leaking) >= 5


def test_control_the_look_at_a_jpeg_sees_what_is_left_in_it():
    bare = photos.rebuilt(saved("JPEG"))
    assert is_bare_jpeg(bare)
    for slot in SLOTS:
        assert not is_bare_jpeg(SLOTS[slot]("JPEG", UPRIGHT))
    assert not is_bare_jpeg(bare + b"<html>")
    assert not is_bare_jpeg(saved("PNG"))
