"""People and nights opens on the running month, and leaves out shelters that were closed all through it."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from tests import factories as f
from tests.shelters.test_people_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(as_user, sora):
    client = as_user(sora)
    return lambda **asked: client.get(reverse("shelters:people"), asked)


def test_it_opens_on_the_running_month(page, willow, today):
    form = page().context["filters"].form
    assert form["first"].value() == f"{today:%Y-%m-01}"
    assert form["last"].value() == str(today)
    assert not page().context["filters"].are_set
    # A last day alone: its own month.
    shown = page(last="2026-03-20")
    assert shown.context["filters"].form["first"].value() == "2026-03-01"
    assert "March 1, 2026 to March 20, 2026" in text_of(shown)


def test_closed_shelters_show_where_somebody_was_or_when_asked_for(page, willow):
    closed = date(2026, 3, 10)
    oak = f.ShelterFactory(code="OAK", opened_on=date(2025, 1, 1), closed_on=closed)
    f.HeadCountFactory(shelter=oak, counted_on=date(2026, 1, 1), people=4)
    f.ShelterFactory(code="ELM", opened_on=date(2026, 5, 1))
    march, april = (
        {"first": "2026-03-01", "last": "2026-03-31"},
        {"first": "2026-04-01", "last": "2026-04-30"},
    )
    assert [code in text_of(page(**march)) for code in ("WILLOW", "OAK", "ELM")] == [True, True, False]
    assert [code in text_of(page(**april)) for code in ("WILLOW", "OAK", "ELM")] == [True, False, False]
    everything = text_of(page(**april, closed="too"))
    assert [code in everything for code in ("WILLOW", "OAK", "ELM")] == [True, True, True]
    exported = page(**april, export="csv").content.decode()
    assert "OAK" not in exported
    last = closed - timedelta(days=1)
    assert "OAK" in text_of(page(first=str(last), last=str(last)))


def test_nights_to_come_are_counted_by_nobody(page, willow, today):
    f.StayFactory(shelter=willow, nights=DateRange(today, None))
    shown = text_of(page(first=str(today), last=str(today + timedelta(days=9))))
    assert "Nobody knows yet who is there on days to come." in shown
    assert "WILLOW" not in shown
    assert "WILLOW" in text_of(page(first=str(today), last=str(today)))
