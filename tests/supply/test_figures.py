"""What figures of a year count as brought to shelters."""

import uuid

import pytest

from supply import selectors, services
from supply.enums import PlaceKind
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(today):
    return lambda: [(m.destination, m.quantity) for m in selectors.brought_to_shelters_between(today, today)]


@pytest.fixture
def other(db):
    return f.PlaceFactory(code="ST-ELM", kind=PlaceKind.STORE)


def test_what_comes_from_a_warehouse_is_brought(brought, under_way, step, amounts, store, sora, today):
    consignment = under_way(75, destinations=[store])
    step(services.receive_part, consignment, amounts=amounts(consignment, 75))
    # An arrival taken back and said anew is brought once.
    (booking,) = consignment.lines.get().bookings.filter(kind="received")
    common = {"by": sora, "reason": "mistyped", "today": today, "key": uuid.uuid4()}
    services.take_back_booking(booking=booking, **common)
    step(services.receive_part, consignment, amounts=amounts(consignment, 70))
    assert brought() == [(store, 70)]


def test_what_came_back_to_its_own_store_was_not_brought(brought, under_way, step, amounts, store):
    consignment = under_way(75, source=store)
    before = brought()
    step(services.return_part, consignment, amounts=amounts(consignment, 75), reason="road closed")
    assert brought() == before


def test_from_shelter_to_shelter_was_not_brought(brought, under_way, step, amounts, store, other):
    consignment = under_way(75, source=store, destinations=[other])
    step(services.receive_part, consignment, amounts=amounts(consignment, 75))
    assert other not in [place for place, _quantity in brought()]
