"""Figures against records counted by hand."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from core.enums import Qualifier
from core.fiscal import FiscalYear
from core.quantities import Quantity
from reports.documents import address
from reports.enums import FigureKind
from reports.figures import down_to_first_digit, down_to_ten
from reports.registry import UnknownFigure, figure_named, figures_of
from reports.selectors import read_all
from tests import factories as make
from tests.reports.conftest import SECRETS, YEAR, deliver, log, recipient

# Worked out by hand from conftest.py: value, unit, qualifier, records.
EXPECTED = {
    "people_to_safe_zones": (6, "people", "exact", 2),
    "people_to_safe_zones.02": (2, "people", "exact", 1),
    "people_to_safe_zones.07": (4, "people", "exact", 1),
    "people_to_final_country": (2, "people", "exact", 1),
    "operations_started": (1, "operations", "exact", 1),
    "people_resettled": (1, "people", "exact", 1),
    "language_hours": (90, "hours", "exact", 2),
    "language_hours.1": (50, "hours", "exact", 1),
    "language_hours.2": (40, "hours", "exact", 1),
    "language_terms": (2, "terms", "exact", 2),
    "language_terms.an-agency": (1, "terms", "exact", 1),
    "language_terms.own-funds": (1, "terms", "exact", 1),
    "food_inside": (Decimal("5.2505"), "t", "exact", 4),
    "food_inside.hospital": (Decimal("0.2505"), "t", "exact", 2),
    "food_inside.orphanage": (5, "t", "exact", 2),
    "food_inside_recipient_kinds": (2, "recipient kinds", "exact", 4),
    "food_inside_provinces": (2, "provinces", "exact", 4),
    "food_children_in_hiding": (40, "kg", "exact", 1),
    "children_in_hiding_fed": (9, "children", "exact", 1),
    "food_shelters": (30, "kg", "exact", 1),
    "medical_kits": (12, "kits", "exact", 1),
    "clothing_sets": (7, "sets", "exact", 1),
    "clothing_pieces": (80, "pieces", "exact", 1),
    "medical_cases": (1, "cases", "exact", 1),
    "children_funded": (3, "children", "exact", 3),
    "children_funded.2026-1": (3, "children", "exact", 3),
    "children_in_programme": (3, "children", "exact", 3),
    "sponsorships_first_day": (1, "sponsorships", "exact", 1),
    "sponsorships_last_day": (2, "sponsorships", "exact", 2),
    "partners": (10, "organisations", "over", 14),
    "partners_named": (12, "organisations", "exact", 12),
    "partners_gone_since": (1, "organisations", "exact", 1),
    "conference_ngos": (30, "NGOs", "exact", 1),
    "conference_nations": (8, "nations", "exact", 1),
    "petitioned_bodies": (5, "bodies", "exact", 1),
    "network_ngos": (6, "NGOs", "exact", 1),
    "lectures": (1, "lectures", "at_least", 2),
    "shelter_visits": (None, "visits", "not_counted", 1),
    "articles_translated": (3, "articles", "exact", 3),
    "articles_increase": (2, "articles", "exact", 4),
    "publications": (1, "publications", "exact", 1),
    "volunteers": (2, "volunteers", "exact", 1),
    "volunteer_applications": (10, "applications", "about", 1),
    "wanted_profiles": (1, "profiles", "exact", 1),
    "paypal_donations": (13, "donations", "exact", 13),
    "paypal_increase": (11, "donations", "exact", 15),
    "paypal_sum.jpy": (12000, "JPY", "exact", 12),
    "paypal_sum.usd": (30, "USD", "exact", 1),
    "bank_donations": (1, "donations", "exact", 1),
    "bank_sum.jpy": (5000, "JPY", "exact", 1),
    "general_meeting": (4, "ordinal", "exact", 1),
    "release_meeting": (5, "ordinal", "exact", 1),
    "release_guests": (2, "people", "exact", 1),
    "release_newest_guest": (3, "months", "exact", 1),
}


def test_every_figure_is_what_the_hand_counts(full_year):
    found = {
        reading.key: (reading.quantity.value, reading.figure.unit, reading.quantity.qualifier, reading.count)
        for reading in read_all(full_year)
    }
    assert found == EXPECTED


@pytest.mark.parametrize("key", EXPECTED)
def test_page_of_a_figure_lists_exactly_its_records(full_year, reading, as_user, otto, key):
    figure = reading(key)
    client = as_user(otto)
    shown = client.get(address(figure))
    assert shown.context["table"].paginator.count == figure.count == EXPECTED[key][3]
    exported = client.get(address(figure), {"export": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert len(rows) == figure.count
    assert_adds_up(figure, rows)


def assert_adds_up(reading, rows):
    figure = reading.figure
    if figure.distinct:
        column = {"where": "publishable place", "reference": "reference", "part": "what"}[figure.distinct]
        assert len({row[column].split(" · ")[-1] for row in rows}) == reading.exact.value
    elif reading.exact.qualifier == Qualifier.EXACT:
        assert sum(Decimal(row["value"]) for row in rows) / figure.per_unit == reading.exact.value
    else:
        assert any(not row["value"].isdigit() for row in rows)


def test_no_page_of_records_names_anybody(full_year, as_user, kenji, aya):
    for figure in figures_of(full_year):
        for person in (kenji, aya):
            address = f"/reports/records/2026/{figure.key}/"
            page = as_user(person).get(address, {"export": "csv"}).content.decode()
            assert [secret for secret in SECRETS if secret in page] == [], figure.key


def test_parts_are_all_records_of_their_whole_each_once(full_year):
    for figure in figures_of(full_year):
        parts = figure.parts(full_year)
        if parts:
            whole = sorted(figure.records(full_year).values_list("pk", flat=True))
            assert (
                sorted(pk for part in parts for pk in part.records(full_year).values_list("pk", flat=True))
                == whole
            )
            if figure.kind == FigureKind.EVENT and not figure.only_parts:
                values = [part.value(part.records(full_year)).value for part in parts]
                assert sum(values) == figure.value(figure.records(full_year)).value


def test_year_without_records_has_no_figures_of_its_own(reading, db):
    empty = [reading.count for reading in read_all(YEAR)]
    assert set(empty) == {0}
    assert reading("food_inside").exact == Quantity(Decimal(0))
    assert reading("general_meeting").exact.value is None


def test_outside_statistics_never_enter_our_totals(full_year):
    before = {reading.key: reading.exact for reading in read_all(full_year)}
    make.ExternalStatisticFactory(value=Decimal(999), unit="people", topic="People brought to safe zones")
    assert {reading.key: reading.exact for reading in read_all(full_year)} == before


# --- borders of the year -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 8, 31), 0), (date(2025, 9, 1), 1), (date(2026, 8, 31), 1), (date(2026, 9, 1), 0)],
)
def test_year_begins_on_1_september_and_ends_on_31_august(reading, rice, day, expected):
    make.DonationFactory(channel="paypal", received_on=day)
    log("article", starts_on=day)
    deliver(recipient(), rice, 1000, day)
    assert reading("paypal_donations").exact.value == expected
    assert reading("articles_translated").exact.value == expected
    assert reading("food_inside").exact.value == expected


@pytest.mark.parametrize(("month", "expected"), [(8, 1), (9, 0)])
def test_month_at_the_border_lies_in_one_year(reading, month, expected):
    known = {"starts_on": date(2026, month, 1), "starts_precision": "month"}
    log("rescue", {"people": 1}, milestone="safe_zone", **known)
    assert reading("people_to_safe_zones").exact == Quantity(Decimal(expected))


def test_year_known_alone_is_only_about_right(reading):
    log("rescue", {"people": 3}, milestone="safe_zone", starts_on=date(2026, 1, 1), starts_precision="year")
    assert reading("people_to_safe_zones").exact == Quantity(Decimal(3), Qualifier.ABOUT)
    assert figure_named("people_to_safe_zones.not-said", YEAR).label == "a month not known"


def test_class_term_over_the_border_counts_in_the_year_it_was_concluded(reading):
    log("language_term", {"hours": 60}, starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 20))
    assert reading("language_hours").count == 0
    assert reading("language_hours", FiscalYear(2027)).exact.value == 60


def test_case_that_goes_on_counts_every_year(reading):
    log("medical", {"cases": 1}, starts_on=date(2024, 3, 1), ends_on=date(2027, 3, 1))
    assert [reading("medical_cases", FiscalYear(year)).count for year in (2023, 2024, 2026, 2027, 2028)] == [
        0, 1, 1, 1, 0,
    ]  # fmt: skip


# --- qualifiers ------------------------------------------------------------------------------------------


def test_sum_is_as_exact_as_its_weakest_record(reading):
    log("rescue", {"people": 3}, milestone="safe_zone")
    log("rescue", {"people": {"value": 5, "qualifier": "about"}}, milestone="safe_zone")
    assert reading("people_to_safe_zones").exact == Quantity(Decimal(8), Qualifier.ABOUT)


def test_withheld_number_is_in_no_sum(reading):
    log("rescue", {"people": 3}, milestone="safe_zone")
    log("rescue", {"people": {"value": 7, "qualifier": "withheld"}}, milestone="safe_zone")
    assert reading("people_to_safe_zones").exact == Quantity(Decimal(3), Qualifier.AT_LEAST)


def test_range_alone_stays_a_range(reading):
    bounds = {"value": 2, "value_upper": 5, "qualifier": "range"}
    log("rescue", {"people": bounds}, milestone="safe_zone")
    assert reading("people_to_safe_zones").exact == Quantity(Decimal(2), Qualifier.RANGE, Decimal(5))


def test_children_of_one_milestone_are_not_counted_again_at_another(reading):
    log("rescue", {"people": 3}, milestone="safe_zone")
    log("rescue", {"people": 3}, milestone="final_country")
    assert reading("people_to_safe_zones").exact.value == 3


def test_group_whose_number_nobody_knows_is_several(reading, rice):
    deliver(recipient(kind="children_in_hiding", area="shelters"), rice, 10)
    assert reading("children_in_hiding_fed").exact == Quantity(None, Qualifier.NOT_COUNTED)


def test_provinces_not_said_make_it_at_least(reading, rice):
    deliver(recipient(publishable_place="North Province"), rice, 10)
    deliver(recipient(publishable_place=""), rice, 10)
    assert reading("food_inside_provinces").exact == Quantity(Decimal(1), Qualifier.AT_LEAST)


def test_mistake_and_its_reversal_are_in_no_figure(reading, rice):
    to = recipient()
    row = deliver(to, rice, 500)
    deliver(to, rice, 1000)
    make.MovementFactory(
        item=rice, quantity=500, source=row.destination, destination=row.source, reverses=row,
        occurred_on=row.occurred_on, reason="corrected",
    )  # fmt: skip
    assert (reading("food_inside").exact.value, reading("food_inside").count) == (1, 1)


def test_child_paid_for_twice_is_one_child(reading):
    child = make.ChildFactory()
    for half in "12":
        make.SchoolTermFactory(child=child, half=half, funded_on=date(2026, 1, 1))
    assert (reading("children_funded").exact.value, reading("children_funded").count) == (1, 2)


def test_refund_lowers_the_sum_and_not_the_number(reading):
    gift = make.DonationFactory(channel="paypal", received_on=date(2026, 1, 1), gross=Decimal(5000))
    make.DonationFactory(channel="paypal", received_on=date(2026, 1, 5), gross=Decimal(-2000), refund_of=gift)
    assert reading("paypal_donations").exact.value == 1
    assert reading("paypal_sum.jpy").exact.value == 3000


@pytest.mark.parametrize(
    ("exact", "printed"), [(9, "9"), (10, "10"), (11, "more than 10"), (20, "20"), (23, "more than 20")]
)
def test_partners_are_floored_to_ten(exact, printed):
    assert str(down_to_ten(Quantity(Decimal(exact)))) == printed


@pytest.mark.parametrize(
    ("exact", "printed"),
    [(15, "15"), (100, "100"), (103, "more than 100"), (199, "more than 100"), (-103, "-103")],
)
def test_difference_is_never_overstated(exact, printed):
    assert str(down_to_first_digit(Quantity(Decimal(exact)))) == printed


def test_about_twenty_partners_is_not_called_more_than_twenty():
    about = Quantity(Decimal(23), Qualifier.ABOUT)
    assert down_to_ten(about) == about


@pytest.mark.parametrize("key", ["nothing", "food_inside.moon", "partners.x", ""])
def test_unknown_figure_is_refused(db, as_user, otto, key):
    with pytest.raises(UnknownFigure):
        figure_named(key, YEAR)
    assert as_user(otto).get(f"/reports/records/2026/{key}/").status_code == 404
