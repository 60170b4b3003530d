import re
import uuid
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from supply import selectors, services
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


@pytest.fixture
def plan(sora, warehouse, rice, today):
    """`plan(75, 25)`: a consignment of rice out of the depot, a line and a recipient for each amount."""

    def planned(*amounts, source=warehouse, destinations=(), item=rice, **values):
        ends = [*destinations, *(factories.RecipientFactory().place for _ in amounts[len(destinations) :])]
        lines = [services.Wanted(item, to, Decimal(n)) for n, to in zip(amounts, ends, strict=True)]
        common = {"planned_on": today, "today": today, "key": uuid.uuid4(), "source": source} | values
        return services.plan_consignment(by=sora, lines=lines, **common)

    return planned


@pytest.fixture
def step(sora, today):
    """`step(services.settle_consignment, consignment)`: taken by Sora today with a fresh key."""

    def taken(service, consignment, **values):
        common = {"by": sora, "on": today, "today": today, "key": uuid.uuid4()}
        return service(consignment=consignment, **common | values)

    return taken


@pytest.fixture
def pack(step):
    """`pack(consignment)`: as planned; `pack(consignment, 50)`: other amounts, in the order of the lines."""

    def packed(consignment, *amounts, lot=None, **values):
        lines = list(selectors.lines_of(consignment))
        amounts = amounts or [line.planned for line in lines]
        loads = {line: services.Packed(Decimal(n), lot) for line, n in zip(lines, amounts, strict=True)}
        return step(services.pack_consignment, consignment, packed=loads, **values)

    return packed


@pytest.fixture
def under_way(plan, pack, step, warehouse, rice):
    """`under_way(100)`: sent, out of a depot that had just as much."""

    def sent(*amounts, **values):
        factories.receive(values.get("source", warehouse), values.get("item", rice), sum(amounts))
        consignment = plan(*amounts, **values)
        pack(consignment)
        step(services.send_consignment, consignment)
        return consignment

    return sent


@pytest.fixture
def amounts():
    """`amounts(consignment, 80)`: line → amount, in the order of the lines."""

    def given(consignment, *numbers):
        return {line: Decimal(n) for line, n in zip(consignment.lines.all(), numbers, strict=False)}

    return given


@pytest.fixture
def client(as_user, sora):
    """Sora at her desk."""
    return as_user(sora)


@pytest.fixture
def page(client):
    """`page(consignment)`: the words of its page."""

    def of(consignment):
        content = client.get(reverse("supply:consignment", args=[consignment.uuid])).content.decode()
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", content)))

    return of
