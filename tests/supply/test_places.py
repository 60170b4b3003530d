"""Warehouses, givers and recipients are added and changed on the page; stores stay with their shelters."""

import pytest
from django.urls import reverse

from core.models import AuditEntry
from core.sealed import open_value
from supply.models import Place, Recipient
from tests import factories as f
from tests.pages import sent_as_shown
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db

RECIPIENT = {
    "code": "RC-90",
    "kind": "family",
    "publishable_place": "North",
    "area": "inside",
    "people": "5",
    "real_name": "Kim",
    "address": "By the river",
}


def test_warehouse_and_giver_are_added_and_named_anew(client, rice):
    for code, kind in (("DEPOT-2", "warehouse"), ("CO-OP", "supplier")):
        url, data = reverse("supply:add_place"), {"code": code, "kind": kind, "name": code}
        for _time in range(2):  # sent twice: the same place
            assert client.post(url, data).status_code == 302
        assert client.post(url, data | {"name": "other"}).status_code == 422  # the code is another's
    kinds = dict(Place.objects.values_list("code", "kind"))
    assert (kinds["DEPOT-2"], kinds["CO-OP"]) == ("warehouse", "supplier")
    depot = Place.objects.get(code="DEPOT-2")
    url = reverse("supply:change_place", args=[depot.uuid])
    client.post(url, sent_as_shown(client.get(url)) | {"name": "Depot of the hills"})
    depot.refresh_from_db()
    assert (depot.code, depot.name, depot.kind) == ("DEPOT-2", "Depot of the hills", "warehouse")
    shown = text_of(client.get(reverse("supply:places")))
    assert "Depot of the hills" in shown
    assert "CO-OP" in shown
    # What was added takes part: goods come from the one to the other.
    assert "CO-OP" in text_of(client.get(reverse("supply:book", args=[depot.uuid])))
    assert AuditEntry.objects.filter(action="supply.place_changed").count() == 1


def test_store_of_a_shelter_and_a_recipient_are_not_changed_as_places(client, willow):
    for place in (willow.store, f.RecipientFactory().place):
        assert client.get(reverse("supply:change_place", args=[place.uuid])).status_code == 404


def test_recipient_is_added_with_its_place_and_its_name_is_sealed(client, plan):
    url = reverse("supply:add_recipient")
    for _time in range(2):
        assert client.post(url, RECIPIENT).status_code == 302
    found = Recipient.objects.get(code="RC-90")
    assert (found.place.code, found.place.kind, found.people) == ("RC-90", "recipient", 5)
    assert open_value(found, "real_name") == b"Kim"
    shown = client.get(reverse("supply:recipients")).content.decode()
    assert "RC-90" in shown
    assert "Kim" not in shown
    assert plan(5, destinations=[found.place]).lines.get().destination == found.place
    taken = client.post(url, RECIPIENT | {"real_name": "Lee"})
    assert (taken.status_code, Recipient.objects.filter(code="RC-90").count()) == (422, 1)


def test_recipient_is_changed_and_an_empty_sealed_text_stays(client):
    client.post(reverse("supply:add_recipient"), RECIPIENT)
    found = Recipient.objects.get(code="RC-90")
    url = reverse("supply:change_recipient", args=[found.uuid])
    shown = client.get(url)
    assert "Kim" not in shown.content.decode()
    client.post(url, sent_as_shown(shown) | {"people": "7", "publishable_place": "South"})
    found.refresh_from_db()
    assert (found.people, found.publishable_place) == (7, "South")
    assert open_value(found, "real_name") == b"Kim"
