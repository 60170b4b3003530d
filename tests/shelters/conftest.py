import uuid
from datetime import timedelta

import pytest
from django.urls import reverse


@pytest.fixture
def oil(db):
    from tests import factories

    return factories.ItemFactory(code="OIL", name="Oil", base_unit="l")


@pytest.fixture
def filled(rice, today):
    """`filled(number="3")`: the form of a use of rice today, as a browser sends it, with a fresh key."""

    def made(item=rice, **values):
        common = {
            "kind": "used",
            "line": str(item.uuid),
            "number": "10",
            "unit": str(item.uuid),
            "receipt_reason": "delivered",
            "loss_reason": "spoiled",
            "occurred_on": today.isoformat(),
            "note": "",
            "key": str(uuid.uuid4()),
        }
        return common | values

    return made


@pytest.fixture
def log_address():
    return lambda shelter: reverse("shelters:log", args=[shelter.uuid])


@pytest.fixture
def lot(rice, today):
    """`lot(shelter, code, quantity, days)`: so much of a lot whose last day is in so many days."""
    from tests import factories as f

    def made(shelter, code, quantity, days, item=rice):
        expires_on = None if days is None else today + timedelta(days=days)
        found = f.LotFactory(item=item, code=code, expires_on=expires_on)
        f.MovementFactory(item=item, lot=found, destination=shelter.store, quantity=quantity)
        return found

    return made


@pytest.fixture
def fed(willow, rice):
    """Willow: ten people at 400 g, 4 kg a day."""
    from tests import factories as f

    f.RationRuleFactory(item=rice, grams=400)
    f.HeadCountFactory(shelter=willow, people=10)
    return willow
