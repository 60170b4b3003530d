"""An allowance entered by mistake: it stays, linked to who took it back and why, and counts in no sum."""

import uuid
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from core.fiscal import fiscal_year_of, month_of
from core.identity import acting_as
from core.models import AuditEntry
from core.money import Money
from shelters import selectors, services
from shelters.models import AllowanceTakenBack
from tests import factories as f
from tests.races import at_once
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def allowance(willow, hana, today):
    resident = f.StayFactory(resident=f.ResidentFactory(code="X-9"), shelter=willow).resident
    return f.AllowanceFactory(resident=resident, from_month=month_of(today), by=hana)


def test_a_mistake_is_taken_back_once_and_counts_nowhere(as_user, hana, allowance, today):
    f.AllowanceFactory(resident=allowance.resident, from_month=month_of(today), amount=10, months=1)
    client = as_user(hana)
    address = reverse("shelters:take_back_allowance", args=[allowance.uuid])
    register = reverse("shelters:allowances")
    assert address in client.get(register).content.decode()
    sent = {"reason": "twice", "key": str(uuid.uuid4())}
    for _time in range(2):
        assert client.post(address, sent).url == register
    again = client.post(address, {"reason": "not_paid", "key": str(uuid.uuid4())})
    assert again.status_code == 422
    assert "This allowance has already been taken back." in text_of(again)
    row = AllowanceTakenBack.objects.get()
    assert (row.allowance, row.reason, row.by) == (allowance, "twice", hana)
    entry = AuditEntry.objects.get(action="shelters.allowance_taken_back")
    assert (entry.by_id, entry.changes["reason"]) == (hana.pk, [None, "twice"])
    shown = client.get(register).content.decode()
    assert "entered twice" in shown
    assert address not in shown
    assert 'data-label="Steps" data-empty></td>' in shown
    assert "1 row" in text_of(client.get(register, {"is_mistake": "false"}))
    assert selectors.medical_year(fiscal_year_of(today)).allowances == [Money(10, "CNY")]


def test_only_staff_of_the_shelter_take_back(jin, sora, hana, allowance):
    values = {"allowance": allowance, "reason": "twice"}
    for other in (jin, sora):
        with pytest.raises(PermissionDenied):
            services.take_back_allowance(by=other, key=uuid.uuid4(), **values)
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(other):
            f.AllowanceTakenBackFactory(allowance=allowance, by=other)
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
        f.AllowanceTakenBackFactory(allowance=allowance, by=jin)  # in nobody else's name


def test_the_database_keeps_one_and_keeps_it(allowance):
    row = f.AllowanceTakenBackFactory(allowance=allowance)
    with pytest.raises(IntegrityError, match="allowance_id"), transaction.atomic():
        f.AllowanceTakenBackFactory(allowance=allowance)
    with pytest.raises(IntegrityError, match="allowance_taken_back_one_per_key"), transaction.atomic():
        f.AllowanceTakenBackFactory(key=row.key)
    row.reason = "not_paid"
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()


def test_of_two_at_once_one_is_told(transactional_db, allowance, hana):
    def take_back():
        try:
            services.take_back_allowance(by=hana, key=uuid.uuid4(), allowance=allowance, reason="twice")
        except services.AllowanceIsTakenBack:
            return "told"
        return "done"

    assert sorted(at_once(*[partial(take_back)] * 4)) == ["done", "told", "told", "told"]
    assert AllowanceTakenBack.objects.get().allowance == allowance
    assert AuditEntry.objects.filter(action="shelters.allowance_taken_back").count() == 1


def test_one_form_sent_many_times_at_once_has_one_answer(transactional_db, allowance, hana):
    back = partial(
        services.take_back_allowance, by=hana, key=uuid.uuid4(), allowance=allowance, reason="twice"
    )
    answers = at_once(*[back] * 6)
    assert {answer.pk for answer in answers} == {AllowanceTakenBack.objects.get().pk}
    assert AuditEntry.objects.filter(action="shelters.allowance_taken_back").count() == 1
