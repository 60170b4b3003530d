"""Half past eleven at night at Willow, in China: in Tokyo it is tomorrow already."""

import re
import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from core.middleware import office_time
from shelters import selectors
from shelters.models import HeadCount, Incident, Shelter, Stay
from supply.models import CountSheet, Movement
from tests import factories as f
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(time_machine, today, stocked):
    """Willow at 23:30 of `today`, Tokyo half an hour past midnight."""
    Shelter.objects.filter(pk=stocked.pk).update(time_zone="Asia/Shanghai")
    time_machine.move_to(datetime.combine(today, time(23, 30), ZoneInfo("Asia/Shanghai")), tick=False)
    assert timezone.localdate() == today + timedelta(days=1)
    return stocked


@pytest.fixture
def tomorrow(today):
    return today + timedelta(days=1)


@pytest.fixture
def client(as_user, hana, late):
    return as_user(hana)


def offered(answer, name="occurred_on"):
    """The day that stands in the form."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.content.decode()).group()
    return re.search(r'value="([^"]*)"', tag).group(1)


def last_allowed(answer, name="occurred_on"):
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.content.decode()).group()
    return re.search(r'max="([^"]*)"', tag).group(1)


# --- stock -------------------------------------------------------------------------------------------------


def test_the_form_offers_and_books_the_shelters_day(client, late, log_address, filled, today):
    shown = client.get(log_address(late))
    assert offered(shown) == last_allowed(shown) == today.isoformat()
    assert client.post(log_address(late), filled()).status_code == 302
    assert Movement.objects.get(source=late.store).occurred_on == today


def test_tomorrow_in_tokyo_is_still_to_come_there(client, late, log_address, filled, today, tomorrow):
    answer = client.post(log_address(late), filled(occurred_on=tomorrow.isoformat()))
    assert answer.status_code == 422
    assert f"to {date_format(today)}." in text_of(answer)
    assert not Movement.objects.filter(source=late.store).exists()


def test_tomorrow_is_booked_where_it_has_begun(
    time_machine, as_user, hana, stocked, log_address, filled, today, tomorrow
):
    Shelter.objects.filter(pk=stocked.pk).update(time_zone="Asia/Vladivostok")
    time_machine.move_to(datetime.combine(tomorrow, time(0, 30), ZoneInfo("Asia/Vladivostok")), tick=False)
    assert timezone.localdate() == today
    answer = as_user(hana).post(log_address(stocked), filled(occurred_on=tomorrow.isoformat()))
    assert answer.status_code == 302
    assert Movement.objects.get(source=stocked.store).occurred_on == tomorrow


def test_a_day_sheet_is_of_the_shelters_day(client, late, rice, today, tomorrow):
    address = reverse("shelters:type_day_sheet", args=[late.uuid])
    assert offered(client.get(address)) == today.isoformat()
    cells = {f"{kind}.{rice.uuid}": "" for kind in ("received", "lost", "counted")}
    written = cells | {f"used.{rice.uuid}": "3", "key": str(uuid.uuid4())}
    assert client.post(address, written | {"occurred_on": tomorrow.isoformat()}).status_code == 422
    assert client.post(address, written | {"occurred_on": today.isoformat()}).status_code == 302
    assert Movement.objects.get(source=late.store).occurred_on == today


def test_a_count_of_the_store_is_of_the_shelters_day(client, late, today):
    client.post(reverse("supply:begin_count", args=[late.store.uuid]), {"key": str(uuid.uuid4())})
    assert CountSheet.objects.get().counted_on == today


def test_the_office_books_and_takes_back_there_on_the_shelters_day(as_user, sora, late, today, tomorrow):
    client = as_user(sora)
    assert offered(client.get(reverse("supply:book", args=[late.store.uuid]))) == today.isoformat()
    old = Movement.objects.get(destination=late.store)
    answer = client.post(
        reverse("supply:take_back", args=[old.uuid]), {"reason": "wrong item", "dated_today": "on"}
    )
    assert answer.status_code == 302
    assert Movement.objects.get(reverses=old).occurred_on == today
    depot = f.PlaceFactory(kind="warehouse")
    assert offered(client.get(reverse("supply:book", args=[depot.uuid]))) == tomorrow.isoformat()


def test_goods_arrive_on_the_shelters_day_and_leave_on_the_offices(
    as_user, sora, client, late, rice, tomorrow
):
    line = f.sent_line(late.store, rice, 75)
    there = reverse("shelters:log_arrival", args=[late.uuid, line.consignment.uuid])
    today = tomorrow - timedelta(days=1)
    assert offered(client.get(there), "on") == today.isoformat()
    office = as_user(sora)
    for form, day in (("receive", today), ("lose", tomorrow)):
        answer = office.get(reverse("supply:take_step", args=[line.consignment.uuid, form]))
        assert offered(answer, "on") == day.isoformat(), form


def test_a_month_is_over_when_it_is_over_at_every_shelter(late):
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_earliest_day('2026-11-30 15:30Z')::text")
        assert cursor.fetchone() == ("2026-11-30",)
        Shelter.objects.update(time_zone="Asia/Tokyo")
        cursor.execute("SELECT shelters_earliest_day('2026-11-30 15:30Z')::text")
        assert cursor.fetchone() == ("2026-12-01",)


# --- people ------------------------------------------------------------------------------------------------


def test_heads_are_counted_on_the_shelters_day(client, late, today):
    client.post(reverse("shelters:count_heads", args=[late.uuid]), {"people": "7", "key": str(uuid.uuid4())})
    assert HeadCount.objects.get().counted_on == today


def test_who_leaves_tomorrow_sleeps_there_tonight(client, late, today, tomorrow):
    f.StayFactory(shelter=late, resident__code="X-77", nights=DateRange(today - timedelta(days=3), tomorrow))
    shown = client.get(reverse("shelters:stock", args=[late.uuid]))
    assert (shown.context["heads"], "X-77" in text_of(shown)) == (1, True)


def test_state_and_heads_of_a_moment_are_those_of_each_shelters_day(late, maple, today, tomorrow):
    for shelter in (late, maple):
        f.StayFactory(shelter=shelter, nights=DateRange(today - timedelta(days=3), tomorrow))
        f.ShelterStatusFactory(shelter=shelter, state="at_risk", since=tomorrow)
    now = timezone.now()
    found = selectors.with_heads(selectors.with_state(Shelter.objects.all(), now), now)
    assert dict(found.values_list("code", "heads")) == {"WILLOW": 1, "MAPLE": 0}
    assert dict(found.values_list("code", "state")) == {"WILLOW": None, "MAPLE": "at_risk"}


def test_somebody_comes_on_the_shelters_day_and_leaves_on_none_after(client, late, today, tomorrow):
    address = reverse("shelters:arrive", args=[late.uuid])
    assert offered(client.get(address), "day") == today.isoformat()
    stay = f.StayFactory(shelter=late, nights=DateRange(today - timedelta(days=3), None))
    leave = reverse("shelters:leave", args=[stay.uuid])
    left = {"outcome": "unknown", "key": str(uuid.uuid4()), "day": tomorrow.isoformat()}
    assert client.post(leave, left).status_code == 422
    assert client.post(leave, left | {"day": today.isoformat()}).status_code == 302
    assert Stay.objects.get().nights.upper == today


def test_an_evacuation_starts_on_the_shelters_day(client, late, today):
    told = {"reason": "strangers asked", "key": str(uuid.uuid4())}
    assert client.post(reverse("shelters:evacuate", args=[late.uuid]), told).status_code == 302
    assert late.statuses.get().since == today


# --- pages without a shelter -------------------------------------------------------------------------------


def test_a_worker_of_one_zone_is_in_it_on_pages_without_a_shelter(client, late, maple, hana, today, tomorrow):
    pages = ("shelters:log_incident", "starts"), ("shelters:open_medical_case", "opened_on")
    for page, name in pages:
        assert offered(client.get(reverse(page)), name) == today.isoformat()
    f.PostingFactory(user=hana, shelter=maple)  # where the office's clock goes
    for page, name in pages:
        assert offered(client.get(reverse(page)), name) == tomorrow.isoformat()
    named = client.get(reverse("shelters:log_incident"), {"shelter": late.uuid})
    assert offered(named, "starts") == today.isoformat()


def test_an_incident_is_judged_by_the_day_of_its_shelter(as_user, hana, late, maple, today, tomorrow):
    f.PostingFactory(user=hana, shelter=maple)
    told = {"kind": "raid", "starts": tomorrow.isoformat(), "note": "x", "ends": ""}
    tried = [
        as_user(hana).post(
            reverse("shelters:log_incident"),
            told | {"shelter": str(shelter.uuid), "key": str(uuid.uuid4())},
        )
        for shelter in (late, maple)
    ]
    assert [answer.status_code for answer in tried] == [422, 302]
    assert f"Choose {date_format(today)} or an earlier day." in text_of(tried[0])
    assert Incident.objects.get().shelter == maple


def test_registers_of_many_shelters_count_in_the_office(as_user, sora, late, tomorrow):
    heading = as_user(sora).get(reverse("supply:on_day")).context["heading"]
    assert heading.endswith(date_format(tomorrow))


def test_a_list_tells_the_hour_that_the_page_tells(as_user, client, sora, late, maple, hana):
    begun = f.EvacuationFactory(shelter=late, started_at=timezone.now())
    for reader in (client, as_user(sora)):
        for address in (reverse("shelters:evacuations"), reverse("shelters:evacuation", args=[begun.uuid])):
            assert "23:30" in text_of(reader.get(address)), address
    file = as_user(sora).get(reverse("shelters:evacuations"), {"export": "csv"}).content.decode()
    assert "23:30" in file
    f.CountSheetFactory(place=late.store, state="finished", finisher=sora, finished_at=timezone.now())
    counts = reverse("supply:counts")
    assert "23:30" in text_of(client.get(counts))
    f.PostingFactory(user=hana, shelter=maple)  # where the office's clock goes
    assert "00:30" in text_of(client.get(counts))


# --- the zone ends with the request ------------------------------------------------------------------------


def test_the_next_request_of_the_thread_is_in_the_office_again(as_user, sora, late, today, tomorrow):
    client = as_user(sora)
    depot = reverse("supply:book", args=[f.PlaceFactory(kind="warehouse").uuid])
    for _time in range(2):
        assert offered(client.get(reverse("supply:book", args=[late.store.uuid]))) == today.isoformat()
        assert timezone.get_current_timezone_name() == settings.TIME_ZONE
        assert offered(client.get(depot)) == tomorrow.isoformat()


def test_also_after_a_request_that_found_the_shelter_and_then_nothing(client, late):
    answer = client.post(reverse("shelters:undo", args=[late.uuid, uuid.uuid4()]))
    assert answer.status_code == 404
    assert timezone.get_current_timezone_name() == settings.TIME_ZONE


@pytest.mark.parametrize("fault", [ValueError, Http404, KeyboardInterrupt])
def test_also_after_a_fault(fault, rf):
    def view(request):
        timezone.activate("Asia/Bangkok")
        raise fault

    with pytest.raises(fault):
        office_time(view)(rf.get("/"))
    assert timezone.get_current_timezone_name() == settings.TIME_ZONE


def test_a_request_begins_in_the_office_whatever_went_before(rf):
    with timezone.override("Asia/Bangkok"):
        seen = office_time(lambda _request: HttpResponse(timezone.get_current_timezone_name()))(rf.get("/"))
    assert seen.content.decode() == settings.TIME_ZONE


def test_no_script_asks_the_clock_of_the_browser():
    scripts = [path.read_text() for path in (settings.BASE_DIR / "static" / "js").glob("*.js")]
    assert scripts
    assert not [text for text in scripts if re.search(r"new Date|toISOString|getTimezoneOffset", text)]


# --- who reads it ------------------------------------------------------------------------------------------


def test_the_zone_is_changed_by_administrators_and_stands_in_no_register_or_file(
    as_user, aya, sora, otto, late, client
):
    change = reverse("shelters:change_shelter", args=[late.uuid])
    assert '<option value="Asia/Shanghai" selected>' in as_user(aya).get(change).content.decode()
    assert [as_user(who).get(change).status_code for who in (sora, otto)] == [403, 403]
    for who in (aya, sora, otto):
        register = as_user(who).get(reverse("shelters:list"), {"export": "csv"}).content.decode()
        assert "WILLOW" in register
        assert "China" not in register
        assert "Shanghai" not in register
