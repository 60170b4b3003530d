"""Standing plans as a list: searched, filtered, sorted, as a file."""

import re

import pytest
from django.urls import reverse

from tests import factories as f
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(warehouse, rice, today):
    oil = f.ItemFactory(code="OIL", name="Oil", base_unit="l")
    end = f.RecipientFactory(code="END-9").place
    route = f.RouteFactory(code="RN-1")
    first = f.StandingPlanLineFactory(
        plan__route=route, plan__source=warehouse, item=rice, quantity=75, destination=end
    )
    f.StandingPlanLineFactory(plan=first.plan, item=oil, quantity=5, destination=end)
    f.StandingPlanLineFactory(plan__route__code="RN-2", plan__source=warehouse, item=rice)
    ended = f.StandingPlanFactory(route__code="RN-3", source=warehouse, until_month="2020-03-01")
    f.StandingPlanLineFactory(plan=ended, item=rice)
    return end


def shown(client, **asked):
    text = text_of(client.get(reverse("supply:plans"), asked))
    return [code for code in ("RN-1", "RN-2", "RN-3") if code in text]


def test_plans_are_searched_filtered_and_sorted(client, plans):
    assert shown(client) == ["RN-1", "RN-2", "RN-3"]
    assert shown(client, goes_to=plans.pk) == ["RN-1"]
    assert shown(client, is_current="true") == ["RN-1", "RN-2"]
    assert shown(client, is_current="false") == ["RN-3"]
    found = client.post(reverse("supply:plans"), {"q": "Oil"})
    text = text_of(client.get(found.url))
    assert "1 row" in text
    assert "75 kg Rice → END-9" in text
    turned = client.get(reverse("supply:plans"), {"sort": "-route"}).content.decode()
    assert turned.index("RN-3") < turned.index("RN-2") < turned.index("RN-1")


def test_plans_are_exported_as_they_are_filtered(client, plans):
    rows = client.get(reverse("supply:plans"), {"export": "csv", "is_current": "true"}).content.decode()
    lines = rows.splitlines()
    assert len(lines) == 3
    assert "RN-1" in lines[1]
    assert "2020-01" in lines[1]
    assert "RN-3" not in rows


def test_headings_of_rows_that_were_worked_out_are_translated(client, plans, sora):
    sora.language = "ja"
    sora.save(update_fields=["language"])
    page = client.get(reverse("supply:plans")).content.decode()
    headings = re.findall(r"<th [^>]*>(?:<a [^>]*>)?([^<]+)", page)
    assert headings
    assert not [one for one in headings if re.search("[A-Za-z]", one)]
