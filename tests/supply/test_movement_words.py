"""How a movement is said: as it was typed, but never without its unit and never in another's language."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from supply.models import Place
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


def test_a_pack_is_said_in_the_readers_language_whoever_typed_it(rice):
    f.PackFactory(item=rice, name="crate", name_ja="箱", quantity=20)
    for typed in ("3 × crate", "3 × 箱"):
        movement = f.MovementFactory(item=rice, typed=typed, quantity=60)
        assert movement.said == "3 × crate"
        with override("ja"):
            assert movement.said == "3 × 箱"


def test_the_page_of_a_giver_names_it_in_the_readers_language(as_user, sora, warehouse, rice):
    f.receive(warehouse, rice, 5)
    Place.objects.update_or_create(code="SUPPLIER", kind="supplier", defaults={"name": "supplier or giver"})
    sora.language = "ja"
    sora.save()
    address = reverse("supply:book", args=[warehouse.uuid])
    page = as_user(sora).get(address, {"kind": "received"}).content.decode()
    assert "SUPPLIER · 仕入先・寄贈者" in page
    assert "supplier or giver" not in page
