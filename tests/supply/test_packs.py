"""Packs in the language of who reads; every name is understood wherever one is typed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from core.models import AuditEntry
from supply.forms.amounts import units_of
from supply.forms.written import read_amount
from supply.models import Pack
from supply.templatetags.supplies import in_packs
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def oil():
    item = f.ItemFactory(code="OIL", name="Oil", name_ja="油")
    f.PackFactory(item=item, name="can of 16 kg", name_ja="缶 (16 kg)", quantity=16)
    f.PackFactory(item=item, name="bottle", quantity=1)
    return item


def test_a_pack_is_named_in_the_language_of_the_reader(oil):
    for language, can in (("en", "can of 16 kg"), ("ja", "缶 (16 kg)")):
        with translation.override(language):
            assert list(units_of(oil).values())[1:] == [can, "bottle"]
            assert can in in_packs(Decimal(32), oil.packs.all())


def test_the_page_of_a_shelter_names_them_so_too(as_user, hana, willow, oil):
    f.receive(willow.store, oil, 32)
    for language, can in (("en", "2 × can of 16 kg"), ("ja", "缶 (16 kg) × 2")):
        hana.language = language
        hana.save()
        assert can in as_user(hana).get(reverse("shelters:stock", args=[willow.uuid])).content.decode()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("typed", ["2 cans", "2 × can of 16 kg", "2缶", "2 × 缶 (16 kg)", "２ × 缶（16 kg）"])
def test_every_name_of_a_pack_is_read_in_every_language(oil, typed, language):
    with translation.override(language):
        assert read_amount(typed, oil)[0] == 32
        with pytest.raises(ValidationError):
            read_amount("2 箱", oil)


def test_the_office_names_a_pack_in_both_languages(as_user, sora, oil):
    address = reverse("supply:add_pack", args=[oil.uuid])
    told = {"name": "drum", "name_ja": "ドラム缶", "quantity": "200"}
    client = as_user(sora)
    for _time in range(2):  # the same form again
        assert client.post(address, told).status_code == 302
    assert Pack.objects.get(name="drum").name_ja == "ドラム缶"
    taken = client.post(address, told | {"name": "barrel"})
    assert taken.status_code == 422
    sora.language = "ja"
    sora.save()
    assert "ドラム缶" in client.get(reverse("supply:items")).content.decode()


def test_the_office_changes_the_japanese_name_of_a_pack(as_user, sora, oil):
    client, bottle, can = as_user(sora), oil.packs.get(name="bottle"), oil.packs.get(name="can of 16 kg")
    address = reverse("supply:name_pack", args=[oil.uuid, bottle.uuid])
    assert address in client.get(reverse("supply:change_item", args=[oil.uuid])).content.decode()
    assert client.post(address, {"name_ja": " 瓶 "}).status_code == 302
    bottle.refresh_from_db()
    assert bottle.name_ja == "瓶"
    written = AuditEntry.objects.get(action="supply.pack_named")
    assert (written.by_id, written.changes) == (sora.pk, {"name_ja": ["", "瓶"]})
    taken = client.post(address, {"name_ja": can.name_ja})
    assert taken.status_code == 422
    assert "taken already" in taken.context["form"].errors["name_ja"][0]
    assert client.post(address, {"name_ja": ""}).status_code == 302
    bottle.refresh_from_db()
    assert bottle.name_ja == ""
    foreign = reverse("supply:name_pack", args=[f.ItemFactory().uuid, bottle.uuid])
    assert client.post(foreign, {"name_ja": "x"}).status_code == 404


def test_a_form_chooses_the_pack_of_last_time_in_any_language(as_user, hana, willow, oil, today):
    can = oil.packs.get(name="can of 16 kg")
    f.receive(willow.store, oil, 100)
    for language in ("en", "ja"):
        with translation.override(language):
            typed = f"1 × {can}"
        f.MovementFactory(
            item=oil, quantity=16, source=willow.store, destination=f.sink("consumed"), typed=typed, by=hana
        )
        page = as_user(hana).get(reverse("shelters:log", args=[willow.uuid]))
        assert page.context["form"]["unit"].value() == str(can.uuid), typed
