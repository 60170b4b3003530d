import uuid

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
