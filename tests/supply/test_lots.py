"""Numbers and last days of lots, put right by who may correct movements."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from core.identity import acting_as
from core.models import AuditEntry
from supply import selectors, services
from supply.models import Lot
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(rice, warehouse, today):
    found = f.LotFactory(item=rice, code="P1", expires_on=today + timedelta(days=400))
    f.MovementFactory(item=rice, lot=found, destination=warehouse)
    return found


def page_of(lot):
    return reverse("supply:change_lot", args=[lot.uuid])


def test_mistyped_last_day_is_put_right_with_a_reason(client, lot, today):
    """Reached from the list of stock and from the item's own page."""
    for page in (reverse("supply:start"), reverse("supply:change_item", args=[lot.item.uuid])):
        assert page_of(lot) in client.get(page).content.decode()
    right = today + timedelta(days=35)
    body = {"code": "P1", "expires_on": right.isoformat(), "reason": "a year too late"}
    assert client.post(page_of(lot), body).status_code == 302
    lot.refresh_from_db()
    assert lot.expires_on == right
    written = AuditEntry.objects.get(action="supply.lot_changed")
    assert (written.reason, written.changes["expires_on"][1]) == ("a year too late", right.isoformat())


def test_auditor_reads_lots_and_is_led_to_no_change(as_user, otto, lot):
    page = as_user(otto).get(reverse("supply:start")).content.decode()
    assert "P1" in page
    assert page_of(lot) not in page


def test_number_of_another_lot_is_refused(client, lot):
    f.LotFactory(item=lot.item, code="P-2")
    answer = client.post(page_of(lot), {"code": "ｐ2", "expires_on": "", "reason": "mistyped"})
    assert answer.status_code == 422
    assert "a lot of this number already" in answer.context["form"].errors["code"][0]


def test_one_number_an_item_holds_in_the_database(lot):
    with pytest.raises(IntegrityError, match="lot_one_number_an_item"), transaction.atomic():
        Lot.objects.bulk_create([Lot(item=lot.item, code="p 1")])


def test_auditor_dates_no_lot_in_the_database(otto, lot, today):
    with (
        acting_as(otto),
        pytest.raises(ProgrammingError, match="no lot of theirs"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT supply_date_lot(%s, %s)", [lot.pk, today])


def test_lots_that_had_one_number_before_stay_two(lot, sora, rice):
    twin = f.LotFactory(item=rice, code="p-1", apart=9)
    with connection.cursor() as cursor:
        cursor.execute(import_module("supply.migrations.0025_numbers_of_lots").APART)
    assert list(Lot.objects.order_by("id").values_list("apart", flat=True)) == [0, 1]
    # Each is found as it is written, and the first as anything else.
    assert [selectors.lot_numbered(rice, code) for code in ("P1", "p-1", "P 1")] == [lot, twin, lot]
    # Put right, it is apart no more.
    with acting_as(sora):
        changed = services.change_lot(by=sora, lot=twin, code="Q1", expires_on=None, reason="misread")
    assert changed.apart == 0


def test_a_lot_that_is_named_by_its_day_is_renamed_with_it(sora, rice, today):
    lot = f.LotFactory(item=rice, code=today.isoformat(), expires_on=today)
    later = today + timedelta(days=30)
    with acting_as(sora):
        told = {"code": lot.code, "expires_on": later, "reason": "misread"}
        assert services.change_lot(by=sora, lot=lot, **told).code == later.isoformat()
