"""The officers' pages: registers under one query count, records whole, the day's work on top."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from foster import selectors, services
from tests import factories as make

DAY = date(2026, 11, 10)


@pytest.fixture
def office(miki, as_user):
    client = as_user(miki)
    return lambda address="/foster/": client.get(address).content.decode()


def child_with_everything(**values):
    child = make.ChildFactory(shelter=make.ShelterFactory(), **values)
    make.ChildStatusFactory(child=child, state="waiting", since=date(2019, 1, 1))
    make.ChildStatusFactory(child=child, state="in_care")
    make.SponsorshipFactory(child=child)
    make.ChildUpdateFactory(child=child, published=True)
    return child


@pytest.mark.parametrize(
    ("address", "queries"), [("/foster/children/", 8), ("/foster/sponsors/", 8), ("/foster/updates/", 8)]
)
def test_register_costs_the_same_for_one_row_and_for_thirty(
    address, queries, office, django_assert_num_queries
):
    child_with_everything()
    with django_assert_num_queries(queries):
        office(address)
    for _ in range(29):
        child_with_everything()
    with django_assert_num_queries(queries):
        office(address)


def test_children_register_filters_by_state_and_counts_sponsors(office):
    child = child_with_everything(code="C-50", called="Nami")
    make.SponsorshipFactory(child=child)
    make.SponsorshipFactory(child=child, ended_on=date(2021, 1, 1), end_reason="sponsor_stopped")
    make.ChildFactory(code="C-51")
    page = office("/foster/children/?state=in_care")
    assert "C-50" in page
    assert "C-51" not in page
    assert '<td role="cell" class="number" data-label="Sponsors">2</td>' in page
    assert "C-50" not in office("/foster/children/?state=waiting")


def test_children_register_is_searched_by_the_name_for_sponsors(as_user, ren):
    make.ChildFactory(code="C-50", called="Nami")
    make.ChildFactory(code="C-51")
    page = as_user(ren).post("/foster/children/", {"q": "nam"}, follow=True).content.decode()
    assert "C-50" in page
    assert "C-51" not in page


def test_exported_updates_hold_no_words(office, as_user, ren):
    make.ChildUpdateFactory(title="Words nobody has cleared", child__code="C-50")
    text = as_user(ren).get("/foster/updates/?export=csv").content.decode()
    assert "C-50" in text
    assert "Words" not in text


def test_child_page_shows_history_sponsorships_and_updates(office, miki):
    child = child_with_everything(code="C-50", likes="drawing")
    sponsorship = child.sponsorships.get()
    make.PauseFactory(
        sponsorship=sponsorship, days=DateRange(date(2021, 3, 1), date(2021, 5, 1)), reason="abroad"
    )
    page = office(f"/foster/children/{child.uuid}/")
    for shown in (
        "in care",
        "waiting for a sponsor",
        sponsorship.code,
        "abroad",
        "drawing",
        "A new school bag",
        "¥15,000",
    ):
        assert shown in page, shown
    assert "Secret Child" not in page


def test_sponsor_page_shows_dues_credit_and_reminders(office, momos_sponsor, miki, today):
    sponsorship = momos_sponsor.sponsorships.get()
    make.DueFactory(sponsorship=sponsorship, month=date(2025, 3, 1))
    make.DonationFactory(donor=momos_sponsor.donor, gross=Decimal(16000))
    make.ReminderFactory(sponsor=momos_sponsor, month=date(2025, 3, 1))
    page = office(f"/foster/sponsors/{momos_sponsor.uuid}/")
    for shown in ("S-01", "P-01", "C-01", "March 2025", "¥1,000", momos_sponsor.email):
        assert shown in page, shown


# --- today -----------------------------------------------------------------------------------------------


def test_today_names_what_waits(office, miki, ren, today):
    child = make.ChildFactory(code="C-60", called="Umi")
    make.ChildStatusFactory(child=child, state="waiting")
    update = make.ChildUpdateFactory(author=ren, title="Snow", state="review")
    make.ChildUpdateFactory(author=miki, title="Rain", state="review")
    make.ChildUpdateFactory(title="Only a draft")
    due = make.DueFactory(month=date(2025, 3, 1))
    page = " ".join(office().split())
    assert "C-60" in page
    assert f"/foster/updates/{update.uuid}/" in page
    assert "yours: a colleague clears it" in page
    assert "Only a draft" not in page
    assert f"{due.sponsorship.sponsor.code}</a>" in page
    assert "¥15,000, 1 month, since March 2025" in page
    assert "Not sent yet" in page
    run = services.begin_run(by=miki, month=today.replace(day=1), today=today)
    assert f"/foster/reminders/{run.uuid}/" in office()


def test_quiet_day_says_so(office):
    page = office()
    for sentence in (
        "Everything written has been read",
        "Every child in the programme has a sponsor",
        "All earlier months are paid",
    ):
        assert sentence in page


def test_today_costs_the_same_for_one_and_for_thirty(office, django_assert_num_queries):
    def more(count):
        for _ in range(count):
            make.ChildStatusFactory(state="waiting")
            make.ChildUpdateFactory(state="review")
            make.DueFactory(month=date(2025, 3, 1))

    more(1)
    with django_assert_num_queries(16):
        office()
    more(29)
    with django_assert_num_queries(16):
        office()


# --- what reports count ----------------------------------------------------------------------------------


def test_children_count_by_their_state_on_the_day(db):
    child = make.ChildFactory()
    for state, since in (
        ("waiting", date(2026, 1, 1)),
        ("in_care", date(2026, 3, 1)),
        ("contact_lost", date(2026, 6, 1)),
        ("in_care", date(2026, 9, 1)),
        ("resettled", DAY),
    ):
        make.ChildStatusFactory(child=child, state=state, since=since)
    counted = {
        day: selectors.children_in_programme(day).count()
        for day in (
            date(2025, 12, 31),
            date(2026, 1, 1),
            date(2026, 5, 31),
            date(2026, 6, 1),
            date(2026, 8, 31),
            date(2026, 9, 1),
            DAY - timedelta(days=1),
            DAY,
        )
    }
    assert list(counted.values()) == [0, 1, 1, 0, 0, 1, 1, 0]


def test_two_states_on_one_day_count_as_the_later_written(db):
    child = make.ChildFactory()
    make.ChildStatusFactory(child=child, state="in_care", since=DAY)
    make.ChildStatusFactory(child=child, state="died", since=DAY)
    assert not selectors.children_in_programme(DAY).exists()


def test_sponsorships_run_from_their_first_day_to_before_their_end(db):
    make.SponsorshipFactory(started_on=date(2026, 1, 1), ended_on=DAY, end_reason="child_left")
    days = (date(2025, 12, 31), date(2026, 1, 1), DAY - timedelta(days=1), DAY)
    assert [selectors.sponsorships_running(day).count() for day in days] == [0, 1, 1, 0]


def test_school_terms_count_by_the_day_they_were_paid(db):
    for day in (date(2012, 8, 30), date(2012, 8, 31), date(2012, 9, 1)):
        make.SchoolTermFactory(school_year=2012, funded_on=day)
    assert selectors.school_terms_funded(date(2011, 9, 1), date(2012, 8, 31)).count() == 2


def test_child_with_a_running_sponsorship_waits_for_nobody(db):
    sponsored, left = make.ChildStatusFactory().child, make.ChildStatusFactory().child
    make.SponsorshipFactory(child=sponsored)
    make.SponsorshipFactory(child=left, ended_on=DAY, end_reason="sponsor_stopped")
    assert list(selectors.children_without_sponsor(DAY)) == [left]
