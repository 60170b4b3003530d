"""Medical cases, allowances and clothing: written by who works there, sums for the office."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from core.fiscal import FiscalYear
from core.identity import acting_as
from core.money import Money
from core.sealed import CannotOpen, open_value
from shelters import selectors, services
from shelters.models import Allowance, ClothingGiven, MedicalCase, MedicalCost, MedicalSupply
from supply import selectors as supply
from supply.services import reverse_movement
from tests import factories as f
from tests.openings import attempt, forgotten
from tests.shelters.test_pages import text_of
from tests.shelters.test_rules import breaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(willow):
    """A resident who sleeps at Willow."""
    return f.StayFactory(shelter=willow, resident=f.ResidentFactory(code="X-9")).resident


@pytest.fixture
def case(patient):
    return f.MedicalCaseFactory(code="M-9", resident=patient, condition="a hidden fever", treatment="rest")


@pytest.fixture
def bo(db):
    """A second administrator."""
    return f.UserFactory(name="Bo", role="administrator")


@pytest.fixture
def pills(willow, today):
    """100 pills in a lot at Willow."""
    item = f.ItemFactory(code="PILLS", name="Pills", kind="medicine", base_unit="piece")
    lot = f.LotFactory(item=item, code="P-1", expires_on=today + timedelta(days=300))
    f.MovementFactory(item=item, lot=lot, destination=willow.store, quantity=100)
    return item


def send(client, name, case, **values):
    return client.post(reverse(f"shelters:{name}", args=[case.uuid]), values)


def handed(pills, today, **values):
    lot = pills.lots.get()
    common = {"line": f"{pills.uuid}.{lot.uuid}", "number": "30", "occurred_on": today.isoformat()}
    return common | {"key": str(uuid.uuid4())} | values


# --- a case --------------------------------------------------------------------------------------------


def test_field_staff_open_a_case_whose_words_are_sealed(as_user, hana, patient, today):
    client, address = as_user(hana), reverse("shelters:open_medical_case")
    sent = {
        "resident": str(patient.uuid), "kind": "chronic", "opened_on": "2024-05-01", "condition": "sugar",
        "treatment": "insulin", "key": str(uuid.uuid4()),
    }  # fmt: skip
    for _time in range(2):
        answer = client.post(address, sent)
    case = MedicalCase.objects.get()
    assert answer.url == reverse("shelters:medical_case", args=[case.uuid])
    shown = text_of(client.get(reverse("shelters:medical_cases")))
    assert "X-9" in shown
    assert "chronic illness" in shown
    page = text_of(client.get(reverse("shelters:medical_case", args=[case.uuid])))
    for word in ("sugar", "insulin"):
        assert word not in shown + page
    assert attempt(hana, case, "condition").value == "sugar"
    assert attempt(hana, case, "treatment").value == "insulin"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"resident": "x"}, "Choose one of the list."),
        ({"kind": "x"}, "Choose one of the list."),
        ({"kind": ""}, "Choose one of the list."),
        ({"resident": ""}, "Choose one of the list."),
        ({"opened_on": "2999-01-01"}, "That lies in the future."),
        ({"condition": ""}, "Write a few words."),
        ({"condition": "x" * 4001}, "Write at most 4000 characters."),
    ],
)
def test_bad_case_is_a_sentence(as_user, hana, patient, today, values, sentence):
    sent = {
        "resident": str(patient.uuid), "kind": "injury", "opened_on": today.isoformat(), "condition": "leg",
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    response = as_user(hana).post(reverse("shelters:open_medical_case"), sent | values)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not MedicalCase.objects.exists()


def test_a_treatment_is_written_anew(as_user, hana, case):
    assert send(as_user(hana), "change_treatment", case, treatment="surgery").status_code == 302
    case.refresh_from_db()
    assert open_value(case, "treatment") == b"surgery"
    assert open_value(case, "condition") == b"a hidden fever"


def test_a_case_closes_with_an_outcome_and_stays_closed(as_user, hana, case, today):
    client = as_user(hana)
    early = send(client, "close_medical_case", case, closed_on="2026-03-08", outcome="recovered")
    assert "Choose a day from" in text_of(early)
    for _time in range(2):
        done = send(client, "close_medical_case", case, closed_on="2026-04-01", outcome="recovered")
        assert done.status_code == 302
    again = send(client, "close_medical_case", case, closed_on="2026-04-02", outcome="died")
    assert "This case is closed." in text_of(again)
    assert "This case is closed." in text_of(send(client, "change_treatment", case, treatment="more"))
    case.refresh_from_db()
    assert (case.closed_on, case.outcome) == (date(2026, 4, 1), "recovered")


def test_costs_by_month_and_a_mistake_taken_back(as_user, hana, case):
    client, key = as_user(hana), str(uuid.uuid4())
    for _time in range(2):
        send(client, "add_medical_cost", case, month="2026-03", amount="300.50", currency="CNY", key=key)
    more = {"month": "2026-04", "currency": "CNY"}
    for amount in ("100", "-50"):
        send(client, "add_medical_cost", case, amount=amount, key=str(uuid.uuid4()), **more)
    send(
        client, "add_medical_cost", case, month="2026-03", amount="20", currency="USD", key=str(uuid.uuid4())
    )
    assert selectors.spent(case) == [Money(Decimal("350.50"), "CNY"), Money(Decimal(20), "USD")]
    for values, sentence in (
        ({"amount": "-400"}, "So much was never booked"),
        ({"amount": "0"}, "Write another amount than zero."),
        ({"amount": "1", "month": "2026-02"}, "Choose a month from March 2026 to "),
        ({"amount": "1", "month": "soon"}, "Write the month as 2026-02."),
    ):
        response = send(client, "add_medical_cost", case, **more | {"key": str(uuid.uuid4())} | values)
        assert response.status_code == 422
        assert sentence in text_of(response)
    assert MedicalCost.objects.count() == 4


def test_medicine_is_handed_out_of_the_store_in_one_step(as_user, hana, willow, case, pills, today):
    client, sent = as_user(hana), handed(pills, today)
    for _time in range(2):
        assert send(client, "give_for_case", case, **sent).status_code == 302
    given = MedicalSupply.objects.get()
    assert (given.case, given.movement.reason, given.movement.quantity) == (case, "handed_out", 30)
    assert supply.totals([willow.store_id], [pills.pk]) == {(willow.store_id, pills.pk): 70}
    assert "30 pieces Pills" in text_of(client.get(reverse("shelters:medical_case", args=[case.uuid])))
    reverse_movement(by=hana, movement=given.movement, today=today, reason="mistyped")
    assert list(selectors.supplies(case)) == []


def test_the_last_of_a_lot_sent_twice_is_handed_out_once(as_user, hana, case, pills, today):
    client, sent = as_user(hana), handed(pills, today, number="100")
    for _time in range(2):
        assert send(client, "give_for_case", case, **sent).status_code == 302
    assert MedicalSupply.objects.count() == 1


def test_what_the_ledger_refuses_is_not_linked(as_user, hana, case, pills, today):
    for values, sentence in (
        ({"number": "101"}, "There is only this much"),
        ({"number": "0.5"}, "whole"),
        ({"occurred_on": str(today + timedelta(days=1))}, "Choose a day from"),
        ({"line": "x"}, "Choose one of the list."),
    ):
        response = send(as_user(hana), "give_for_case", case, **handed(pills, today, **values))
        assert response.status_code == 422
        assert sentence in text_of(response)
    assert not MedicalSupply.objects.exists()


def test_one_entry_is_not_linked_to_two_cases(as_user, hana, case, pills, today):
    other, sent = f.MedicalCaseFactory(resident=case.resident), handed(pills, today)
    send(as_user(hana), "give_for_case", case, **sent)
    response = send(as_user(hana), "give_for_case", other, **sent)
    assert "already booked with other content" in text_of(response)


def test_who_sleeps_elsewhere_is_given_nothing_here(as_user, hana, willow):
    gone = f.ResidentFactory(code="X-10")
    f.StayFactory(shelter=willow, resident=gone, nights=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    case = f.MedicalCaseFactory(resident=gone)
    shown = text_of(as_user(hana).get(reverse("shelters:give_for_case", args=[case.uuid])))
    assert "X-10 does not sleep at one of your shelters tonight." in shown


@pytest.mark.parametrize("who", ["hana", "jin"])
def test_the_illnesses_of_who_moved_on_go_with_them(who, as_user, request, hana, jin, willow, maple, today):
    """A phone taken at the first shelter shows nothing of what comes to somebody at the next one."""
    moved = f.ResidentFactory(code="X-10")
    f.StayFactory(shelter=willow, resident=moved, nights=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    f.StayFactory(shelter=maple, resident=moved, nights=DateRange(date(2021, 1, 1), None))
    case, given = f.MedicalCaseFactory(resident=moved), f.AllowanceFactory(resident=moved)
    person, cares = request.getfixturevalue(who), who == "jin"
    with acting_as(person):  # the database alone
        assert type(case).objects.filter(pk=case.pk).exists() is cares
        assert type(given).objects.filter(pk=given.pk).exists() is cares
    for model in (type(case), type(given)):  # the app alone
        assert model.objects.visible_to(person).exists() is cares
    assert (attempt(person, case, "condition").value is not None) is cares
    client = as_user(person)
    page = client.get(reverse("shelters:medical_case", args=[case.uuid]))
    assert page.status_code == (200 if cares else 404)
    form = client.get(reverse("shelters:open_medical_case"))
    assert ("X-10" in form.content.decode()) is cares
    told = {"kind": "illness", "opened_on": today, "condition": "x", "by": person, "today": today}
    if not cares:
        with pytest.raises(PermissionDenied):
            services.open_medical_case(resident=moved, key=uuid.uuid4(), **told)


# --- who sees what -------------------------------------------------------------------------------------


def test_nobody_but_the_shelters_staff_sees_or_writes(hana, jin, sora, aya, case, maple):
    for reader in (jin, sora, aya):
        assert attempt(reader, case, "condition").value is None
        with pytest.raises(CannotOpen), acting_as(reader):
            open_value(case, "condition")
        with pytest.raises(PermissionDenied):
            services.change_treatment(by=reader, case=case, treatment="x")
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(reader):
            f.MedicalCostFactory(case=case, by=reader)
    stranger = f.StayFactory(shelter=maple).resident
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
        f.AllowanceFactory(resident=stranger, by=hana)


def test_forgetting_a_person_closes_what_they_had_for_ever(as_user, aya, bo, hana, case):
    cost = f.MedicalCostFactory(case=case)
    forgotten(aya, bo, case.resident)
    for field in ("condition", "treatment"):
        with pytest.raises(CannotOpen):
            open_value(case, field)
    page = as_user(hana).get(reverse("shelters:medical_case", args=[case.uuid]))
    assert "M-9" in text_of(page)
    assert selectors.spent(case) == [Money(cost.amount, "CNY")]


def test_coordinator_sees_sums_and_no_person(as_user, sora, case, today):
    f.MedicalCaseFactory(kind="injury", opened_on=today)
    f.MedicalCostFactory(case=case, month=today.replace(day=1), amount=1234)
    f.AllowanceFactory(from_month=today.replace(day=1), amount=100, months=3)
    shown = text_of(as_user(sora).get(reverse("shelters:medical_sums")))
    assert "injury 1" in shown
    assert "CN¥1,234.00" in shown
    assert "CN¥300.00" in shown
    for hidden in ("X-9", "M-9", "WILLOW"):
        assert hidden not in shown
    with acting_as(sora):
        assert not MedicalCase.objects.exists()


def test_a_case_that_runs_over_years_counts_in_each(case):
    """Open from March 2026 (fiscal year 2026) to October 2027 (fiscal year 2028)."""
    case.closed_on, case.outcome = date(2027, 10, 1), "recovered"
    case.save()
    f.MedicalCaseFactory(kind="injury", opened_on=date(2026, 8, 31))
    for month, amount in ((date(2026, 8, 1), 10), (date(2026, 9, 1), 20), (date(2027, 8, 1), 40)):
        f.MedicalCostFactory(case=case, month=month, amount=amount)
    found = {number: selectors.medical_year(FiscalYear(number)) for number in (2025, 2026, 2027, 2028, 2029)}
    assert [found[number].cases.get("illness", 0) for number in found] == [0, 1, 1, 1, 0]
    assert [found[number].opened for number in found] == [0, 2, 0, 0, 0]
    assert found[2026].costs == [Money(Decimal(10), "CNY")]
    assert found[2027].costs == [Money(Decimal(60), "CNY")]


def test_registers_cost_the_same_for_one_and_for_many(as_user, hana, otto, case, django_assert_num_queries):
    staff, auditor = as_user(hana), as_user(otto)
    for more in (1, 20):
        for _row in range(more):
            f.MedicalSupplyFactory(case=f.MedicalCaseFactory(resident=case.resident))
            f.MedicalCostFactory(case=case)
            f.AllowanceFactory(resident=case.resident)
            f.ClothingGivenFactory()
        with django_assert_num_queries(9):
            staff.get(reverse("shelters:medical_cases"))
        with django_assert_num_queries(8):
            staff.get(reverse("shelters:allowances"))
        with django_assert_num_queries(8):
            auditor.get(reverse("shelters:clothing"))
        with django_assert_num_queries(11):
            staff.get(reverse("shelters:medical_case", args=[case.uuid]))


# --- allowances and clothing ---------------------------------------------------------------------------


def test_an_allowance_is_granted_once(as_user, hana, patient):
    client, address = as_user(hana), reverse("shelters:grant_allowance")
    sent = {
        "resident": str(patient.uuid), "amount": "500", "currency": "CNY", "months": "3",
        "from_month": "2026-04", "reason": "leaves", "key": str(uuid.uuid4()),
    }  # fmt: skip
    for _time in range(2):
        assert client.post(address, sent).status_code == 302
    allowance = Allowance.objects.get()
    assert (allowance.amount, allowance.months, allowance.from_month) == (500, 3, date(2026, 4, 1))
    shown = text_of(client.get(reverse("shelters:allowances")))
    assert "X-9" in shown
    assert "1,500" in shown
    for values, sentence in (
        ({"amount": "0"}, "above zero"),
        ({"months": "0"}, "Write a number above zero."),
        ({"months": "61"}, "up to 60"),
        ({"reason": "x"}, "Choose one of the list."),
    ):
        response = client.post(address, sent | {"key": str(uuid.uuid4())} | values)
        assert response.status_code == 422
        assert sentence in text_of(response)


def test_clothing_is_given_for_a_season_out_of_the_store(as_user, hana, sora, willow, rice, today):
    coats = f.ItemFactory(code="COATS", name="Coats", kind="clothing", base_unit="set")
    f.receive(willow.store, coats, 20)
    f.receive(willow.store, rice, 20)
    client, address = as_user(hana), reverse("shelters:give_clothing", args=[willow.uuid])
    sent = {
        "line": f"{coats.uuid}.", "number": "12", "people": "8", "season": "winter",
        "occurred_on": today.isoformat(), "key": str(uuid.uuid4()),
    }  # fmt: skip
    for _time in range(2):
        assert client.post(address, sent).url == reverse("shelters:stock", args=[willow.uuid])
    given = ClothingGiven.objects.get()
    assert (given.sets, given.people, given.season, given.movement.reason) == (12, 8, "winter", "handed_out")
    assert supply.held(willow.store, coats) == 8
    other = client.post(address, sent | {"people": "9"})
    assert "already booked with other content" in text_of(other)
    rest = {"key": str(uuid.uuid4())}
    for values, sentence in (
        ({"line": f"{rice.uuid}."}, "Choose one of the list."),
        ({"number": "9"}, "There is only this much"),
        ({"number": "1.5"}, "digits after the point"),
        ({"people": "0"}, "Write a number above zero."),
    ):
        response = client.post(address, sent | rest | values)
        assert response.status_code == 422
        assert sentence in text_of(response)
    assert "WILLOW winter Coats 12 8" in text_of(as_user(sora).get(reverse("shelters:clothing")))


def test_service_gives_no_food_as_clothing_and_nothing_elsewhere(hana, willow, maple, rice, today):
    entry = {"item": rice, "quantity": Decimal(1), "occurred_on": today, "today": today, "key": uuid.uuid4()}
    with pytest.raises(services.NotClothing):
        services.give_clothing(by=hana, shelter=willow, season="winter", people=1, **entry)
    with pytest.raises(PermissionDenied):
        services.give_clothing(by=hana, shelter=maple, season="winter", people=1, **entry)


# --- what the database refuses -------------------------------------------------------------------------


def _twice(factory):
    key = uuid.uuid4()
    factory(key=key)
    factory(key=key)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("medical_case_one_per_key", lambda: _twice(f.MedicalCaseFactory)),
        (
            "medical_case_closes_after_it_opens",
            lambda: f.MedicalCaseFactory(closed_on=date(2026, 3, 8), outcome="died"),
        ),
        ("medical_case_closes_with_an_outcome", lambda: f.MedicalCaseFactory(outcome="died")),
        ("medical_case_closes_with_an_outcome", lambda: f.MedicalCaseFactory(closed_on=date(2026, 4, 1))),
        ("medical_cost_one_per_key", lambda: _twice(f.MedicalCostFactory)),
        ("medical_cost_of_a_month", lambda: f.MedicalCostFactory(month=date(2026, 3, 2))),
        ("medical_cost_is_something", lambda: f.MedicalCostFactory(amount=0)),
        ("allowance_one_per_key", lambda: _twice(f.AllowanceFactory)),
        ("allowance_is_something", lambda: f.AllowanceFactory(amount=0)),
        ("allowance_for_one_to_sixty_months", lambda: f.AllowanceFactory(months=61)),
        ("allowance_from_a_first", lambda: f.AllowanceFactory(from_month=date(2026, 3, 2))),
        ("clothing_is_something", lambda: f.ClothingGivenFactory(sets=0)),
        ("clothing_is_for_somebody", lambda: f.ClothingGivenFactory(people=0)),
    ],
)
def test_rules(name, make):
    with breaks(name):
        make()
