"""Who comes and goes, as a phone sends it; and how many there were, as the office reads it."""

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEntry
from core.identity import acting_as
from core.models import AuditEntry
from core.sealed import open_value
from shelters import selectors
from shelters.models import HeadCount, Resident, Shelter, Stay
from shelters.sheets import HeadCounts
from tests import factories as f

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def phone(as_user, hana, willow):
    return as_user(hana)


@pytest.fixture
def post(phone, today):
    """`post("arrive", willow, needs="…")`: a form as Hana's phone sends it; the page that follows."""

    def send(name, record, **values):
        common = {"key": str(uuid.uuid4()), "day": today.isoformat()}
        return phone.post(reverse(f"shelters:{name}", args=[record.uuid]), common | values, follow=True)

    return send


@pytest.fixture
def guest(willow, today):
    nights = DateRange(today - timedelta(days=10), None)
    return f.StayFactory(
        resident=f.ResidentFactory(code="X-1", needs="insulin"), shelter=willow, nights=nights
    )


def test_somebody_new_is_on_the_roll_and_their_name_is_sealed(post, phone, hana, willow, today):
    values = {
        "real_name": "Kim Sun",
        "birth_year": "1988",
        "sex": "female",
        "needs": "no stairs",
        "note": "afraid",
    }
    page = post("arrive", willow, **values)
    resident = Resident.objects.get()
    assert f"{resident.code} is written down" in text_of(page)
    assert "no stairs" in text_of(page)
    assert "Kim" not in page.content.decode()
    with acting_as(hana):
        assert (open_value(resident, "real_name"), open_value(resident, "note")) == (b"Kim Sun", b"afraid")
    assert Stay.objects.get().nights == DateRange(today, None)
    opened = phone.post(
        reverse("shelters:reveal_resident", args=[resident.uuid]),
        {"field": "real_name", "purpose": "a doctor"},
    )
    assert "Kim Sun" in opened.content.decode()


def test_sent_twice_is_one_person(post, willow):
    key = str(uuid.uuid4())
    for _time in range(2):
        assert "is written down" in text_of(post("arrive", willow, key=key, needs="x"))
    assert Resident.objects.count() == Stay.objects.count() == 1


def test_nothing_told_but_the_day_is_enough(post, willow):
    assert "is written down" in text_of(post("arrive", willow))
    assert Resident.objects.get().sex == "unknown"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"day": "2999-01-01"}, "Choose a day from"),
        ({"day": "2001-01-01"}, "Choose a day from"),
        ({"day": "x"}, "Write the day as 2026-02-09."),
        ({"day": ""}, "Choose the day."),
        ({"is_planned": "on", "day": "2001-01-01"}, "Somebody expected comes today or later."),
        ({"birth_year": "1066"}, "Choose a year from 1900 to"),
        ({"birth_year": "x"}, "Write the year with four digits"),
        ({"last": "2001-01-01"}, "They leave after the first night."),
        ({"needs": "x" * 2_000_000}, "at most 300 characters"),
        ({"sex": "x"}, "Select a valid choice"),
        ({"key": "x"}, "This page was out of date. Press Save again."),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(values, said, post, willow):
    page = post("arrive", willow, **values)
    assert (page.status_code, said in text_of(page)) == (422, True)
    assert not Resident.objects.exists()


def test_expected_comes_by_one_tap_and_another_is_called_off(post, phone, willow, today):
    for needs in ("first", "second"):
        post("arrive", willow, is_planned="on", day=(today + timedelta(days=3)).isoformat(), needs=needs)
    first, second = Stay.objects.order_by("id")
    page = text_of(phone.get(reverse("shelters:stock", args=[willow.uuid])))
    assert "Nobody is registered by name code tonight." in page
    assert "Who is expected" in page
    assert selectors.heads_on(willow, today + timedelta(days=3)) == 0
    assert "is here since" in text_of(post("came", first))
    assert "called off" in text_of(post("call_off", second))
    first.refresh_from_db()
    assert (first.is_planned, first.nights.lower) == (False, today)
    assert selectors.heads_on(willow, today) == 1


def test_an_arrival_of_today_is_taken_back_by_a_tap(post, willow, guest, today):
    post("arrive", willow)
    newest = Stay.objects.latest("id")
    page = post("call_off", newest)
    assert page.content.decode().count("Take back") == 0
    assert "Only an arrival of today can be taken back" in text_of(post("call_off", guest))
    assert selectors.heads_on(willow, today) == 1


