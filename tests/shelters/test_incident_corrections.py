"""A payment or a number of people that was told wrongly: it stays to be read, and counts no more."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import AuditEntry
from shelters import services
from shelters.models import IncidentPayment, IncidentPeople
from shelters.sheets import PaymentsOfIncidents, PeopleOfIncidents
from tests import factories as f
from tests.shelters.test_people_pages import text_of
from tests.shelters.test_rules import breaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def raid(willow, today):
    return f.IncidentFactory(shelter=willow, starts_on=today - timedelta(days=5))


@pytest.fixture
def phone(as_user, hana, willow):
    return as_user(hana)


def page(client, incident):
    return client.get(reverse("shelters:incident", args=[incident.uuid]))


def test_payment_is_taken_back_with_a_reason_and_counts_no_more(phone, as_user, sora, raid, today):
    wrong, right = (
        f.IncidentPaymentFactory(incident=raid, value=30_000),
        f.IncidentPaymentFactory(incident=raid),
    )
    url = reverse("shelters:take_back_incident_payment", args=[raid.uuid, wrong.uuid])
    assert url in page(phone, raid).content.decode()
    key = str(uuid.uuid4())
    assert phone.post(url, {"reason": "", "key": key}).status_code == 422
    for _time in range(2):  # sent twice: taken back once
        assert phone.post(url, {"reason": "a zero too many", "key": key}).status_code == 302
    assert IncidentPayment.objects.filter(corrects=wrong).count() == 1
    again = phone.post(url, {"reason": "once more", "key": str(uuid.uuid4())})
    assert (again.status_code, "already been taken back" in text_of(again)) == (422, True)
    shown = page(phone, raid)
    assert "taken back by Hana: a zero too many" in text_of(shown)
    assert url not in shown.content.decode()
    register = text_of(phone.get(reverse("shelters:incidents")))
    assert "CN¥3,000.00" in register
    assert "CN¥30,000.00" not in register
    assert list(PaymentsOfIncidents().records()) == [right]
    assert AuditEntry.objects.filter(action="shelters.incident_payment_taken_back").count() == 1


def test_wrong_number_of_people_is_corrected_and_the_register_tells_the_right_one(phone, raid):
    f.IncidentPeopleFactory(incident=raid, value=30)
    url = reverse("shelters:correct_incident_people", args=[raid.uuid])
    assert '<option value="residents" selected>residents: 30</option>' in phone.get(url).content.decode()
    sent = {"kind": "residents", "number": "3", "reason": ""}
    assert phone.post(url, sent).status_code == 422  # another number stands there: why?
    for _time in range(2):
        assert phone.post(url, sent | {"reason": "a zero too many"}).status_code == 302
    assert IncidentPeople.objects.count() == 2
    assert "corrected by Hana: a zero too many" in text_of(page(phone, raid))
    assert "residents: 3" in text_of(phone.get(reverse("shelters:incidents")))
    # Once more, and people of whom nothing was told.
    assert phone.post(url, sent | {"number": "2-4", "reason": "not sure"}).status_code == 302
    assert phone.post(url, sent | {"kind": "helpers", "number": "1"}).status_code == 302
    register = text_of(phone.get(reverse("shelters:incidents")))
    assert "residents: 2 to 4, helpers and guides: 1" in register
    assert PeopleOfIncidents().records().count() == 2


def test_corrections_are_of_the_same_thing_and_say_why(raid, hana):
    paid = f.IncidentPaymentFactory(incident=raid)
    same = {"incident": raid, "corrects": paid, "by": hana, "reason": "mistyped"}
    for other in ({"value": 4000}, {"currency": "KRW"}, {"incident": f.IncidentFactory()}):
        with breaks("incident_payment_correction_mirrors"):
            f.IncidentPaymentFactory(**same | other)
    for other in ({"reason": ""}, {"by": None}):
        with breaks("incidentpayment_is_corrected_with_a_reason"):
            f.IncidentPaymentFactory(**same | other)
    mirror = f.IncidentPaymentFactory(**same)
    with breaks("shelters_incidentpayment_corrects_id_key"):
        f.IncidentPaymentFactory(**same)
    with breaks("incident_payment_correction_mirrors"):
        f.IncidentPaymentFactory(**same | {"corrects": mirror})
    told = f.IncidentPeopleFactory(incident=raid)
    same = {"incident": raid, "corrects": told, "by": hana, "reason": "mistyped"}
    with breaks("incidentpeople_is_corrected_with_a_reason"):
        f.IncidentPeopleFactory(**same | {"reason": ""})
    with breaks("incident_people_correction_of_the_same"):
        f.IncidentPeopleFactory(**same | {"kind": "helpers"})
    f.IncidentPeopleFactory(**same)
    with breaks("shelters_incidentpeople_corrects_id_key"):
        f.IncidentPeopleFactory(**same)


def test_a_correction_is_not_taken_back(phone, hana, raid):
    paid = f.IncidentPaymentFactory(incident=raid)
    mirror = f.IncidentPaymentFactory(incident=raid, corrects=paid, by=hana, reason="mistyped")
    with pytest.raises(services.PaymentIsTakenBack):
        services.take_back_incident_payment(by=hana, payment=mirror, reason="no", key=uuid.uuid4())
    url = reverse("shelters:take_back_incident_payment", args=[raid.uuid, mirror.uuid])
    assert phone.get(url).status_code == 404


@pytest.mark.parametrize(
    ("typed", "lower", "upper", "qualifier"),
    [
        ("12,5", "12.5", None, "exact"),  # not ten times as much
        ("1,500.50", "1500.50", None, "exact"),
        ("2–4", "2", "4", "range"),
        ("2～4", "2", "4", "range"),
        ("〜300", "300", None, "about"),
    ],
)
def test_an_amount_is_read_as_people_write_it(phone, raid, typed, lower, upper, qualifier):
    sent = {"amount": typed, "currency": "CNY", "payer": "the office", "key": str(uuid.uuid4())}
    answer = phone.post(reverse("shelters:add_incident_payment", args=[raid.uuid]), sent)
    assert answer.status_code == 302
    payment = IncidentPayment.objects.get()
    found = payment.value, payment.value_upper, payment.qualifier
    assert found == (Decimal(lower), Decimal(upper) if upper else None, qualifier)


@pytest.mark.parametrize("typed", ["0,500", "1234,567", "12,5,5"])
def test_what_is_no_group_of_thousands_is_never_read_as_a_thousand_times_as_much(phone, raid, typed):
    sent = {"amount": typed, "currency": "CNY", "payer": "the office", "key": str(uuid.uuid4())}
    answer = phone.post(reverse("shelters:add_incident_payment", args=[raid.uuid]), sent)
    assert answer.status_code == 422
    assert not IncidentPayment.objects.exists()
