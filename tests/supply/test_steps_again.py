"""A step sent twice, with other content, or taken back: one answer, one row in the trail."""

import uuid

import pytest
from django.urls import reverse

from core.models import AuditEntry
from supply import selectors, services
from tests import factories as f
from tests.pages import sent_as_shown

pytestmark = pytest.mark.django_db


def changes_of(consignment, action):
    return AuditEntry.objects.get(subject_uuid=consignment.uuid, action=f"consignment.{action}").changes


def test_the_trail_names_each_line_by_its_item_and_its_end(plan, pack, step, amounts, warehouse, rice):
    f.receive(warehouse, rice, 100)
    end = f.RecipientFactory().place
    consignment = plan(70, 20, 5, destinations=[end, end])
    pack(consignment, 70, 10, 5)
    other = consignment.lines.last().destination.code
    names = [f"RICE → {end.code}", f"RICE → {end.code} #2", f"RICE → {other}"]
    packed = changes_of(consignment, "packed")
    assert [packed[name][1] for name in names] == ["70", "10", "5"]
    step(services.send_consignment, consignment)
    assert [changes_of(consignment, "sent")[name][1] for name in names] == ["70", "10", "5"]


def test_other_content_under_the_same_key_is_refused(under_way, plan, pack, step, amounts, warehouse, rice):
    key = uuid.uuid4()
    f.receive(warehouse, rice, 10)
    planned = plan(10)
    pack(planned, 10, key=key)
    with pytest.raises(services.KeyAlreadyUsed):
        pack(planned, 4, key=key)
    assert planned.lines.get().packed == 10
    lose, find = uuid.uuid4(), uuid.uuid4()
    consignment = under_way(10)
    five = {"amounts": amounts(consignment, 5), "reason": "x"}
    step(services.lose_part, consignment, how="lost", key=lose, **five)
    for other in ({"how": "taken"}, {"how": "lost", "reason": "y"}):
        with pytest.raises(services.KeyAlreadyUsed):
            step(services.lose_part, consignment, key=lose, **five | other)
    step(services.find_part, consignment, came_back=True, key=find, **five)
    with pytest.raises(services.KeyAlreadyUsed):
        step(services.find_part, consignment, came_back=False, key=find, **five)


def test_packed_again_since_the_first_answer_stays(plan, pack, warehouse, rice):
    f.receive(warehouse, rice, 10)
    consignment, key = plan(10), uuid.uuid4()
    first = pack(consignment, 10, key=key)
    pack(consignment, 4)
    assert pack(consignment, 10, key=key) == first
    assert consignment.lines.get().packed == 4


def test_all_of_it_can_be_lost_once_a_mistaken_arrival_is_taken_back(under_way, step, amounts, sora, today):
    consignment = under_way(60, 40)
    parts = [
        step(services.receive_part, consignment, amounts=amounts(consignment, *n)) for n in ((60,), (0, 9))
    ]
    for part, state in zip(parts, ("arrived", "sent"), strict=True):
        services.take_back_booking(
            by=sora, booking=part.bookings.get(), reason="mistyped", today=today, key=uuid.uuid4()
        )
        consignment.refresh_from_db()
        assert consignment.state == state
    step(services.lose_all, consignment, how="taken", reason="raided")
    consignment.refresh_from_db()
    assert consignment.state == "lost"
    assert selectors.check_ledger() == []


def test_a_journey_saved_twice_is_changed_once(client, plan):
    consignment = plan(10)
    address = reverse("supply:change_journey", args=[consignment.uuid])
    body = sent_as_shown(client.get(address)) | {"courier": "FOX"}
    for _ in range(2):
        assert client.post(address, body).status_code == 302
    assert AuditEntry.objects.filter(subject_uuid=consignment.uuid, action="consignment.changed").count() == 1