def test_leaves_with_an_outcome_and_a_note_that_opens_for_a_purpose(post, phone, guest, today):
    page = post("leave", guest, outcome="safe_country", note="by boat")
    assert "X-1 left: reached a safe country." in text_of(page)
    guest.refresh_from_db()
    assert (guest.outcome, guest.nights.upper) == ("safe_country", today)
    of_resident = phone.get(reverse("shelters:resident", args=[guest.resident.uuid]))
    assert "by boat" not in of_resident.content.decode()
    opened = phone.post(
        reverse("shelters:reveal_stay", args=[guest.uuid]), {"field": "note", "purpose": "family asks"}
    )
    assert "by boat" in opened.content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Choose what happened."),
        ({"outcome": "x"}, "Choose what happened."),
        ({"outcome": "died", "day": "2999-01-01"}, "Choose a day from"),
        ({"outcome": "moved"}, "Choose where they go, or that it is not known."),
        ({"outcome": "moved", "to": "elsewhere"}, "Type the code of the shelter they go to."),
        ({"outcome": "moved", "to": "elsewhere", "to_code": "NOWHERE"}, "No shelter has this code."),
        ({"outcome": "moved", "to": "elsewhere", "to_code": "willow"}, "That is the shelter where they are."),
        ({"outcome": "moved", "to": "x"}, "Choose one of the list."),
    ],
)
def test_leaving_is_refused_at_its_field(values, said, post, guest):
    page = post("leave", guest, **values)
    assert (page.status_code, said in text_of(page)) == (422, True)
    guest.refresh_from_db()
    assert guest.nights.upper is None


def test_nobody_goes_nowhere_because_nothing_was_chosen(post, guest, today):
    page = post("leave", guest, outcome="moved", to="")
    assert page.context["form"].errors == {"to": ["Choose where they go, or that it is not known."]}
    assert 'name="to" value="not_known" checked' not in re.sub(r"\s+", " ", page.content.decode())
    post("leave", guest, outcome="moved", to="not_known")
    guest.refresh_from_db()
    assert (guest.nights.upper, guest.outcome) == (today, "moved")


def test_a_shelter_that_takes_nobody_is_refused_where_it_was_chosen(post, guest, hana):
    """The field for a code is not in sight of who chose a shelter of the list."""
    closed = f.ShelterFactory(code="OAK")
    f.PostingFactory(shelter=closed, user=hana)
    f.ShelterStatusFactory(shelter=closed, state="exposed")
    for values, field in (
        ({"to": str(closed.uuid)}, "to"),
        ({"to": "elsewhere", "to_code": "oak"}, "to_code"),
    ):
        page = post("leave", guest, outcome="moved", **values)
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]


def test_codes_of_shelters_are_not_tried_out(post, guest):
    for _try in range(10):
        post("leave", guest, outcome="moved", to="elsewhere", to_code="NOWHERE")
    assert AuditEntry.objects.filter(action="accounts.guessed").count() == 10
    page = post("leave", guest, outcome="moved", to="elsewhere", to_code="MAPLE")
    assert "Too many tries" in text_of(page)


