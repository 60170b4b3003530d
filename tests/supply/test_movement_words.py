"""How a movement is said: as it was typed, but never without its unit and never in another's language."""

import pytest
from django.utils.translation import override

from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "quantity", "said"),
    [
        ("5.9", "5.9", "5.9 kg"),
        ("1,500 kg", "1500", "1,500 kg"),
        ("", "2", "2 kg"),
        ("3 × bag of 25 kg", "75", "3 × bag of 25 kg"),
        ("some", "2", "some"),
    ],
)
def test_an_amount_is_said_with_its_unit(rice, typed, quantity, said):
    movement = f.MovementFactory(item=rice, typed=typed, quantity=quantity)
    movement.refresh_from_db()
    assert movement.said == said


def test_pieces_are_said_in_the_readers_language():
    movement = f.MovementFactory(item=f.ItemFactory(base_unit="piece"), typed="2 pieces", quantity=2)
    assert movement.said == "2 pieces"
    with override("ja"):
        assert movement.said == "2点"
