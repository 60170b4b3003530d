"""What people open is kept: a row a person, record and day; and each file with its rows."""

from uuid import UUID

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import AccessEntry, ExportEntry
from core import addresses
from tests import factories as f


def seen_by(person) -> set[UUID]:
    return set(AccessEntry.objects.filter(by=person).values_list("subject_uuid", flat=True))


def see(client, name, record, **more):
    response = client.get(reverse(name, args=[record.uuid]), **more)
    assert response.status_code == 200


def test_a_shelter_and_who_stays_there(as_user, hana, willow, maple):
    stay = f.StayFactory(shelter=willow)
    f.StayFactory(shelter=maple)
    client = as_user(hana)
    for _ in range(3):
        see(client, "shelters:stock", willow)
    see(client, "shelters:reveal_address", willow)
    assert seen_by(hana) == {willow.uuid, stay.resident.uuid}
    assert AccessEntry.objects.count() == 2
    assert {entry.subject_label for entry in AccessEntry.objects.all()} == {"WILLOW", stay.resident.code}


def test_what_is_not_theirs_leaves_no_row(as_user, hana, willow, maple):
    as_user(hana).get(reverse("shelters:stock", args=[maple.uuid]))
    assert seen_by(hana) == set()


def test_children_sponsors_updates_and_photos(as_user, miki, momo, momos_sponsor):
    client = as_user(miki)
    update = f.ChildUpdateFactory(child=momo, author=miki)
    see(client, "foster:child", momo)
    assert seen_by(miki) == {momo.uuid, momos_sponsor.uuid}
    see(client, "foster:sponsor", momos_sponsor)
    see(client, "foster:edit_update", update)
    assert seen_by(miki) == {momo.uuid, momos_sponsor.uuid, update.uuid}


def test_what_a_sponsor_reads(as_user, yuki, momo, momos_sponsor):
    update = f.ChildUpdateFactory(child=momo, published=True)
    photo = f.UpdatePhotoFactory(update=update)
    client = as_user(yuki)
    client.get(reverse("foster:portal"))
    assert seen_by(yuki) == {momo.uuid, update.uuid}
    key = addresses.key_for(reader=yuki, thing=photo.uuid)
    assert client.get(reverse("foster:photo", args=[photo.uuid, key])).status_code == 200
    client.get(reverse("foster:payments"))
    assert seen_by(yuki) == {momo.uuid, update.uuid, photo.uuid, momos_sponsor.uuid}


def test_donations_people_and_reports(as_user, kenji, aya, hana):
    donation = f.DonationFactory()
    see(as_user(kenji), "donations:refund", donation)
    assert seen_by(kenji) == {donation.uuid, donation.donor.uuid}
    see(as_user(aya), "accounts:person", hana)
    assert seen_by(aya) == {hana.uuid}


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_keeps_its_rows_and_the_names_of_its_filters(as_user, miki, momo, taro, file_format):
    client = as_user(miki)
    found = client.post(reverse("foster:children"), {"q": "Momo"}).url
    client.get(f"{found}&export={file_format}&sort=code")
    entry = ExportEntry.objects.get()
    assert (entry.by, entry.register, entry.subject_type) == (miki, "/foster/children/", "foster.child")
    assert (entry.file_format, entry.filters) == (file_format, ["q"])
    assert (entry.row_count, entry.rows) == (1, [momo.uuid])
    assert "Momo" not in str(ExportEntry.objects.values())


def test_a_page_of_a_register_is_no_export(as_user, miki, momo):
    as_user(miki).get(reverse("foster:children"), {"export": "pdf"})
    assert not ExportEntry.objects.exists()


def test_the_records_behind_a_figure_are_named_too(as_user, otto):
    activity = f.ActivityFactory(kind="article", starts_on="2026-06-01")
    as_user(otto).get("/reports/records/2026/articles_translated/", {"export": "csv"})
    entry = ExportEntry.objects.get()
    assert (entry.subject_type, entry.rows) == ("reports.activity", [activity.uuid])


def test_noting_costs_one_statement(hana, django_assert_num_queries):
    records = f.ShelterFactory.create_batch(20)
    for _ in range(2):
        with django_assert_num_queries(1):
            services.note_seen(by=hana, records=records)
    with django_assert_num_queries(0):
        services.note_seen(by=hana, records=[])
    assert AccessEntry.objects.count() == 20