def test_shelter_that_is_exposed_is_not_offered_to_go_to(phone, hana, guest, willow, today):
    oak, elm = f.ShelterFactory(code="OAK"), f.ShelterFactory(code="ELM")
    for shelter in (oak, elm):
        f.PostingFactory(user=hana, shelter=shelter)
    f.ShelterStatusFactory(shelter=oak, state="exposed", since=today)
    address = reverse("shelters:leave", args=[guest.uuid])
    offered = phone.get(address).content.decode()
    assert str(elm.uuid) in offered
    assert str(oak.uuid) not in offered
    # Reported while the page was open: the sentence says why not.
    sent = {"outcome": "moved", "to": str(oak.uuid), "to_code": "", "day": today.isoformat(), "note": ""}
    answer = phone.post(address, sent | {"key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "exposed" in text_of(answer)


def test_moves_to_another_shelter_of_mine(post, hana, guest, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    assert "X-1 moved to OAK." in text_of(post("leave", guest, outcome="moved", to=str(oak.uuid)))
    assert Stay.objects.on(today).get().shelter == oak


def test_handed_on_to_colleagues_and_received_there(post, as_user, jin, maple, guest, today):
    page = post("leave", guest, outcome="moved", to="elsewhere", to_code="maple")
    assert "X-1 is expected there now." in text_of(page)
    theirs = as_user(jin)
    assert "X-1" in text_of(theirs.get(reverse("shelters:stock", args=[maple.uuid])))
    theirs.post(reverse("shelters:came", args=[Stay.objects.get(shelter=maple).uuid]))
    assert Stay.objects.on(today).get().shelter == maple


def test_who_comes_back_is_found_by_code_and_a_stranger_is_not(post, maple, willow, guest):
    post("leave", guest, outcome="returned")
    assert "X-1 is here since" in text_of(post("come_back", willow, code=" x-1 "))
    f.StayFactory(resident=f.ResidentFactory(code="X-2"), shelter=maple)
    known, unknown = (text_of(post("come_back", willow, code=code)) for code in ("X-2", "X-3"))
    assert "Nobody with this code is with you." in known
    assert known.replace("X-2", "X-3") == unknown


def test_what_is_told_is_changed_and_what_is_sealed_kept(post, hana, guest):
    assert "Saved." in text_of(post("resident", guest.resident, needs="a doctor", birth_year="", sex="male"))
    resident = Resident.objects.get()
    assert (resident.needs, resident.birth_year, resident.sex) == ("a doctor", None, "male")
    with acting_as(hana):
        assert open_value(resident, "real_name")
    assert post("resident", resident, birth_year="3000").status_code == 422
    assert AccessEntry.objects.filter(subject_uuid=resident.uuid).exists()


def test_nobody_arrives_at_an_exposed_shelter(post, willow, today):
    f.ShelterStatusFactory(shelter=willow, state="exposed", since=today)
    page = post("arrive", willow)
    assert "This shelter is exposed, closed or evacuated" in text_of(page)
    assert not Resident.objects.exists()


# --- counting ----------------------------------------------------------------------------------------------


def test_a_count_sent_again_is_one_and_a_slip_is_put_right_the_same_day(post, phone, willow, today):
    slip = str(uuid.uuid4())
    assert "Counted: 120 people." in text_of(post("count_heads", willow, people="120", key=slip))
    assert "Counted: 12 people." in text_of(post("count_heads", willow, people="12"))
    for _time in range(2):  # its answer was lost: it does not undo what came after
        post("count_heads", willow, people="120", key=slip)
    assert list(HeadCount.objects.order_by("id").values_list("people", flat=True)) == [120, 12]
    assert selectors.heads_on(willow, today) == 12
    assert selectors.person_days(Shelter.objects.all(), today, today + timedelta(days=1)) == 24
    seen = selectors.heads_by_night(Shelter.objects.all(), today - timedelta(days=1), today)
    assert seen[willow.pk] == [0, 12]
    assert [one.people for one in HeadCounts().records()] == [12]  # the workbook has one row a day


def test_a_count_that_cannot_be_is_told_at_its_field(post, phone, willow):
    assert "Counted: 14 people." in text_of(post("count_heads", willow, people="14"))
    for wrong, said in (
        ("-1", "Write zero or more."),
        ("", "Say how many."),
        ("2.5", "Write a whole number"),
    ):
        assert said in text_of(post("count_heads", willow, people=wrong))
    assert "by head count" in text_of(phone.get(reverse("shelters:stock", args=[willow.uuid])))


def test_who_is_registered_is_not_counted(post, willow, guest):
    assert "registered one by one here" in text_of(post("count_heads", willow, people="14"))
    assert not HeadCount.objects.exists()


MARCH = date(2026, 3, 1)


@pytest.fixture
def a_march(willow, maple):
    """Willow: two people, 1–10 March and from the 6th on; nobody is left on 21 March, then 3 are counted on
    the 25th. Maple: 7 counted on 15 February, 4 from 11 March on; it closes on 30 March.
    """
    f.StayFactory(shelter=willow, nights=DateRange(MARCH, date(2026, 3, 11)))
    f.StayFactory(shelter=willow, nights=DateRange(date(2026, 3, 6), date(2026, 3, 21)))
    f.StayFactory(shelter=willow, nights=DateRange(MARCH, None), is_planned=True)
    f.HeadCountFactory(shelter=willow, counted_on=date(2026, 3, 2), people=50)  # they are registered
    f.HeadCountFactory(shelter=willow, counted_on=date(2026, 3, 25), people=3)
    f.HeadCountFactory(shelter=maple, counted_on=date(2026, 2, 15), people=7)
    f.HeadCountFactory(shelter=maple, counted_on=date(2026, 3, 11), people=4)
    maple.closed_on = date(2026, 3, 30)
    maple.save()


def test_person_days_of_a_month_by_hand(a_march):
    # Willow: 10 nights + 15 nights, none from the 21st to the 24th, 7 nights of 3. Maple: 10 of 7, 19 of 4.
    found = selectors.with_person_days(Shelter.objects.all(), MARCH, date(2026, 3, 31))
    assert {shelter.code: shelter.person_days for shelter in found} == {"WILLOW": 46, "MAPLE": 146}
    assert selectors.person_days(Shelter.objects.all(), MARCH, date(2026, 3, 31)) == 192
    assert selectors.person_days(Shelter.objects.all(), date(2026, 3, 22), date(2026, 3, 22)) == 4


def test_person_days_of_one_night_are_the_heads_of_that_night(a_march):
    for number in range(31):
        day = MARCH + timedelta(days=number)
        for shelter in selectors.with_person_days(selectors.with_heads(Shelter.objects.all(), day), day, day):
            assert shelter.person_days == shelter.heads, (shelter, day)


def test_one_query_each(a_march, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(selectors.with_person_days(Shelter.objects.all(), MARCH, date(2026, 3, 31)))
    with django_assert_num_queries(1):
        selectors.person_days(Shelter.objects.all(), MARCH, date(2026, 3, 31))
    with django_assert_num_queries(1):
        selectors.outcomes(Shelter.objects.all(), MARCH, date(2026, 3, 31))


def test_what_became_of_who_left_in_a_span_of_days(as_user, sora, otto, hana, a_march, maple):
    """Two stays of the fixture ended in March, as not known."""
    march = (date(2026, 3, 3), date(2026, 3, 20))
    for days, outcome in ((march, "arrested"), ((march[0], date(2026, 4, 1)), "died")):
        f.StayFactory(shelter=maple, nights=DateRange(*days), outcome=outcome)
    lost = {"is_missing": True, "is_planned": True, "cancelled_at": timezone.now()}
    f.StayFactory(shelter=maple, nights=DateRange(*march), outcome="moved", **lost)
    f.StayFactory(shelter=maple, nights=DateRange(*march), outcome="arrested", **lost)
    asked = {"first": "2026-03-01", "last": "2026-03-31"}
    for who in (sora, otto):
        page = text_of(as_user(who).get(reverse("shelters:people"), asked))
        assert "by what became of them: arrested 2 · not known 2 " in page
        assert "died" not in page
    with acting_as(hana):  # of her own shelters alone
        mine = Shelter.objects.visible_to(hana)
        assert selectors.outcomes(mine, MARCH, date(2026, 3, 31)) == [("not known", 2)]


@pytest.mark.parametrize("who", ["sora", "otto"])
def test_the_office_reads_numbers_of_a_span_of_days(who, request, as_user, a_march):
    client = as_user(request.getfixturevalue(who))
    address = reverse("shelters:people")
    march = {"first": "2026-03-01", "last": "2026-03-31"}
    page = text_of(client.get(address, march))
    assert "March 1, 2026 to March 31, 2026: 192 nights of a person" in page
    assert "X-" not in page
    exported = client.get(
        address, {"first": "2026-03-01", "last": "2026-03-31", "export": "csv", "sort": "code"}
    )
    rows = exported.content.decode().splitlines()
    assert [row.split(",")[-2:] for row in rows[1:]] == [["0", "146"], ["3", "46"]]
    assert client.get(address, {"first": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-03-31", "2026-03-01", "The last day lies before the first."),
        ("2025-03-01", "2026-03-02", "At most 366 days are added up at once."),
        ("1900-01-01", "", "At most 366 days are added up at once."),
    ],
)
def test_days_that_are_not_added_up_are_told_and_no_others_shown(
    first, last, sentence, as_user, sora, a_march
):
    client, asked = as_user(sora), {"first": first, "last": last}
    page = text_of(client.get(reverse("shelters:people"), asked))
    assert sentence in page
    assert "of a person in all" not in page
    assert "WILLOW" not in page
    exported = client.get(reverse("shelters:people"), asked | {"export": "csv"})
    assert len(exported.content.decode().splitlines()) == 1


def test_a_year_and_a_day_of_february_are_added_up(as_user, sora, a_march):
    asked = {"first": "2025-03-02", "last": "2026-03-02"}
    page = text_of(as_user(sora).get(reverse("shelters:people"), asked))
    assert "March 2, 2025 to March 2, 2026" in page


def test_the_page_asks_as_much_for_many_shelters(as_user, sora, a_march, django_assert_num_queries):
    client, address = as_user(sora), reverse("shelters:people")
    client.get(address)
    with django_assert_num_queries(10):
        client.get(address)
    for _number in range(3):
        f.HeadCountFactory()
    with django_assert_num_queries(10):
        client.get(address)
