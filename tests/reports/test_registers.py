"""Registers: searched, filtered, at the same cost for one row and for thirty."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.reports.conftest import log

MAKERS = {
    "activities": make.ActivityFactory,
    "partners": make.PartnerFactory,
    "statistics": make.ExternalStatisticFactory,
}


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("name", MAKERS)
def test_register_costs_the_same_for_any_number_of_rows(as_user, otto, name, rows, django_assert_num_queries):
    MAKERS[name].create_batch(rows)
    client = as_user(otto)
    with django_assert_num_queries(8):
        assert client.get(reverse(f"reports:{name}")).context["table"].paginator.count == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_records_cost_the_same_for_any_number_of_rows(as_user, otto, rows, django_assert_num_queries):
    for _ in range(rows):
        log("rescue", {"people": 1}, milestone="safe_zone")
    client = as_user(otto)
    with django_assert_num_queries(10):
        page = client.get("/reports/records/2026/people_to_safe_zones/")
    assert page.context["table"].paginator.count == rows


def test_records_are_searched_and_sorted(as_user, otto):
    log("article", title="About rice")
    log("article", title="About roads")
    client = as_user(otto)
    found = client.post("/reports/records/2026/articles_translated/", {"q": "roads"}, follow=True)
    assert found.context["table"].paginator.count == 1
    page = client.get("/reports/records/2026/articles_translated/", {"sort": "-what"}).content.decode()
    assert page.index("About roads") < page.index("About rice")


def test_activity_is_shown_as_exactly_as_it_is_known(as_user, otto):
    log("event", title="In February", starts_on="2026-02-01", starts_precision="month")
    page = as_user(otto).get(reverse("reports:activities"), {"kind": "event"}).content.decode()
    assert "February 2026" in page
    assert "Feb. 1" not in page


def test_statistic_is_shown_with_its_qualifier(as_user, otto):
    make.ExternalStatisticFactory(value=1300, qualifier="over")
    assert "more than 1,300" in as_user(otto).get(reverse("reports:statistics")).content.decode()


def test_start_page_says_what_the_last_year_still_needs(as_user, aya, time_machine):
    time_machine.move_to("2026-10-01T09:00:00+09:00")
    needs = as_user(aya).get(reverse("reports:start")).context["needed"]
    assert (needs.draft, needs.statistics, needs.meeting) == (True, True, True)
    make.AnnualReportFactory(year=2026, drafted_at="2026-10-01T00:00Z")
    make.ExternalStatisticFactory(report_year=2026)
    log("meeting", ordinal=5, starts_on="2026-10-08")
    assert not as_user(aya).get(reverse("reports:start")).context["needed"]
