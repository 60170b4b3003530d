"""The day on which somebody means to leave is a plan: who stays on is there until it is said what became."""

import uuid
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.formats import date_format

from core.identity import acting_as
from core.models import AuditEntry
from shelters import selectors, services
from shelters.models import Evacuation, EvacuationPerson, Resident, Stay
from tests import factories as f
from tests.shelters.test_people_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staying(willow, today):
    """`staying(-1)`: at Willow for ten days, and was to leave yesterday."""

    def here(days=None, **values):
        leaves_on = None if days is None else today + timedelta(days=days)
        nights = DateRange(today - timedelta(days=10), None)
        resident = f.ResidentFactory(code="X-7")
        return f.StayFactory(resident=resident, shelter=willow, nights=nights, leaves_on=leaves_on, **values)

    return here


@pytest.fixture
def page(as_user, hana, willow):
    return lambda: text_of(as_user(hana).get(reverse("shelters:stock", args=[willow.uuid])))


@pytest.mark.parametrize("days", [-3, 0])
def test_who_stays_on_is_a_head_and_left_by_one_tap(days, staying, page, as_user, hana, willow, today):
    stay = staying(days)
    day = date_format(today + timedelta(days=days))
    assert ("was to leave on " if days else "leaves on ") + day in page()
    assert selectors.heads_on(willow, today) == 1
    told = {"outcome": "safe_country", "day": today.isoformat(), "key": str(uuid.uuid4())}
    as_user(hana).post(reverse("shelters:leave", args=[stay.uuid]), told)
    stay.refresh_from_db()
    assert (stay.nights.upper, stay.outcome) == (today, "safe_country")
    assert selectors.heads_on(willow, today) == 0


def test_who_was_to_leave_is_in_the_evacuation(staying, as_user, hana, willow):
    staying(-1)
    told = {"reason": "police", "key": str(uuid.uuid4())}
    page = as_user(hana).post(reverse("shelters:evacuate", args=[willow.uuid]), told, follow=True)
    assert "X-7" in text_of(page)
    finish = reverse("shelters:finish_evacuation", args=[Evacuation.objects.get().uuid])
    assert "Not finished yet: 1 people" in text_of(as_user(hana).post(finish, follow=True))


def test_who_stays_on_is_given_their_medicine(staying, hana, willow):
    case = f.MedicalCaseFactory(resident=staying(-1).resident)
    with acting_as(hana):
        assert list(selectors.shelters_of(case, hana)) == [willow]


def test_an_arrival_written_late_with_its_day_of_leaving_stays_open(as_user, hana, willow, today):
    told = {"day": str(today - timedelta(days=5)), "last": str(today), "key": str(uuid.uuid4())}
    as_user(hana).post(reverse("shelters:arrive", args=[willow.uuid]), told)
    stay = Stay.objects.get()
    assert (stay.nights.upper, stay.leaves_on) == (None, today)
    assert selectors.heads_on(willow, today) == 1


def test_an_arrival_that_is_over_already_is_told_how_to_write_it(as_user, hana, willow, today):
    told = {
        "day": str(today - timedelta(days=6)),
        "last": str(today - timedelta(days=2)),
        "key": str(uuid.uuid4()),
    }
    page = as_user(hana).post(reverse("shelters:arrive", args=[willow.uuid]), told)
    assert (page.status_code, "That day is over." in text_of(page)) == (422, True)
    assert not Resident.objects.exists()


def test_an_expected_guest_keeps_the_day_on_which_they_mean_to_leave(hana, willow, today):
    planned = f.StayFactory(
        shelter=willow, is_planned=True, nights=DateRange(today, None), leaves_on=today + timedelta(days=4)
    )
    with acting_as(hana):
        came = services.come(by=hana, stay=planned, day=today, today=today)
    assert (came.nights, came.leaves_on) == (DateRange(today, None), today + timedelta(days=4))


def test_the_day_told_at_the_door_is_the_one_that_holds(as_user, hana, willow, today):
    resident, later = f.ResidentFactory(code="X-8"), today + timedelta(days=9)
    f.StayFactory(shelter=willow, resident=resident, is_planned=True, leaves_on=today + timedelta(days=4))
    told = {"code": "X-8", "day": str(today), "last": str(later), "key": str(uuid.uuid4())}
    as_user(hana).post(reverse("shelters:come_back", args=[willow.uuid]), told)
    assert Stay.objects.on(today).get().leaves_on == later


