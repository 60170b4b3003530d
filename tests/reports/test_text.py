"""Sentences, slots and lists of a draft."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from core.enums import Qualifier
from core.quantities import Quantity
from reports.documents import gathered, live_document, marked_up
from reports.listing import dated_lines, short, statistic_line
from reports.models import Activity
from reports.selectors import read_all
from reports.slots import Material, filled, is_answered, unknown_slots
from reports.units import in_a_row, in_prose, ordinal
from tests import factories as make
from tests.reports.conftest import YEAR, deliver, log, recipient


@pytest.fixture
def material(db):
    """`material()`: what the text is filled with, from the records as they are now."""
    return lambda: gathered(YEAR, read_all(YEAR))


@pytest.fixture
def text(db):
    """`text("Rescue")`: the filled text of the section with this heading."""

    def read(heading: str) -> str:
        document = live_document(YEAR)
        sections = {section.heading: section.text for section in document.sections}
        return filled(sections[heading], document.material)

    return read


def test_sentences_say_the_numbers_of_the_year(full_year, text):
    assert text("Rescue").startswith(
        "Two people in February 2026 and four people in July 2026 reached a safe zone."
    )
    assert text("Japanese language classes").startswith(
        "We held 90 hours of classes in two terms: 50 hours in the first term and 40 hours in the second "
        "term (derived from the others)."
    )
    assert "5.2505 tons of food inside North Korea, to hospitals and orphanages in North Province" in text(
        "Food and medicine"
    )
    assert "It also fed nine children in hiding, without a home, with 40 kg of food." in text(
        "Food and medicine"
    )
    assert "three children for the first half term of the school year that begins in 2026." in text(
        "Education sponsorship"
    )
    assert "one sponsorship on its first day and two sponsorships on its last" in text(
        "Education sponsorship"
    )


def test_months_are_told_in_the_order_of_the_year(text):
    for day, people in ((date(2026, 6, 1), 4), (date(2025, 12, 1), 3)):
        log("rescue", {"people": people}, milestone="safe_zone", starts_on=day, starts_precision="month")
    assert text("Rescue").startswith("Three people in December 2025 and four people in June 2026")


def test_partners_are_counted_low_and_named_where_they_may_be(full_year, text):
    said = text("Working with others")
    assert "more than 10 organisations, among them Friend 00 (Spain), Friend 01 (Spain)," in said
    assert "Secret Partner" not in said
    assert "Soon after the year the work with one organisation came to an end." in said


def test_donations_are_compared_without_saying_the_sum(full_year, text):
    said = text("Website, donors and supporters")
    assert "13 donations came through PayPal, 11 more than the year before." in said
    assert "Their sum did not grow." in said
    assert "12,000" not in said


def test_sum_of_each_currency_is_compared_with_itself(text):
    for day, currency, amount in (
        (date(2025, 3, 1), "JPY", 100), (date(2026, 3, 1), "JPY", 900),
        (date(2025, 3, 1), "USD", 100), (date(2026, 3, 1), "USD", 90),
    ):  # fmt: skip
        make.DonationFactory(
            channel="paypal", received_on=day, currency=currency, gross=Decimal(amount), yen=amount
        )
    assert "Their sum grew in JPY and did not grow in USD." in text("Website, donors and supporters")


def test_rounded_difference_says_that_it_is_rounded(text):
    make.DonationFactory(channel="paypal", received_on=date(2025, 3, 1))
    make.DonationFactory.create_batch(104, channel="paypal", received_on=date(2026, 3, 1))
    assert "more than 100 more than the year before (103, rounded down)" in text(
        "Website, donors and supporters"
    )


def test_empty_figure_is_said_plainly_or_left_out(text):
    log("article")
    assert text("Food and medicine") == (
        "No distribution of food inside North Korea is recorded. No food brought to shelters is recorded.\n\n"
        "No distribution of clothing is recorded."
    )
    assert "No operation is recorded as having reached a safe zone" in text("Rescue")
    assert "year before" not in text("Website, donors and supporters")


def test_year_without_records_is_one_sentence(db):
    document = live_document(YEAR)
    assert [section.text for section in document.sections] == [
        "No record lies in the fiscal year 2026 (Sept. 1, 2025 to Aug. 31, 2026)."
    ]


def test_internal_activity_is_counted_and_never_printed(text):
    log("rescue", {"people": 3}, milestone="safe_zone", disclosure="internal", title="A secret way")
    log("medical", {"cases": 1}, disclosure="members", title="A secret illness")
    log("event", disclosure="members", is_listed=True, title="A secret meeting")
    document = live_document(YEAR)
    whole = "\n".join(filled(section.text, document.material) for section in document.sections)
    assert "three people" in whole
    assert "secret" not in whole


def test_place_of_an_internal_recipient_is_never_printed(rice, db):
    kits = make.ItemFactory(code="KIT", kind="kit", base_unit="kit")
    hidden = recipient(kind="hospital", publishable_place="Hidden Valley", disclosure="internal")
    deliver(hidden, rice, 500)
    deliver(hidden, kits, 5)
    document = live_document(YEAR)
    whole = "\n".join(filled(section.text, document.material) for section in document.sections)
    assert "0.5 tons" in whole
    assert "five home medical kits" in whole
    assert "Hidden Valley" not in whole


# --- the year day by day -------------------------------------------------------------------------------


def test_dated_list_is_in_order_and_split_at_new_year(full_year):
    lines = [(line.part, str(line)) for line in dated_lines(YEAR)]
    assert lines == [
        (1, "Sept. 30–Oct. 1: A conference in Tokyo"),
        (1, "Oct. 9: Fourth general meeting"),
        (2, "Jan. 15: Two people entered Japan"),
        (2, "June 30: Second term concluded"),
    ]


@pytest.mark.parametrize(("day", "part"), [(date(2025, 12, 31), 1), (date(2026, 1, 1), 2)])
def test_first_part_ends_on_31_december(db, day, part):
    log("event", is_listed=True, starts_on=day)
    assert [line.part for line in dated_lines(YEAR)] == [part]


@pytest.mark.parametrize(
    ("span", "printed"),
    [
        ({"starts_on": date(2026, 2, 2)}, "Feb. 2"),
        ({"starts_on": date(2026, 9, 7), "ends_on": date(2026, 9, 8)}, "Sept. 7–8"),
        ({"starts_on": date(2026, 2, 1), "starts_precision": "month"}, "Feb."),
        ({"starts_on": date(2026, 1, 1), "starts_precision": "year"}, "2026"),
        ({"starts_on": date(2026, 5, 31), "ends_on": date(2026, 6, 2)}, "May 31–June 2"),
    ],
)
def test_day_is_printed_as_exactly_as_it_is_known(span, printed):
    assert short(Activity(**span)) == printed


def test_outside_statistic_stands_with_its_source(db):
    row = make.ExternalStatisticFactory(value=Decimal(1300), qualifier="over", unit="people")
    assert statistic_line(row) == (
        "Arrivals, 2026: more than 1,300 people (A ministry; Its yearbook, taken on Aug. 1, 2026)"
    )


# --- numbers and slots -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "qualifier", "unit", "said"),
    [
        (8, "exact", "people", "eight people"),
        (1, "exact", "people", "one person"),
        (0, "exact", "people", "no people"),
        (10, "exact", "people", "10 people"),
        (5, "about", "people", "about five people"),
        (1, "at_least", "lectures", "at least one lecture"),
        (5, "exact", "t", "5 tons"),
        (1, "exact", "t", "1 ton"),
        (12000, "exact", "kg", "12,000 kg"),
        (None, "not_counted", "visits", "several visits"),
        (None, "withheld", "people", "an undisclosed number of people"),
        (15, "exact", "ordinal", "15th"),
    ],
)
def test_number_stands_in_a_sentence(value, qualifier, unit, said):
    number = None if value is None else Decimal(value)
    assert in_prose(Quantity(number, Qualifier(qualifier)), unit) == said


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_in_a_row(words, said):
    assert in_a_row(words) == said


@pytest.mark.parametrize(("number", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd")])
def test_ordinals(number, said):
    assert ordinal(number) == said


def test_numbers_stay_digits_in_japanese():
    with translation.override("ja"):
        assert "8" in in_prose(Quantity(Decimal(8)), "people")


def test_figure_at_the_start_of_a_sentence_begins_with_a_capital(material):
    log("rescue", {"people": 2}, milestone="safe_zone")
    said = filled("{{people_to_safe_zones}} came. There, {{people_to_safe_zones}}.", material())
    assert said == "Two people came. There, two people."


def test_slot_follows_the_records(material, rice):
    log("article")
    sentence = "{{food_inside}} of food"
    assert not is_answered(sentence, material())
    assert filled(sentence, material()) == "(nothing recorded) of food"
    deliver(recipient(), rice, 1500)
    assert filled(sentence, material()) == "1.5 tons of food"


def test_figure_in_a_page_leads_to_its_records_and_text_is_escaped(material, rice):
    deliver(recipient(), rice, 1000)
    html = marked_up("<b>We</b> gave {{food_inside}}.\n- one\n- two\n\nEnd.", material())
    assert html == (
        '<p>&lt;b&gt;We&lt;/b&gt; gave <a href="/reports/records/2026/food_inside/">1 ton</a>.</p>\n'
        "<ul><li>one</li><li>two</li></ul>\n<p>End.</p>"
    )


def test_slots_that_do_not_exist_are_found(material):
    text = "{{food_inside}} {{food_outside}} {{list:first_part}} {{list:nothing}} {{partners|wrong}}"
    assert unknown_slots(text, material()) == ["food_outside", "list:nothing", "partners"]
    assert unknown_slots("{{people_to_safe_zones}}", Material({})) == ["people_to_safe_zones"]
