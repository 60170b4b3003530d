"""The trail as a page: by record, by person, by day; and what of it an administrator reads."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.translation import override

from accounts import trail
from accounts.models import User
from accounts.selectors import system_user
from core import audit
from core.identity import acting_as
from core.models import TrailEntry
from core.services import save_record
from reports.models import AnnualReport
from shelters.models import Shelter
from supply.models import Item
from tests import factories as f
from tests.proof.writing import by_owner

PAGE = reverse("accounts:written")


@pytest.fixture
def renamed(rice, sora):
    """Sora gives the rice another name."""
    with acting_as(sora):
        Item.objects.filter(pk=rice.pk).update(name="Brown rice")
    return rice


def read(client, query="", address=PAGE) -> str:
    return client.get(address + query).content.decode()


def test_auditor_reads_who_wrote_what_from_what_to_what(as_user, otto, renamed):
    page = read(as_user(otto))
    assert "name: Rice → Brown rice" in page
    assert "Sora" in page
    assert "supply coordinator" in page


def test_a_records_label_leads_to_all_that_was_written_of_it(as_user, otto, renamed, willow):
    client = as_user(otto)
    assert f"?record={renamed.uuid}" in read(client)
    page = read(client, f"?record={renamed.uuid}")
    assert "Brown rice" in page
    assert "WILLOW" not in page


def test_times_and_days_are_written_as_people_write_them(as_user, otto, hana):
    with acting_as(system_user()):
        User.objects.filter(pk=hana.pk).update(invited_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    page = read(as_user(otto), f"?record={hana.uuid}")
    assert "Nov. 25, 2026, 18:30" in page  # Tokyo
    assert "2026-11-25T" not in page


def test_a_column_of_many_values_is_shown_too(as_user, otto, aya):
    draft = f.AnnualReportFactory(by=aya)
    with acting_as(aya):
        AnnualReport.objects.filter(pk=draft.pk).update(drafted_figures={"meals": "12"})
    assert "{&quot;meals&quot;: &quot;12&quot;}" in read(as_user(otto), f"?record={draft.uuid}")


def test_it_is_filtered_by_person_kind_and_day(as_user, otto, renamed, sora, hana, today):
    client = as_user(otto)
    assert "Brown rice" in read(
        client, f"?by={sora.pk}&record_type=supply.item&operation=update&since={today}"
    )
    assert "Brown rice" not in read(client, f"?by={hana.pk}&record_type=supply.item")
    assert "Brown rice" not in read(client, "?until=2001-01-01")


def test_an_administrator_reads_of_log_ins_and_postings_alone(as_user, aya, renamed, willow):
    page = read(as_user(aya), "?record_type=")
    assert "Brown rice" not in page
    assert "posting" in page


def test_no_value_of_a_person_or_a_seal_is_in_it(as_user, otto, willow, miki):
    f.DonorFactory(name="Sato Mayumi")
    Shelter.objects.get(pk=willow.pk)
    page = read(as_user(otto)) + as_user(otto).get(PAGE + "?export=csv").content.decode()
    assert "Sato Mayumi" not in page
    assert "[withheld]" in page
    with override("ja"), acting_as(otto):
        told = [trail.written(entry) for entry in TrailEntry.objects.all()]
    assert any("[非公開]" in words for words in told)
    assert not any("[withheld]" in words for words in told)


def test_the_log_says_in_the_readers_language_what_the_system_wrote_and_what_is_sealed(as_user, aya, otto):
    otto.language = aya.language = "ja"
    otto.save()
    system, route = system_user(), f.RouteFactory(code="RN-01")
    save_record(by=system, record=route, action="route.changed", drop_points="the third bridge")
    with acting_as(system):
        Item.objects.create(code="TEA", name="Tea", kind="food", base_unit="kg")
    client, changes = as_user(otto), reverse("accounts:audit")
    for query, address in ((f"?record={route.uuid}", changes), ("?record_type=supply.item", PAGE)):
        page, sheet = read(client, query, address), read(client, f"{query}&export=csv", address)
        assert re.search(r"<td[^>]*>\s*システム\s*</td>", page)
        assert "システム" in sheet
        assert "System" not in page + sheet
    page = read(client, f"?record={route.uuid}", changes)
    assert "[封印]" in page
    assert "[sealed]" not in page


def test_a_row_of_the_app_without_a_person_says_that_nobody_was_logged_in():
    assert trail.role_name(connection.settings_dict["USER"]) == "nobody logged in"
    assert trail.role_name("somebody_with_psql") == "somebody_with_psql"


def test_the_log_of_people_is_read_by_record_and_person_too(as_user, otto, aya, hana, willow):
    with acting_as(hana):
        audit.record(by=hana, action="stock.used", subject=willow, reason="soup")
    with acting_as(aya):
        audit.record(by=aya, action="accounts.changed", subject=hana, reason="holiday")
    client, address = as_user(otto), reverse("accounts:audit")
    assert "soup" in read(client, f"?record={willow.uuid}", address)
    assert "holiday" not in read(client, f"?record={willow.uuid}", address)
    assert "holiday" in read(client, f"?by={aya.pk}", address)
    assert "soup" not in read(client, f"?by={aya.pk}", address)


def test_records_are_named_by_their_codes_and_spans_by_their_days(as_user, otto, willow, hana):
    stay = f.StayFactory(shelter=willow, nights=DateRange(date(2026, 2, 2), date(2026, 2, 10)))
    page = read(as_user(otto), f"?record={stay.uuid}")
    assert "shelter: WILLOW" in page
    assert "Feb. 2, 2026 – Feb. 9, 2026" in page
    open_end = f.StayFactory(shelter=willow, nights=DateRange(date(2026, 2, 2), None))
    assert "Feb. 2, 2026 –" in read(as_user(otto), f"?record={open_end.uuid}")


def test_a_file_shows_what_the_page_shows(as_user, otto, willow):
    """No key of a database stands there for who reads it."""
    stay = f.StayFactory(shelter=willow, nights=DateRange(date(2026, 2, 2), date(2026, 2, 10)))
    file = read(as_user(otto), f"?record={stay.uuid}&export=csv")
    assert "shelter: WILLOW" in file
    assert f",{str(stay.uuid)[:8]}," in file
    assert str(stay.uuid) not in file
    assert "WILLOW" in read(as_user(otto), f"?record={willow.uuid}&export=csv")


def test_a_row_about_a_person_who_logs_in_says_whose_it_is(as_user, otto, hana):
    with acting_as(system_user()):
        User.objects.filter(pk=hana.pk).update(invited_at=datetime(2026, 11, 25, tzinfo=UTC))
    page = read(as_user(otto), "?record_type=accounts.user&operation=update")
    assert f'<a href="?record={hana.uuid}">Hana</a>' in page


def test_no_record_is_named_to_who_may_not_see_it(as_user, otto, aya, willow):
    stay = f.StayFactory(shelter=willow, resident=f.ResidentFactory(code="X-77"))
    page = read(as_user(otto), f"?record={stay.uuid}")
    assert f"resident: {stay.resident_id}" in page
    assert "X-77" not in page


@pytest.mark.django_db(transaction=True)
def test_who_left_in_an_evacuation_is_named_neither_by_new_rows_nor_by_old_ones(as_user, otto, willow):
    """Once the database kept the code of the person as the label."""
    stay = f.StayFactory(shelter=willow, resident=f.ResidentFactory(code="X-77"))
    gone = f.EvacuationPersonFactory(stay=stay, evacuation=f.EvacuationFactory(shelter=willow))
    with acting_as(otto):
        assert TrailEntry.objects.get(record_uuid=gone.uuid).record_label == ""
    by_owner(
        "INSERT INTO core_trailentry (at, role, record_type, record_id, record_uuid, record_label, "
        "operation, changes) SELECT at, role, record_type, record_id, record_uuid, 'X-77', operation, "
        f"changes FROM core_trailentry WHERE record_uuid = '{gone.uuid}'"
    )
    client, kind = as_user(otto), "?record_type=shelters.evacuationperson"
    page, file = read(client, kind), read(client, f"{kind}&export=csv")
    assert page.count(f'<a href="?record={gone.uuid}">{str(gone.uuid)[:8]}</a>') == 2
    assert file.count(str(gone.uuid)[:8]) == 2
    assert "X-77" not in page + file
    found = client.post(PAGE + kind, {"q": "X-77"}, follow=True).content.decode()
    assert str(gone.uuid) not in found
    assert f"?record={stay.resident.uuid}" in client.post(PAGE, {"q": "X-77"}, follow=True).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_it_costs_the_same_for_many(as_user, otto, willow, number, django_assert_num_queries):
    for _row in range(number):
        f.StayFactory(shelter=willow)
    client = as_user(otto)
    with django_assert_num_queries(11):
        client.get(PAGE + "?record_type=shelters.stay")
