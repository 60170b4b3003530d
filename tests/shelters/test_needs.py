"""Need of the coming days, and what a month really used, worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from shelters import selectors
from shelters.models import Shelter
from tests import factories as f
from tests.factories import receive
from tests.shelters.test_pages import text_of

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}  # a filter changed: the page gets new rows alone
DAY = date(2026, 3, 10)
MARCH = date(2026, 3, 1)


def ration_on(day, item, shelter):
    rations = selectors.rations_on(day)
    return rations.get((item, shelter.pk), rations.get((item, None)))


def stay(shelter, start, end=None, *, of=DAY, **values):
    """A stay from so many days after a day to so many."""
    last = None if end is None else of + timedelta(days=end)
    return f.StayFactory(shelter=shelter, nights=DateRange(of + timedelta(days=start), last), **values)


def heads(shelter, days, today=DAY):
    found = selectors.heads_by_night(
        Shelter.objects.filter(pk=shelter.pk), today, today + timedelta(days=days - 1), planned_after=today
    )
    return found[shelter.pk]


# --- heads, night by night -----------------------------------------------------------------------------


def test_planned_arrival_counts_from_its_night_on_and_never_tonight(willow):
    stay(willow, -5)
    stay(willow, 0, is_planned=True)
    stay(willow, 2, 4, is_planned=True)
    assert heads(willow, 5) == [1, 2, 3, 3, 2]
    assert selectors.heads_on(willow, DAY) == 1


def test_departure_lowers_the_heads_from_its_day_on(willow):
    stay(willow, -5, leaves_on=DAY + timedelta(days=2))
    stay(willow, -5, leaves_on=DAY)
    stay(willow, 0, is_planned=True, leaves_on=DAY + timedelta(days=2))
    stay(willow, -5)
    assert heads(willow, 4) == [3, 3, 1, 1]


def test_who_was_to_leave_before_today_and_did_not_eats_on(willow):
    stay(willow, -5, leaves_on=DAY - timedelta(days=1))
    assert heads(willow, 3) == [1, 1, 1]
    assert selectors.heads_on(willow, DAY) == 1


def test_who_is_planned_elsewhere_is_under_one_roof_alone(willow, maple):
    mover = f.ResidentFactory()
    stay(willow, -5, resident=mover)
    stay(willow, -5)
    stay(maple, 2, resident=mover, is_planned=True)
    assert heads(willow, 4) == [2, 2, 1, 1]
    assert heads(maple, 4) == [0, 0, 1, 1]


def test_a_plan_that_took_place_is_not_counted_twice(willow):
    came = f.ResidentFactory()
    stay(willow, -1, resident=came, is_planned=True)
    stay(willow, -1, resident=came)
    assert heads(willow, 3) == [1, 1, 1]


def test_a_plan_that_was_called_off_feeds_nobody_and_keeps_nobody_away(willow, maple):
    here = f.ResidentFactory()
    stay(willow, -5, resident=here)
    off = {"is_planned": True, "cancelled_at": timezone.now()}
    stay(maple, 1, resident=here, **off)
    stay(willow, 1, **off)
    assert heads(willow, 3) == [1, 1, 1]
    assert heads(maple, 3) == [0, 0, 0]


def test_planned_arrivals_come_on_top_of_a_head_count(willow):
    f.HeadCountFactory(shelter=willow, counted_on=DAY, people=9)
    stay(willow, 1, 3, is_planned=True)
    assert heads(willow, 4) == [9, 10, 10, 9]


def test_each_night_is_counted_as_the_shelters_page_counts_it(willow, maple):
    """Stays, gaps and head counts of two months: the same as asking day by day."""
    for start, end in ((0, 4), (2, 9), (12, 13), (20, 40), (38, None)):
        stay(willow, start, end, of=MARCH)
    for after, people in ((-3, 7), (10, 5), (17, 6), (25, 30)):
        f.HeadCountFactory(shelter=willow, counted_on=MARCH + timedelta(days=after), people=people)
    for after, people, others in ((28, 8, 6), (33, 1, 0), (45, 9, 9), (50, 0, None)):
        day = MARCH + timedelta(days=after)
        f.HeadCountFactory(shelter=willow, counted_on=day, people=people, others=others)
    f.HeadCountFactory(shelter=maple, counted_on=MARCH + timedelta(days=3), people=4)
    last = MARCH + timedelta(days=59)
    found = selectors.heads_by_night(Shelter.objects.all(), MARCH, last)
    for shelter in (willow, maple):
        one_by_one = [selectors.heads_on(shelter, MARCH + timedelta(days=day)) for day in range(60)]
        assert found[shelter.pk] == one_by_one
        spent = selectors.person_days(Shelter.objects.filter(pk=shelter.pk), MARCH, last)
        assert spent == sum(one_by_one)
        assert len(set(one_by_one)) > 1


# --- what is needed ------------------------------------------------------------------------------------


def test_forecast_by_hand(willow, rice):
    """10 kg; two people, 400 g; a third from the third night on; 500 g from the fifth day on.

    0.8 + 0.8 + 1.2 + 1.2 = 4.0 kg in four days, then 1.5 kg a day: 10 kg last 8 days, the ninth runs out.
    """
    receive(willow.store, rice, 10)
    f.RationRuleFactory(item=rice, grams=400)
    f.RationRuleFactory(item=rice, grams=500, valid_from=DAY + timedelta(days=4))
    stay(willow, -5)
    stay(willow, -5)
    stay(willow, 2, is_planned=True)
    (line,) = selectors.forecasts(Shelter.objects.all(), DAY, 14)
    assert [night.need for night in line.nights[:5]] == list(
        map(Decimal, ("0.8", "0.8", "1.2", "1.2", "1.5"))
    )
    assert line.need == Decimal("4.0") + 10 * Decimal("1.5")
    assert line.runs_out_on == DAY + timedelta(days=8)
    assert line.missing == Decimal("9.0")
    assert line.most_heads == 3
    (week,) = selectors.forecasts(Shelter.objects.all(), DAY, 7)
    assert (week.runs_out_on, week.missing, week.at_end) == (None, None, Decimal("1.5"))


def test_days_fall_as_people_are_expected(willow, rice):
    receive(willow.store, rice, 10)
    f.RationRuleFactory(item=rice, grams=400)
    stay(willow, -5)
    (before,) = selectors.forecasts(Shelter.objects.all(), DAY, 30)
    f.StayFactory.create_batch(
        4, shelter=willow, nights=DateRange(DAY + timedelta(days=1), None), is_planned=True
    )
    (after,) = selectors.forecasts(Shelter.objects.all(), DAY, 30)
    assert [line.runs_out_on - DAY for line in (before, after)] == [timedelta(days=25), timedelta(days=5)]


def test_a_shelters_own_ration_goes_first_and_what_is_not_weighed_is_left_out(willow, maple, rice):
    f.RationRuleFactory(item=rice, grams=400)
    f.RationRuleFactory(item=rice, grams=600, shelter=willow)
    f.RationRuleFactory(item=f.ItemFactory(code="OIL", base_unit="l"))
    for shelter in (willow, maple):
        stay(shelter, -5)
    lines = selectors.forecasts(Shelter.objects.all(), DAY, 7)
    assert {(line.shelter.code, line.need) for line in lines} == {
        ("WILLOW", Decimal("4.2")),
        ("MAPLE", Decimal("2.8")),
    }


# --- what was used -------------------------------------------------------------------------------------


def test_a_month_of_arrivals_and_departures_by_hand(willow, rice):
    """March at Willow, 31 days.

    A there all month: 31 nights. B from the 11th: 21. C left on the 16th: 15. D only planned: 0.
    67 person-days; 400 g up to the 15th: (15 + 5 + 15) × 0.4 = 14 kg; from the 16th on 500 g:
    (16 + 16) × 0.5 = 16 kg.
    """
    f.RationRuleFactory(item=rice, grams=400)
    f.RationRuleFactory(item=rice, grams=500, valid_from=date(2026, 3, 16))
    stay(willow, -20, of=MARCH)
    stay(willow, 10, of=MARCH)
    stay(willow, -3, 15, of=MARCH)
    stay(willow, 0, of=MARCH, is_planned=True)
    f.MovementFactory(item=rice, destination=willow.store, quantity=100, occurred_on=date(2026, 2, 1))
    eaten = f.sink("consumed")
    for day, quantity in (
        (date(2026, 2, 28), 9),
        (MARCH, 12),
        (date(2026, 3, 31), 20),
        (date(2026, 4, 1), 7),
    ):
        f.MovementFactory(
            item=rice,
            source=willow.store,
            destination=eaten,
            quantity=quantity,
            reason="used",
            occurred_on=day,
        )
    mistake = f.MovementFactory(
        item=rice, source=willow.store, destination=eaten, quantity=5, reason="used", occurred_on=MARCH
    )
    f.MovementFactory(
        item=rice, source=eaten, destination=willow.store, quantity=5, reason="corrected", occurred_on=MARCH,
        reverses=mistake,
    )  # fmt: skip
    (line,) = selectors.usage(Shelter.objects.all(), MARCH, date(2026, 6, 1))
    assert (line.person_days, line.by_ration, line.used) == (67, Decimal(30), Decimal(32))
    assert (line.difference, line.percent) == (Decimal(2), 107)


def test_running_month_ends_yesterday_and_a_coming_one_is_empty(willow, rice):
    f.RationRuleFactory(item=rice, grams=400)
    stay(willow, -30, of=MARCH)
    (line,) = selectors.usage(Shelter.objects.all(), MARCH, date(2026, 3, 11))
    assert line.person_days == 10
    assert selectors.usage(Shelter.objects.all(), MARCH, MARCH) == []
    assert selectors.usage(Shelter.objects.all(), date(2026, 4, 1), MARCH) == []


# --- the pages -----------------------------------------------------------------------------------------


@pytest.fixture
def short_of_rice(willow, rice):
    """Ten kilograms for ten people at 400 g: two days and a half."""
    receive(willow.store, rice, 10)
    f.RationRuleFactory(item=rice, grams=400)
    f.HeadCountFactory(shelter=willow, people=10)
    return willow


def test_forecast_page_says_when_it_runs_out_and_how_much_is_missing(as_user, sora, short_of_rice, today):
    response = as_user(sora).get(reverse("shelters:forecast"), {"days": "7"})
    shown = text_of(response)
    assert "Of all shelters, 1 runs out in the next 7 days." in shown
    assert f"28 kg 10 kg — {date_format(today + timedelta(days=2), 'SHORT_DATE_FORMAT')} 18 kg" in shown
    assert b"<polyline" in response.content
    assert b"style=" not in response.content
    part = as_user(sora, headers=PART).get(reverse("shelters:forecast"), {"days": "30"})
    assert "Of all shelters, 1 runs out in the next 30 days." in text_of(part)
    assert "110 kg" in text_of(part)


def test_the_month_beside_what_was_used_is_the_one_that_is_shown(as_user, sora, short_of_rice):
    part = as_user(sora, headers=PART).get(reverse("shelters:used"), {"month": "2026-01"})
    assert "January 2026" in text_of(part)
    assert "running month" not in text_of(part)


@pytest.mark.parametrize(("page", "queries"), [("forecast", 14), ("used", 13)])
def test_pages_cost_the_same_with_one_and_with_thirty_shelters(
    page, queries, as_user, sora, short_of_rice, rice, today, django_assert_num_queries
):
    client = as_user(sora)
    for more in (0, 29):
        for shelter in f.ShelterFactory.create_batch(more):
            receive(shelter.store, rice, 50, days_ago=40)
            f.StayFactory(shelter=shelter)
        with django_assert_num_queries(queries):
            assert client.get(reverse(f"shelters:{page}")).status_code == 200


def test_a_month_that_is_none_is_answered_with_a_sentence(as_user, sora, willow):
    response = as_user(sora).get(reverse("shelters:used"), {"month": "2026-13"})
    assert response.status_code == 422
    assert "Write the month as 2026-02." in text_of(response)


@pytest.mark.parametrize("month", ["9999-12", "0001-01"])
def test_a_month_at_the_end_of_the_calendar_has_no_lines(month, as_user, sora, willow, rice):
    f.RationRuleFactory(item=rice)
    response = as_user(sora).get(reverse("shelters:used"), {"month": month})
    assert response.status_code == 200
    assert "0 rows" in text_of(response)


def test_rations_page_lists_them_all_in_one_count(as_user, sora, rice, willow, django_assert_num_queries):
    client = as_user(sora)
    for rules in (
        ((None, 400), (willow, 450)),
        [(shelter, 300) for shelter in f.ShelterFactory.create_batch(20)],
    ):
        for shelter, grams in rules:
            f.RationRuleFactory(item=rice, shelter=shelter, grams=grams)
        with django_assert_num_queries(8):
            shown = text_of(client.get(reverse("shelters:rations")))
    assert "every shelter" in shown
    assert "WILLOW" in shown


# --- setting a ration ----------------------------------------------------------------------------------


@pytest.fixture
def filled(rice, today):
    def made(**values):
        common = {"item": str(rice.uuid), "shelter": "", "grams": "450", "valid_from": today.isoformat()}
        return common | values

    return made


def test_coordinator_sets_a_ration_from_a_day_on(as_user, sora, willow, rice, filled, today):
    client = as_user(sora)
    f.RationRuleFactory(item=rice, grams=400)
    for shelter, grams in (("", "450"), (str(willow.uuid), "５００")):
        response = client.post(reverse("shelters:set_ration"), filled(shelter=shelter, grams=grams))
        assert response.url == reverse("shelters:rations")
    assert ration_on(today, rice, willow) == 500
    assert ration_on(today - timedelta(days=1), rice, willow) == 400
    assert ration_on(today, rice, f.ShelterFactory()) == 450


def test_the_same_ration_sent_twice_is_set_once(as_user, sora, filled):
    client = as_user(sora)
    for _time in range(2):
        assert client.post(reverse("shelters:set_ration"), filled()).status_code == 302
    assert selectors.rations_visible().count() == 1


def test_mistyped_ration_is_put_right_on_its_day(as_user, sora, willow, rice, filled, today):
    client = as_user(sora)
    for grams in ("4000", "400"):
        assert client.post(reverse("shelters:set_ration"), filled(grams=grams)).status_code == 302
    assert ration_on(today, rice, willow) == 400


def test_ration_ends_and_a_shelters_own_gives_way_to_the_one_for_all(
    as_user, sora, willow, rice, filled, today
):
    client, tomorrow = as_user(sora), today + timedelta(days=1)
    own = {"shelter": str(willow.uuid)}
    for values in ({"grams": "400"}, own | {"grams": "500"}):
        client.post(reverse("shelters:set_ration"), filled(**values))
    end = {"grams": "0", "valid_from": tomorrow.isoformat()}
    assert client.post(reverse("shelters:set_ration"), filled(**own, **end)).status_code == 302
    assert [ration_on(day, rice, willow) for day in (today, tomorrow)] == [500, 400]
    client.post(reverse("shelters:set_ration"), filled(**end))
    assert [ration_on(day, rice, willow) for day in (today, tomorrow)] == [500, None]
    again = client.post(
        reverse("shelters:set_ration"), filled(grams="0", valid_from=tomorrow + timedelta(days=1))
    )
    assert "There is nothing to end." in again.context["form"].errors["grams"][0]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"valid_from": "2020-01-01"}, "stays as it was"),
        ({"valid_from": "never"}, "Write the day as 2026-02-09."),
        ({"grams": "0"}, "There is nothing to end."),
        ({"grams": "-3"}, "Write 0 or more."),
        ({"grams": "6000"}, "That is very much."),
        ({"grams": "0.0001"}, "at most three digits"),
        ({"grams": "much"}, "Write a number such as"),
        ({"item": "x"}, "Choose one of the list."),
        ({"shelter": "x"}, "Choose one of the list."),
    ],
)
def test_bad_ration_is_a_sentence_at_its_field(as_user, sora, filled, values, sentence):
    response = as_user(sora).post(reverse("shelters:set_ration"), filled(**values))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert selectors.rations_visible().count() == 0


def test_item_that_is_not_weighed_is_not_offered(as_user, sora, rice, filled):
    oil = f.ItemFactory(code="OIL", name="Oil", base_unit="l")
    response = as_user(sora).post(reverse("shelters:set_ration"), filled(item=str(oil.uuid)))
    assert "Choose one of the list." in text_of(response)
