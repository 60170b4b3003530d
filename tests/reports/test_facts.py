"""The real year, fact by fact: `sample/facts.csv` against the draft computed from `sample/fy2012.xlsx`."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from core.fiscal import FiscalYear
from reports.registry import figure_named

SAMPLE = Path(settings.BASE_DIR) / "sample"
YEARS = ("FY2011-2012", "FY2010-2011")
LINES = (SAMPLE / "facts.csv").read_text(encoding="utf-8").splitlines()
FACTS = {row["fact_id"]: row for row in csv.DictReader(LINES)}
OF_THE_REPORT = {
    fact_id for fact_id, fact in FACTS.items() if fact_id.startswith("S003-") or fact["fiscal_year"] in YEARS
}


@dataclass(frozen=True)
class Drafts:
    """The JSON of the drafts of three years, and the values of one figure's single records."""

    of: dict[int, dict[str, Any]]
    resettled: list[Decimal]

    @property
    def year(self) -> dict[str, Any]:
        return self.of[2012]

    def figure(self, key: str, year: int = 2012) -> dict[str, Any]:
        return next(figure for figure in self.of[year]["figures"] if figure["key"] == key)

    def text(self, year: int = 2012) -> str:
        return "\n".join(section["text"] for section in self.of[year]["sections"])


@pytest.fixture(scope="module")
def drafts(django_db_setup, django_db_blocker) -> Drafts:
    """Imported once for all facts, and undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_workbook", str(SAMPLE / "fy2012.xlsx"), stdout=io.StringIO())
        found = {year: draft_of(year) for year in (2009, 2011, 2012)}
        year = FiscalYear(2012)
        people = figure_named("people_resettled", year).records(year).values_list("counted", flat=True)
        drafts = Drafts(found, sorted(people))
        transaction.set_rollback(True)
    return drafts


def draft_of(year: int) -> dict[str, Any]:
    out = io.StringIO()
    call_command("annual_report", year=year, stdout=out)
    return json.loads(out.getvalue())


# --- how a fact is looked for -------------------------------------------------------------------------

Check = Callable[[dict[str, str], Drafts], None]
# The words with which the CSV qualifies a number, after a semicolon or a colon.
QUALIFIERS = {
    "more than": "over", "around": "about", "approximately": "about", "about": "about",
    "not counted": "not_counted",
}  # fmt: skip


def qualifier_of(fact: dict[str, str]) -> str:
    _measure, _mark, said = fact["measure"].partition(";")
    said = said or fact["measure"]
    return next((name for words, name in QUALIFIERS.items() if words in said), "exact")


def value_of(fact: dict[str, str]) -> float | None:
    return float(fact["value"]) if fact["value"] else None


def figure(key: str, field: str = "value") -> Check:
    """The figure has the fact's number and qualifier, and records behind it."""

    def check(fact: dict[str, str], drafts: Drafts) -> None:
        found = drafts.figure(key)
        assert found[field] == value_of(fact)
        if field == "value":
            assert found["qualifier"] == qualifier_of(fact)
        assert found["records"]["count"] > 0

    return check


def listed(*words: str) -> Check:
    """The dated list has a line on the fact's day with these words, in the right part."""

    def check(fact: dict[str, str], drafts: Drafts) -> None:
        day = fact["date_or_period"]
        lines = [line for line in drafts.year["activities"] if line["date"] == day]
        assert any(all(word in line["text"] for word in words) for line in lines), lines
        assert {line["part"] for line in lines} == {1 if day < "2012" else 2}

    return check


def said(*words: str, year: int = 2012) -> Check:
    def check(fact: dict[str, str], drafts: Drafts) -> None:
        for word in words:
            assert word in drafts.text(year)

    return check


def outside(period: str = "") -> Check:
    """An outside statistic with its source, and no figure of ours."""

    def check(fact: dict[str, str], drafts: Drafts) -> None:
        found = [
            row for row in drafts.year["external_statistics"]
            if row["value"] == value_of(fact) and row["period"] == (period or fact["date_or_period"])
        ]  # fmt: skip
        assert len(found) == 1
        assert found[0]["qualifier"] == qualifier_of(fact)
        assert found[0]["publisher"]
        assert found[0]["source"]

    return check


def both(*checks: Check) -> Check:
    def check(fact: dict[str, str], drafts: Drafts) -> None:
        for one in checks:
            one(fact, drafts)

    return check


def a_whole_year(fact: dict[str, str], drafts: Drafts) -> None:
    year = drafts.year["year"]
    assert f"{year['start']}/{year['end']}" == fact["date_or_period"]
    assert year["label"] == "fiscal year 2012"


def food_of_the_year(fact: dict[str, str], drafts: Drafts) -> None:
    figure("food_inside")(fact, drafts)
    assert drafts.figure("food_inside")["unit"] == fact["unit_or_currency"]
    assert drafts.figure("food_inside_provinces")["value"] == len(fact["place"].split(";"))
    said("50 tons of food", "Ryanggang", "North Hamgyong")(fact, drafts)


def children_in_hiding(fact: dict[str, str], drafts: Drafts) -> None:
    figure("children_in_hiding_fed")(fact, drafts)
    assert drafts.figure("food_children_in_hiding")["value"] > 0  # apart from the 50 t


def named_partners(fact: dict[str, str], drafts: Drafts) -> None:
    figure("partners_named")(fact, drafts)
    assert len(drafts.year["partners"]["named"]) == int(fact["value"])
    said("Human Rights Watch", "Amnesty International", "Freedom House", "No Fence")(fact, drafts)


