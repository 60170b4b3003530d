"""What a log-in could see and did see: as its role and its postings allowed, and as the log shows."""

import csv
import io
import re
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts import services
from accounts.exposure import exposure_of, kinds
from accounts.models import AccessEntry, ExportEntry, User
from accounts.openings import sealed_columns
from accounts.permissions import Right
from accounts.selectors import people_visible_to
from core.grants import is_ours
from core.lists import Filters
from core.models import LeakFinding
from shelters.models import Shelter
from shelters.selectors import postings_visible_to
from shelters.services import lock_down_shelter
from supply.selectors import count_sheets
from tests import factories as f
from tests.access import PLAYERS
from tests.openings import attempt


def exposure(person, today, days=30):
    return exposure_of(person, first=today - timedelta(days=days - 1), last=today)


def reach(person, today, model, days=30):
    found = [one for one in exposure(person, today, days).kinds if one.kind.model == model]
    return {item.code for item in found[0].items}


def step(report, word):
    return next(lines for title, lines in report.steps if word in str(title).lower())


def page_of(client, person, **query):
    response = client.get(reverse("accounts:exposure", args=[person.uuid]), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def house(willow, maple, momo, taro, momos_sponsor, taros_sponsor, miki, today):
    """People, children, routes and money at two shelters, past and present."""
    for shelter in (willow, maple):
        f.AllowanceFactory(resident=f.StayFactory(shelter=shelter).resident)
        f.StayFactory(shelter=shelter, note="went with her brother")
        f.IncidentNoteFactory(incident=f.IncidentFactory(shelter=shelter))
        f.EvacuationFactory(shelter=shelter)
        f.CountSheetFactory(place=shelter.store)
        f.StayFactory(shelter=shelter, nights=DateRange(today - timedelta(days=400), today))
    f.SponsorshipFactory(
        child=f.ChildFactory(), ended_on=today - timedelta(days=300), end_reason="never_paid"
    )
    f.ChildUpdateFactory(child=momo, author=miki)
    f.UpdatePhotoFactory(update=f.ChildUpdateFactory(child=momo, published=True))
    f.RouteFactory()
    f.RecipientFactory()
    f.DonationFactory(donor=momos_sponsor.donor)
    f.ActivityFactory()
    f.AnnualReportFactory()


# --- could ----------------------------------------------------------------------------------------------


def doors(person):
    """Kind of record → what the app itself shows this person today."""
    rights = {"supply.route": Right.ROUTES_READ, "supply.recipient": Right.STOCK_READ}
    for kind in kinds():
        records = apps.get_model(kind.model).objects
        if kind.model == "accounts.user":
            yield kind.model, people_visible_to(person)
        elif kind.model == "shelters.posting":
            # Field staff know whom they work with; a list of it is for others.
            mine = (
                Shelter.objects.visible_to(person) if person.role == "field_staff" else Shelter.objects.none()
            )
            colleagues = records.filter(shelter__in=mine).exclude(user=person)
            yield kind.model, colleagues | postings_visible_to(person)
        elif kind.model in ("shelters.stay", "shelters.incidentnote"):
            yield kind.model, records.visible_to(person).filter(note__isnull=False)
        elif kind.model == "supply.countsheet":
            yield kind.model, count_sheets(person) if person.may(Right.STOCK_COUNT) else records.none()
        elif kind.model in rights:
            yield kind.model, records.all() if person.may(rights[kind.model]) else records.none()
        else:
            yield kind.model, records.visible_to(person)


@pytest.mark.parametrize("player", PLAYERS.values())
def test_a_live_account_could_see_exactly_what_the_app_shows_it(request, house, today, player):
    person = request.getfixturevalue(player)
    could = {one.kind.model: {item.uuid for item in one.items} for one in exposure(person, today).kinds}
    shown = {model: set(records.values_list("uuid", flat=True)) for model, records in doors(person)}
    assert could == shown
    assert any(shown.values())


def test_closing_the_log_in_takes_nothing_from_the_report(house, aya, hana, miki, yuki, today):
    for person in (hana, miki, yuki):
        before = [(one.kind.model, one.items) for one in exposure(person, today).kinds]
        services.lock_down(by=aya, person=person, reason="arrested")
        person.refresh_from_db()
        assert [(one.kind.model, one.items) for one in exposure(person, today).kinds] == before
        assert any(items for _model, items in before)


def test_field_staff_could_see_where_they_were_posted_in_these_days(hana, willow, maple, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(
        user=hana, shelter=maple, days=DateRange(today - timedelta(days=90), today - timedelta(days=25))
    )
    f.PostingFactory(
        user=hana, shelter=oak, days=DateRange(today - timedelta(days=90), today - timedelta(days=60))
    )
    found = exposure(hana, today).kinds[0]
    assert {item.code: item.days for item in found.items} == {"WILLOW": 30, "MAPLE": 4}
    assert reach(hana, today, "shelters.shelter", days=100) == {"WILLOW", "MAPLE", "OAK"}


def test_two_postings_at_one_shelter_add_up(jin, maple, today):
    oak = f.ShelterFactory(code="OAK")
    for first, last in ((20, 15), (10, 8)):
        days = DateRange(today - timedelta(days=first), today - timedelta(days=last))
        f.PostingFactory(user=jin, shelter=oak, days=days)
    found = {item.code: item.days for item in exposure(jin, today).kinds[0].items}
    assert found["OAK"] == 7


def test_a_shelter_locked_down_counts_still(hana, sora, willow, today):
    f.StayFactory(shelter=willow)
    lock_down_shelter(by=sora, shelter=willow, reason="raid")
    assert reach(hana, today, "shelters.shelter") == {"WILLOW"}
    assert len(reach(hana, today, "shelters.resident")) == 1


def test_a_sponsor_could_see_a_child_whose_sponsorship_ended_in_these_days(yuki, momos_sponsor, taro, today):
    days_ago = today - timedelta(days=10)
    f.SponsorshipFactory(sponsor=momos_sponsor, child=taro, ended_on=days_ago, end_reason="never_paid")
    assert reach(yuki, today, "foster.child") == {"C-01", "C-02"}
    assert reach(yuki, today, "foster.child", days=5) == {"C-01"}


def test_a_role_given_up_in_these_days_counts_too(aya, miki, momo, today):
    services.change_log_in(by=aya, person=miki, role="auditor", is_active=True, reason="another post")
    assert reach(miki, today, "foster.child") == {"C-01"}
    f.AuditEntryFactory(subject_uuid=aya.uuid, changes={"role": ["a role of old", "administrator"]})
    assert reach(aya, today, "foster.child") == set()


def test_what_could_be_opened_is_named(hana, miki, aya, willow, today):
    def opens(person):
        return {one.kind.model: one.opens for one in exposure(person, today).kinds if one.opens}

    assert opens(hana)["shelters.shelter"] == ["address", "map point", "contact", "other spellings"]
    assert set(opens(miki)) == {"foster.child"}
    assert opens(aya) == {}


# --- did ------------------------------------------------------------------------------------------------


def test_a_passage_of_the_leak_guard_was_a_value_seen(hana, aya, willow, today):
    f.RevealEntryFactory(
        by=hana, outcome="passage", subject_type="shelters.shelter", subject_uuid=willow.uuid,
        subject_label="WILLOW", field="address",
    )  # fmt: skip
    report = exposure(hana, today)
    assert [entry.outcome for entry, _name in report.openings] == ["passage"]
    assert "WILLOW" in str(step(report, "opened"))


def test_what_was_opened_comes_first_then_shelters_people_children_routes_sponsors(
    one_is_enough, house, hana, willow, today
):
    attempt(hana, willow, purpose="a delivery")
    report = exposure(hana, today)
    assert [line.item.code for line in report.steps[0][1]] == ["WILLOW"]
    assert report.steps[0][1][0].trace.told[0].startswith("opened, last ")
    order = [kind.model for kind in kinds() if kind.whom]
    assert order[:14] == [
        "shelters.shelter", "shelters.resident", "foster.child", "shelters.medicalcase", "shelters.incident",
        "shelters.incidentnote", "shelters.stay", "shelters.posting", "supply.route", "supply.recipient",
        "supply.consignment", "shelters.evacuation", "shelters.allowance", "foster.sponsor",
    ]  # fmt: skip


def test_who_is_to_be_called(house, hana, willow, maple, sora, miki, today):
    nana = f.UserFactory(name="Nana")
    f.PostingFactory(user=nana, shelter=willow)
    lines = step(exposure(hana, today), "shelters")
    assert [(line.item.code, line.whom) for line in lines] == [("WILLOW", [nana])]  # not Hana herself
    here = next(line for line in step(exposure(hana, today), "residents") if line.item.place == "WILLOW")
    assert here.whom == [nana]
    assert step(exposure(sora, today), "routes")[0].whom == []
    assert {one for line in step(exposure(miki, today), "children") for one in line.whom} >= {hana, nana}


def test_a_resident_is_warned_where_they_are_now(hana, jin, willow, maple, today):
    resident = f.ResidentFactory()
    f.StayFactory(resident=resident, shelter=willow, nights=DateRange(today - timedelta(days=9), today))
    f.StayFactory(resident=resident, shelter=maple, nights=DateRange(today, None))
    line = step(exposure(hana, today), "residents")[0]
    assert (line.item.place, line.whom) == ("MAPLE", [jin])


def test_what_was_looked_at_and_taken_away(as_user, miki, momo, taro, today):
    client = as_user(miki)
    client.get(reverse("foster:child", args=[momo.uuid]))
    client.get(reverse("foster:children"), {"export": "csv"})
    f.AccessEntryFactory(
        by=miki, subject_type="foster.child", subject_uuid=momo.uuid, day=today - timedelta(days=3)
    )
    f.AccessEntryFactory(
        by=miki, subject_type="foster.child", subject_uuid=taro.uuid, day=today - timedelta(days=31)
    )
    told = {line.item.code: line.trace.told for line in step(exposure(miki, today), "children")}
    assert told == {
        "C-01": ["looked at on 2 days", "in 1 file taken away"],
        "C-02": ["in 1 file taken away"],
    }


def test_others_traces_are_not_mixed_in(as_user, miki, ren, momo, today):
    as_user(ren).get(reverse("foster:child", args=[momo.uuid]))
    assert step(exposure(miki, today), "children")[0].trace.told == []


# --- in the language of who reads it --------------------------------------------------------------------


def open_everything(by):
    """Each sealed column of each kind of record, and each register taken away with each of its filters."""
    names = set()
    for model in filter(is_ours, apps.get_models()):
        kind = model._meta.label_lower
        for column in sealed_columns(model):
            told = {"subject_label": "X-1", "field": column.name, "purpose": "病気"}
            f.RevealEntryFactory(by=by, subject_type=kind, **told)
            names.add(column.name)
        filters = [*Filters.labels_for(kind), "days"]
        f.ExportEntryFactory(by=by, subject_type=kind, register="/x-1/", filters=filters)
        names |= set(filters)
    return names


def english_words(text):
    """Without codes, which hold a digit or a dash or are in capitals, and what belongs to one."""
    words = re.findall(r"[A-Za-z0-9_/-]+", text)
    return {word for word in words if re.fullmatch(r"[a-z_]{2,}|[A-Z][a-z_]+", word)} - {"csv", "en"}


@pytest.mark.parametrize("player", PLAYERS.values())
def test_no_english_word_stands_on_the_japanese_sheet(request, house, as_user, aya, player):
    assert english_words("couriers X-1 WILLOW csv in_force Days") == {"couriers", "in_force", "Days"}
    person = request.getfixturevalue(player)
    address = reverse("accounts:exposure", args=[person.uuid])  # knows every page, and so every register
    assert {"couriers", "note", "spellings", "in_force", "disclosure"} <= open_everything(person)
    User.objects.filter(pk=aya.pk).update(language="ja")
    page = page_of(as_user(aya), person)
    sheet = strip_tags(page[page.index('<div class="exposure">') : page.index("</main>")])
    names = {one for name in User.objects.values_list("name", flat=True) for one in name.split()}
    assert english_words(sheet) - names == set()
    assert "運び手" in sheet
    assert "封鎖中" in sheet
    text = as_user(aya).get(address, {"export": "csv"}).content.decode("utf-8-sig")
    assert english_words(text) == set()
    assert "運び手" in text


# --- the page -------------------------------------------------------------------------------------------


def test_the_page_tells_it_with_codes_and_without_a_name(
    one_is_enough, house, as_user, aya, hana, willow, momo
):
    here = f.StayFactory(shelter=willow)
    attempt(hana, willow, purpose="a delivery")
    as_user(hana).get(reverse("shelters:stock", args=[willow.uuid]))
    services.lock_down(by=aya, person=hana, reason="arrested")
    page = page_of(as_user(aya), hana)
    for told in (
        "WILLOW",
        here.resident.code,
        "a delivery",
        "Locked down since",
        "posted there 30 days",
        "looked at on 1 day",
    ):
        assert told in page
    for kept in ("Hidden Lane", "Secret", "MAPLE"):
        assert kept not in page


def test_a_locked_log_in_is_looked_at_up_to_the_lock_down(as_user, otto, hana, sora, willow, today):
    lock = f.LockDownFactory(person=hana_out(hana), by=sora, began_at=timezone.now() - timedelta(days=40))
    f.AccessEntryFactory(by=hana, subject_uuid=willow.uuid, day=today - timedelta(days=45))
    page = page_of(as_user(otto), hana)
    assert "looked at on 1 day" in page
    assert lock.is_in_force


def hana_out(person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    return person


@pytest.mark.parametrize("days", ["0", "-1", "400", "many"])
def test_a_strange_number_of_days_is_refused_with_a_sentence(as_user, aya, hana, days):
    response = as_user(aya).get(reverse("accounts:exposure", args=[hana.uuid]), {"days": days})
    assert response.status_code == 422


def test_reading_it_is_noted_and_so_is_the_file(as_user, aya, hana, willow):
    page_of(as_user(aya), hana)
    assert AccessEntry.objects.get(by=aya).subject_uuid == hana.uuid
    page_of(as_user(aya), hana, export="csv")
    assert ExportEntry.objects.get().rows == [hana.uuid]


def test_the_file_holds_every_code_and_no_name(house, as_user, aya, hana, jin, willow):
    f.PostingFactory(user=jin, shelter=willow)
    response = as_user(aya).get(reverse("accounts:exposure", args=[hana.uuid]), {"export": "csv"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][0] == "part"
    assert ["to warn", "shelters", "WILLOW", "", "posted there 30 days", "J."] in rows
    assert ["could see", "shelters", "WILLOW", "", "posted there 30 days", ""] in rows
    text = response.content.decode()
    assert "Hana" not in text
    assert "Jin" not in text


@pytest.mark.parametrize("planted", ["Han Yong-su", "9 Far Road"])
def test_a_sealed_value_where_a_code_should_stand_holds_the_file_back(as_user, aya, hana, willow, planted):
    f.ResidentFactory(real_name="Han Yong-su")
    f.ShelterFactory(address="9 Far Road")
    f.AccessEntryFactory(by=hana, subject_type="foster.child", subject_label=f"C-9 {planted}")
    client, address = as_user(aya), reverse("accounts:exposure", args=[hana.uuid])
    response = client.get(address, {"export": "csv", "days": "20"})
    assert response.url == f"{address}?days=20"
    page = client.get(response.url).content.decode()
    assert "The file was not made: something protected stands in it" in page
    assert not ExportEntry.objects.exists()
    finding = LeakFinding.objects.get()
    assert (finding.channel, finding.text_type) == ("export", "accounts.user")


@pytest.mark.parametrize("player", PLAYERS.values())
def test_codes_of_every_kind_are_no_reason_to_hold_the_file_back(request, house, as_user, aya, player):
    person = request.getfixturevalue(player)
    open_everything(person)
    response = as_user(aya).get(reverse("accounts:exposure", args=[person.uuid]), {"export": "csv"})
    assert response.status_code == 200
    assert not LeakFinding.objects.exists()


def test_without_keys_no_file_leaves_and_the_sheet_is_there(as_user, aya, hana, settings):
    f.ResidentFactory(real_name="Han Yong-su")
    settings.SEALING_KEY_FILE = "/nowhere"
    client, address = as_user(aya), reverse("accounts:exposure", args=[hana.uuid])
    assert client.get(address, {"export": "csv"}).url == address
    assert client.get(address).status_code == 200


def test_an_account_that_saw_nothing(as_user, aya, kenji, today):
    assert "Nobody has to be warned" in page_of(as_user(aya), kenji)
    assert len(page_of(as_user(aya), kenji, export="csv").splitlines()) == 1


def test_nobody_is_no_page(as_user, aya):
    assert as_user(aya).get(reverse("accounts:exposure", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_it_costs_the_same_for_many(as_user, aya, hana, willow, number, django_assert_num_queries):
    for stay in f.StayFactory.create_batch(number, shelter=willow):
        f.AccessEntryFactory(by=hana, subject_type="shelters.resident", subject_uuid=stay.resident.uuid)
    f.RevealEntryFactory.create_batch(number, by=hana, subject_uuid=willow.uuid)
    client = as_user(aya)
    with django_assert_num_queries(35):
        page_of(client, hana)


@pytest.mark.parametrize("days", ["1_0", "1e1", "0", "367", "many"])
def test_days_that_are_none_are_refused(days, as_user, aya, hana):
    answer = as_user(aya).get(reverse("accounts:exposure", args=[hana.uuid]), {"days": days})
    assert answer.status_code == 422
    assert answer.context["form"].errors["days"]
