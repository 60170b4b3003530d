"""A person forgotten: the keys go, every sealed value with them; all else stays and no page breaks."""

import contextlib
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import services
from accounts.enums import Outcome, RequestState
from accounts.models import RevealEntry, RevealRequest
from core import addresses
from core.models import AuditEntry, DataKey
from core.sealed import CannotOpen, open_value
from core.workbook.exporting import write_workbook
from tests import factories
from tests.openings import agree, attempt, forget, forgotten


@pytest.fixture
def somebody(willow):
    """A resident at Willow with a sealed name and note."""
    resident = factories.ResidentFactory(code="X-77", real_name="Kim Somebody", note="has a brother")
    factories.StayFactory(resident=resident, shelter=willow)
    return resident


def test_it_needs_a_second_person_and_deletes_the_keys(aya, bo, somebody, one_is_enough):
    first = forget(aya, somebody)
    assert first.outcome == Outcome.ASKED
    assert DataKey.objects.filter(subject=somebody.uuid).exists()
    agree(bo, first.request)
    assert forget(aya, somebody).outcome == Outcome.FORGOTTEN
    assert not DataKey.objects.filter(subject=somebody.uuid).exists()
    for field in ("real_name", "note"):
        with pytest.raises(CannotOpen):
            open_value(somebody, field)
    entry = AuditEntry.objects.get(action="accounts.forgotten")
    assert (entry.by_name, entry.subject_label, entry.reason) == ("Aya", "X-77", "asked us to")
    log = RevealEntry.objects.get(outcome=Outcome.FORGOTTEN)
    assert (log.kind, log.second) == ("forget", bo)


def test_another_persons_keys_stay(aya, bo, somebody, hana, willow, one_is_enough):
    forgotten(aya, bo, somebody)
    assert attempt(hana, willow).value == "1 Hidden Lane, Nowhere"


def test_who_works_with_the_record_may_be_the_second(aya, hana, jin, somebody):
    waiting = forget(aya, somebody).request
    with pytest.raises(PermissionDenied):
        agree(jin, waiting)
    agree(hana, waiting)
    assert RevealRequest.objects.get().state == RequestState.AGREED


@pytest.mark.parametrize("who", ["hana", "miki", "sora", "otto", "kenji"])
def test_nobody_but_an_administrator_forgets(who, request, somebody):
    answer = forget(request.getfixturevalue(who), somebody)
    assert answer.outcome == Outcome.REFUSED_RIGHT
    assert RevealEntry.objects.get().outcome == Outcome.REFUSED_RIGHT


def test_a_shelter_is_no_person(aya, willow):
    assert forget(aya, willow).outcome == Outcome.REFUSED_RIGHT


def test_without_a_reason_nothing_happens(aya, somebody):
    with pytest.raises(services.PurposeMissing):
        forget(aya, somebody, reason=" ")


def test_twice_is_a_sentence(aya, bo, somebody):
    forgotten(aya, bo, somebody)
    assert "already" in forget(aya, somebody).sentence


# --- afterwards ------------------------------------------------------------------------------------------


def test_opening_says_forgotten_and_the_page_stays(as_user, aya, bo, hana, somebody):
    forgotten(aya, bo, somebody)
    address = reverse("shelters:reveal_resident", args=[somebody.uuid])
    response = as_user(hana).post(address, {"field": "real_name", "purpose": "a doctor"})
    assert response.status_code == 422
    assert "Forgotten: this can never be read again" in response.content.decode()
    shelter = reverse("shelters:stock", args=[somebody.stays.get().shelter.uuid])
    assert "X-77" in as_user(hana).get(shelter).content.decode()
    assert RevealEntry.objects.filter(by=hana, outcome=Outcome.FORGOTTEN).exists()


def test_a_forgotten_childs_photos_are_a_grey_picture(as_user, aya, bo, momo, momos_sponsor, yuki):
    photo = factories.UpdatePhotoFactory(update=factories.ChildUpdateFactory(child=momo, published=True))
    forgotten(aya, bo, momo)
    page = as_user(yuki).get(reverse("foster:update", args=[photo.update.uuid]))
    assert page.status_code == 200
    key = addresses.key_for(reader=yuki, thing=photo.uuid)
    shown = as_user(yuki).get(reverse("foster:photo", args=[photo.uuid, key]))
    assert shown.status_code == 302
    assert shown.url.endswith("img/forgotten.svg")


def test_history_and_the_log_stay_readable(as_user, aya, bo, hana, otto, somebody):
    attempt(hana, somebody, "real_name")
    forgotten(aya, bo, somebody)
    for name in ("accounts:openings", "accounts:audit"):
        assert "X-77" in as_user(otto).get(reverse(name)).content.decode()


def test_a_workbook_names_no_forgotten_person_anew(aya, bo, somebody, tmp_path):
    forgotten(aya, bo, somebody)
    for row in ({"Code": "X-77", "Real name": "Kim Somebody"}, {"Code": "X-77", "Needs": "a doctor"}):
        write_workbook(tmp_path / "book.xlsx", {"Residents": [row]})
        with contextlib.suppress(CommandError):
            call_command("import_workbook", str(tmp_path / "book.xlsx"), stdout=io.StringIO())
    somebody.refresh_from_db()
    assert somebody.needs == "a doctor"
    assert not DataKey.objects.filter(subject=somebody.uuid).exists()


# --- the page --------------------------------------------------------------------------------------------


def test_the_page_asks_by_kind_and_code_and_forgets_after_the_second_person(as_user, aya, bo, somebody):
    desk = as_user(aya)
    address = reverse("accounts:forget")
    body = {"subject_type": "shelters.resident", "code": "X-77", "reason": "asked us to"}
    waiting = desk.post(address, body).url
    [request] = RevealRequest.objects.all()
    assert "Forget now" not in desk.get(waiting).content.decode()
    as_user(bo).post(reverse("accounts:answer", args=[request.uuid]), {"answer": "agree"})
    assert "Forget now, for ever" in desk.get(waiting).content.decode()
    done = desk.post(waiting, follow=True).content.decode()
    assert "can never be read again" in done
    assert not DataKey.objects.filter(subject=somebody.uuid).exists()
    assert desk.post(address, body).status_code == 422


def test_who_agreed_and_was_locked_down_does_not_serve(as_user, aya, bo, hana, somebody):
    desk = as_user(aya)
    body = {"subject_type": "shelters.resident", "code": "X-77", "reason": "asked us to"}
    before = desk.post(reverse("accounts:forget"), body).url
    agree(bo, RevealRequest.objects.get())
    services.lock_down(by=hana, person=bo, reason="forced")
    assert "log-in is closed now" in desk.post(before).content.decode()
    after = desk.post(reverse("accounts:forget"), body).url
    assert after != before
    assert DataKey.objects.filter(subject=somebody.uuid).exists()


@pytest.mark.parametrize("kind", ["foster.child", "supply.recipient", "shelters.resident"])
def test_an_unknown_code_is_a_sentence(kind, as_user, aya):
    body = {"subject_type": kind, "code": "X-1", "reason": "asked us to"}
    response = as_user(aya).post(reverse("accounts:forget"), body)
    assert "no record of this kind with this code" in response.content.decode()


def test_what_was_written_down_again_can_be_forgotten_again(aya, bo, somebody):
    forgotten(aya, bo, somebody)
    somebody.real_name = "The same name"
    somebody.save()
    assert DataKey.objects.filter(owner=somebody.uuid).exists()
    forgotten(aya, bo, somebody)
    assert not DataKey.objects.filter(owner=somebody.uuid).exists()