def sum_did_not_grow(fact: dict[str, str], drafts: Drafts) -> None:
    sums = [one for one in drafts.year["figures"] if one["key"].startswith("paypal_sum.")]
    assert {one["printed"] for one in sums} == {"not above the year before"}
    assert "Their sum did not grow." in drafts.text()
    for one in sums:  # "no figure printed"
        assert f"{one['value']:,}" not in drafts.text()


def resettled(fact: dict[str, str], drafts: Drafts) -> None:
    listed("reunion")(fact, drafts)
    assert Decimal(fact["value"]) in drafts.resettled


def articles_of_the_year_before(fact: dict[str, str], drafts: Drafts) -> None:
    figure("articles_translated", "previous")(fact, drafts)
    assert drafts.figure("articles_translated", 2011)["value"] == value_of(fact)


CHECKS: dict[str, Check] = {
    "S003-001": both(figure("release_meeting"), said("15th general meeting in Tokyo, Oct. 8, 2012")),
    "S003-002": figure("release_guests"),
    "S003-003": figure("release_newest_guest"),
    "S003-004": outside(),
    "S003-005": outside(),
    "S003-006": outside(),
    "S003-007": outside(),
    "S003-008": figure("people_to_safe_zones"),
    "S003-009": a_whole_year,
    "S003-011": outside(period="2012"),
    "S003-013": listed("onference", "Tokyo"),
    "S003-014": both(figure("general_meeting"), listed("general meeting")),
    "S003-015": listed("second term concluded"),
    "S003-016": both(figure("people_to_final_country"), listed("Dragon 0201")),
    "S003-017": listed("festival"),
    "S003-018": listed("ectures", "Tokushima"),
    "S003-019": listed("parliamentarians' seminar"),
    "S003-020": both(figure("operations_started"), listed("Dragon 0209")),
    "S003-021": listed("third term concluded"),
    "S003-022": listed("riendship gathering", "Shinjuku Park"),
    "S003-023": listed("symposium", "Tokyo"),
    "S003-024": listed("ectures", "Gunma"),
    "S003-025": listed("ectures", "Kanagawa"),
    "S003-026": listed("ppeal to an embassy", "tuberculosis"),
    "S003-027": resettled,
    "S003-028": resettled,
    "S003-029": both(figure("people_to_safe_zones.02"), said("Three people in February 2012")),
    "S003-030": both(figure("people_to_safe_zones.08"), said("five people in August 2012")),
    "S003-032": figure("language_hours.1"),
    "S003-033": figure("language_hours.2"),
    "S003-034": both(figure("language_hours"), said("in the third term (derived from the others)")),
    "S003-035": figure("language_terms.cultural-affairs-agency"),
    "S003-036": figure("language_terms.own-fund-raising"),
    "S003-037": food_of_the_year,
    "S003-038": both(figure("food_inside_recipient_kinds"), said("hospitals and orphanages")),
    "S003-039": children_in_hiding,
    "S003-040": both(figure("shelter_visits"), said("several visits to shelters")),
    "S003-041": both(figure("medical_cases"), said("a boy who lost both feet")),
    "S003-043": both(figure("medical_kits"), said("600 home medical kits went to North Korea")),
    "S003-044": both(
        figure("children_funded.2012-1"),
        said("20 children for the first half term of the school year that begins in 2012"),
    ),
    "S003-046": figure("children_in_programme"),
    "S003-047": said("census registration"),
    "S003-048": both(figure("partners"), said("more than 20 organisations")),
    "S003-049": named_partners,
    "S003-050": figure("conference_ngos"),
    "S003-051": figure("conference_nations"),
    "S003-052": both(figure("petitioned_bodies"), listed("etition")),
    "S003-053": both(figure("network_ngos"), listed("network")),
    "S003-054": listed("indictment", "Spain"),
    "S003-056": said("first periodic review of North Korea", year=2009),
    "S003-057": said("Follow-up report", year=2011),
    "S003-058": said("second attempt"),
    "S003-059": figure("partners_gone_since"),
    "S003-060": articles_of_the_year_before,
    "S003-061": figure("articles_translated"),
    "S003-062": figure("volunteers"),
    "S003-064": figure("paypal_donations"),
    "S003-065": both(figure("paypal_increase"), said("more than 100 more than the year before (10")),
    "S003-066": sum_did_not_grow,
    "S003-067": said("hand-knitted goods"),
    "S003-068": both(figure("volunteer_applications"), said("several applications")),
    "S003-069": said("languages and e-mail"),
    "S003-070": said("resident in Southeast Asia"),
    "S003-071": said("websites in other languages"),
}
NOT_OF_THIS_REPORT = {
    "S003-042": "planned, not done: plan lines come with the plan against actual",
    "S003-045": "the year the programme began: the history of the NGO, not a figure of a year",
}


def test_every_fact_has_an_answer():
    assert set(CHECKS) | set(NOT_OF_THIS_REPORT) == OF_THE_REPORT
    assert not set(CHECKS) & set(NOT_OF_THIS_REPORT)


@pytest.mark.parametrize("fact_id", CHECKS)
def test_draft_says_what_the_document_says(drafts, fact_id):
    CHECKS[fact_id](FACTS[fact_id], drafts)


def test_three_wanted_profiles(drafts):
    assert drafts.figure("wanted_profiles")["value"] == 3


def test_parts_of_the_rescue_add_up(drafts):
    months = [one for one in drafts.year["figures"] if one["key"].startswith("people_to_safe_zones.")]
    assert sum(one["value"] for one in months) == drafts.figure("people_to_safe_zones")["value"] == 8


def test_number_of_gifts_the_year_before_and_the_difference(drafts):
    gifts = drafts.figure("paypal_donations")
    assert (
        gifts["value"] - gifts["previous"] == gifts["difference"] == drafts.figure("paypal_increase")["exact"]
    )
    assert gifts["difference"] > 100