@pytest.mark.parametrize(
    "values", [{"outcome": "died"}, {"outcome": "moved", "to": "elsewhere", "to_code": "MAPLE"}]
)
def test_nobody_leaves_before_they_came(values, staying, as_user, hana, maple, today):
    stay = staying()
    told = {"day": str(today - timedelta(days=11)), "key": str(uuid.uuid4())} | values
    page = as_user(hana).post(reverse("shelters:leave", args=[stay.uuid]), told)
    sentence = f"They came on {date_format(stay.nights.lower)}. Choose that day or a later one."
    assert (page.status_code, sentence in text_of(page)) == (422, True)
    stay.refresh_from_db()
    assert (stay.nights.upper, Stay.objects.count()) == (None, 1)


# --- a slip about what became of somebody ------------------------------------------------------------------


@pytest.fixture
def left(as_user, hana, today):
    """`left(stay, "died")`: as Hana's phone says it."""

    def leave(stay, outcome="died", **values):
        told = {"outcome": outcome, "day": str(today), "key": str(uuid.uuid4())} | values
        return as_user(hana).post(reverse("shelters:leave", args=[stay.uuid]), told)

    return leave


@pytest.fixture
def take_back(as_user, hana):
    def tap(stay):
        return text_of(
            as_user(hana).post(reverse("shelters:take_back_outcome", args=[stay.uuid]), follow=True)
        )

    return tap


def test_a_wrong_outcome_is_taken_back_on_the_day_it_was_said(staying, left, take_back, page, willow, today):
    stay = staying(4)
    left(stay)
    assert "Who left, as said today X-7 died Take back" in page()
    assert "X-7 is here since" in take_back(stay)
    stay.refresh_from_db()
    assert (stay.nights.upper, stay.outcome, stay.said_at) == (None, "", None)
    assert stay.leaves_on == today + timedelta(days=4)
    assert selectors.heads_on(willow, today) == 1
    assert "Who left" not in take_back(stay)  # twice is once
    left(stay, "returned")
    stay.refresh_from_db()
    assert stay.outcome == "returned"
    written = AuditEntry.objects.filter(subject_uuid=stay.uuid).values_list("action", flat=True)
    assert "shelters.taken_back" in written


def test_what_was_said_before_today_stays_said(staying, left, page, hana, today):
    stay = staying()
    left(stay)
    with acting_as(hana), pytest.raises(services.SaidLongAgo):
        services.take_back_outcome(by=hana, stay=stay, today=today + timedelta(days=1))
    old = f.StayFactory(shelter=stay.shelter, nights=DateRange(today - timedelta(days=9), today))
    with acting_as(hana), pytest.raises(services.SaidLongAgo):  # a workbook brought it
        services.take_back_outcome(by=hana, stay=old, today=today)


def test_a_move_taken_back_leaves_nobody_under_two_roofs(staying, left, take_back, hana, today):
    stay, oak = staying(), f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    left(stay, "moved", to=str(oak.uuid))
    assert selectors.heads_on(oak, today) == 1
    take_back(stay)
    assert [one.shelter.code for one in Stay.objects.on(today)] == ["WILLOW"]


def test_who_is_at_another_shelter_by_now_is_not_taken_back(staying, left, take_back, jin, maple, today):
    stay = staying()
    left(stay, "moved", to="elsewhere", to_code="MAPLE")
    with acting_as(jin):
        services.come(by=jin, stay=Stay.objects.get(shelter=maple), day=today, today=today)
    assert "This person already stays somewhere in these nights." in take_back(stay)
    assert [one.shelter.code for one in Stay.objects.on(today)] == ["MAPLE"]


def test_who_is_taken_back_in_an_evacuation_still_has_to_go(staying, take_back, as_user, hana, willow, today):
    stay, phone = staying(), as_user(hana)
    told = {"reason": "police", "key": str(uuid.uuid4())}
    phone.post(reverse("shelters:evacuate", args=[willow.uuid]), told)
    going = Evacuation.objects.get()
    for outcome in ("died", "safe_country"):
        told = {"outcome": outcome, "day": str(today), "key": str(uuid.uuid4())}
        for _time in range(2):
            phone.post(reverse("shelters:send_on", args=[going.uuid, stay.uuid]), told)
        if outcome == "died":
            take_back(stay)
            with acting_as(hana):
                assert selectors.still_there(hana, going, today) == [stay]
                assert not selectors.gone(hana, going)
    assert selectors.gone(hana, going).get().outcome == "safe_country"
    assert EvacuationPerson.objects.count() == 2
