import uuid
from decimal import Decimal

import pytest

from supply.enums import PlaceKind
from tests import factories


@pytest.fixture
def warehouse(db):
    return factories.PlaceFactory(code="DEPOT", kind=PlaceKind.WAREHOUSE)


@pytest.fixture
def store(db):
    return factories.PlaceFactory(code="ST-OAK", kind=PlaceKind.STORE)


@pytest.fixture
def entry(rice, today):
    """`entry(quantity=5)`: the arguments that every log_… takes, with a fresh key."""

    def made(**values):
        common = {"item": rice, "quantity": 10, "occurred_on": today, "today": today, "key": uuid.uuid4()}
        common |= values
        return common | {"quantity": Decimal(common["quantity"])}

    return made
