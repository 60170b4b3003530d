"""What the receivers say: beside what arrived, and taken back where it was written down wrongly."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import AuditEntry
from supply import selectors, services
from supply.models import Confirmation
from tests import factories as f
from tests.supply.test_ledger_rules import breaks
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(sora, today):
    """`say(line, 9, people=40)`: the receiver's word."""

    def said(line, quantity, people=None, **values):
        word = {
            "by": sora, "received_on": today, "receiver": "K-7", "quality": "good", "is_satisfied": True,
            "note": "", "today": today, "key": uuid.uuid4(),
        }  # fmt: skip
        return services.confirm_receipt(line=line, quantity=Decimal(quantity), people=people, **word | values)

    return said


def test_nothing_is_received_before_it_was_sent(under_way, say, today):
    line = under_way(10).lines.get()
    with pytest.raises(services.BeforeTheStepBefore, match="The step before it"):
        say(line, 10, received_on=today - timedelta(days=1))
    say(line, 10, received_on=today)


def test_the_day_before_the_sending_is_told_at_its_field(client, under_way, today):
    line = under_way(10).lines.get()
    word = {
        "line": line.uuid, "received_on": today - timedelta(days=1), "receiver": "K-7", "amount": "10 kg",
        "quality": "good", "is_satisfied": "yes", "people": "", "note": "", "key": uuid.uuid4(),
    }  # fmt: skip
    answer = client.post(reverse("supply:confirm_receipt", args=[line.consignment.uuid]), word)
    assert answer.status_code == 422
    assert "The step before it" in str(answer.context["form"].errors["received_on"])
    answer = client.post(
        reverse("supply:confirm_receipt", args=[line.consignment.uuid]),
        word | {"received_on": today, "amount": "0", "people": "5000"},
    )
    assert "Leave the number of people empty" in str(answer.context["form"].errors["people"])
    assert not Confirmation.objects.exists()


def test_another_amount_than_what_arrived_is_marked(under_way, step, amounts, say, page):
    consignment = under_way(10, 20)
    step(services.receive_part, consignment, amounts=amounts(consignment, 10, 20))
    first, second = consignment.lines.all()
    say(first, 10)
    say(second, 5)
    assert "In all 5 kg as said, and 20 kg arrived as booked." in page(consignment)
    say(second, 15)
    assert "as booked" not in page(consignment)
    say(second, 1)
    shown = page(consignment)
    assert shown.count("as booked") == 1
    assert "In all 21 kg as said, and 20 kg arrived as booked." in shown


def test_a_confirmation_is_taken_back_once_and_its_people_count_no_more(under_way, say, sora):
    consignment, key = under_way(10), uuid.uuid4()
    line = consignment.lines.get()
    wrong, _right = say(line, 9, people=5000), say(line, 10, people=40)
    back = {"by": sora, "confirmation": wrong, "key": key}
    with pytest.raises(services.WhyMissing):
        services.take_back_confirmation(reason=" ", **back)
    mirror = services.take_back_confirmation(reason="of another line", **back)
    assert services.take_back_confirmation(reason="of another line", **back) == mirror
    assert (mirror.corrects, mirror.quantity, mirror.note) == (wrong, 9, "of another line")
    assert selectors.people_reached(consignment) == 40
    assert AuditEntry.objects.filter(action="consignment.confirmation_taken_back").count() == 1
    with pytest.raises(services.AlreadyReversed):
        services.take_back_confirmation(reason="again", **back | {"key": uuid.uuid4()})
    with pytest.raises(services.ConfirmationIsACorrection):
        services.take_back_confirmation(
            reason="after all", **back | {"key": uuid.uuid4(), "confirmation": mirror}
        )
    with pytest.raises(services.KeyAlreadyUsed):
        services.take_back_confirmation(reason="after all", **back | {"confirmation": mirror})
    with pytest.raises(services.KeyAlreadyUsed):
        say(line, 9, people=5000, key=key)


def test_what_was_taken_back_stays_on_the_page_with_its_reason(client, under_way, say, page):
    consignment, other = under_way(10), f.ConsignmentFactory()
    word, key = say(consignment.lines.get(), 10, people=3), uuid.uuid4()
    address = reverse("supply:take_back_confirmation", args=[consignment.uuid, word.uuid])
    assert address in client.get(reverse("supply:consignment", args=[consignment.uuid])).content.decode()
    assert "Take back: 10 kg Rice, as K-7 says" in text_of(client.get(address))
    for _ in range(2):
        assert client.post(address, {"reason": "another village", "key": key}).status_code == 302
    assert client.post(address, {"reason": "again", "key": uuid.uuid4()}).status_code == 422
    shown = page(consignment)
    assert "taken back by Sora: another village" in shown
    assert shown.count("received by K-7") == 1
    assert "as the receivers say" not in shown
    assert "as booked" not in shown
    mirror = Confirmation.objects.get(corrects=word)
    for line, one in ((consignment, mirror), (other, word)):
        address = reverse("supply:take_back_confirmation", args=[line.uuid, one.uuid])
        assert client.get(address).status_code == 404


def test_rules_of_confirmations(today):
    word = f.ConfirmationFactory(line=f.sent_line(), people=4)
    same = {"line": word.line, "people": 4, "note": "twice"}
    with breaks("confirmation_after_the_sending"):
        f.ConfirmationFactory(line=word.line, received_on=today - timedelta(days=400))
    with breaks("confirmation_reaches_people_with_something"):
        f.ConfirmationFactory(quantity=0, people=1)
    f.ConfirmationFactory(quantity=0, people=0)
    for other in ({"line": f.sent_line()}, {"people": 5}, {"quantity": 9}, {"receiver": "K-8"}):
        with breaks("confirmation_correction_mirrors"):
            f.ConfirmationFactory(corrects=word, **same | other)
    with breaks("confirmation_is_taken_back_with_a_reason"):
        f.ConfirmationFactory(corrects=word, **same | {"note": ""})
    mirror = f.ConfirmationFactory(corrects=word, **same)
    with breaks("supply_confirmation_corrects_id_key"):
        f.ConfirmationFactory(corrects=word, **same)
    with breaks("confirmation_correction_mirrors"):
        f.ConfirmationFactory(corrects=mirror, **same)


def test_what_never_left_is_confirmed_by_nobody(plan, pack, step, say, warehouse, rice):
    f.receive(warehouse, rice, 10)
    planned = plan(10, 5)
    line, left_behind = planned.lines.all()
    with pytest.raises(services.NeverSent, match="so nothing of it was received"):
        say(line, 10, people=40)
    pack(planned, 10, 0)
    step(services.send_consignment, planned)
    say(line, 10, people=40)
    with breaks("confirmation_of_what_was_sent"):
        f.ConfirmationFactory(line=left_behind)


def test_nobody_is_asked_for_the_receivers_of_what_was_cancelled(plan, under_way, step, page):
    asked = "Write down what a receiver says"
    assert asked in page(under_way(10))
    cancelled = plan(5)
    step(services.cancel_consignment, cancelled, reason="the road is watched")
    assert asked not in page(cancelled)
