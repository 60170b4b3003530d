import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from core import audit, services
from core.models import AuditEntry, ExchangeRate
from core.sealed import open_value
from shelters.models import Shelter
from supply.models import Item
from tests.factories import ItemFactory


def test_new_record_leaves_one_row_with_its_values(aya):
    item = services.save_record(
        by=aya, record=Item(), action="supply.item", code="RICE", name="Rice", kind="food", base_unit="kg"
    )
    entry = AuditEntry.objects.get()
    assert (entry.by_id, entry.by_name, entry.action) == (aya.pk, "Aya", "supply.item")
    assert (entry.subject_type, entry.subject_uuid) == ("supply.item", item.uuid)
    assert entry.changes["name"] == [None, "Rice"]


def test_change_keeps_old_and_new_and_why(aya):
    item = ItemFactory(code="RICE", name="Rice")
    services.save_record(by=aya, record=item, action="supply.item", name="Brown rice", reason="as delivered")
    entry = AuditEntry.objects.get()
    assert entry.changes == {"name": ["Rice", "Brown rice"]}
    assert entry.reason == "as delivered"


def test_unchanged_record_leaves_no_row(aya):
    item = ItemFactory(code="RICE", name="Rice")
    services.save_record(by=aya, record=item, action="supply.item", name="Rice")
    assert not AuditEntry.objects.exists()


def test_broken_rule_leaves_neither_record_nor_row(aya):
    with pytest.raises(ValidationError):
        services.save_record(
            by=aya, record=ExchangeRate(), action="core.rate", on="2026-01-01", base="USD", quote="JPY",
            rate=-1, source="a bank",
        )  # fmt: skip
    assert not ExchangeRate.objects.exists()
    assert not AuditEntry.objects.exists()


def test_sealed_value_stays_sealed_in_the_trail(aya, willow):
    services.save_record(by=aya, record=willow, action="shelters.shelter", address="9 Secret Street")
    assert AuditEntry.objects.get().changes == {"address": ["[sealed]", "[sealed]"]}
    assert open_value(Shelter.objects.get(), "address") == b"9 Secret Street"


def test_two_who_change_different_fields_from_old_pages_both_prevail(aya, willow):
    one, other = Shelter.objects.get(pk=willow.pk), Shelter.objects.get(pk=willow.pk)
    services.save_record(by=aya, record=one, action="shelters.shelter", address="9 Secret Street")
    services.save_record(by=aya, record=other, action="shelters.shelter", capacity=7)
    now = Shelter.objects.get()
    assert (open_value(now, "address"), now.capacity) == (b"9 Secret Street", 7)


def test_same_sealed_text_again_is_no_change(aya, willow):
    for _turn in range(2):
        services.save_record(by=aya, record=willow, action="shelters.shelter", address="9 Secret Street")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_auditentry SET by_name = 'x'", "DELETE FROM core_auditentry", "TRUNCATE core_auditentry"],
)
def test_nobody_with_the_apps_role_rewrites_the_trail(aya, willow, statement):
    audit.record(by=aya, action="test", subject=willow)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 1


def test_snapshot_shows_related_records_by_code(willow):
    kept = audit.snapshot(Shelter.objects.get(pk=willow.pk))
    assert kept["store"] == "ST-WILLOW"
    assert kept["address"] == "[sealed]"
