"""Settling what the leak guard found: by who may see it, written down, and counted for the rest."""

import re
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections
from django.urls import reverse
from django.utils import timezone

from accounts import selectors, services
from accounts.enums import RoleName
from accounts.models import RevealEntry
from accounts.openings import opened_within_an_hour
from accounts.permissions import Right
from core.enums import FindingState
from core.identity import Scope, acting_as
from core.models import AuditEntry, LeakFinding, OutboxMessage
from tests import factories as make

NO_LEAK = {"state": "no_leak", "reason": "a tree"}


@pytest.fixture
def of_willow(willow):
    """Willow's code in a mail: all who see the shelter may settle it."""
    return make.LeakFindingFactory(subject_uuid=willow.uuid)


@pytest.fixture
def of_a_resident(willow):
    resident = make.ResidentFactory(code="X-777", real_name="Han Yong-su")
    make.StayFactory(resident=resident, shelter=willow)
    return make.LeakFindingFactory(
        subject_type="shelters.resident", subject_uuid=resident.uuid, field="real_name",
        passage=b'[["Uncle ", "Han Yong-su", " sang."]]',
    )  # fmt: skip


def address(step, finding):
    return reverse(f"accounts:{step}", args=[finding.uuid])


def settled(finding):
    finding = LeakFinding.objects.get(pk=finding.pk)
    return finding.state, finding.settled_by_id, finding.reason


# --- who is shown what -------------------------------------------------------------------------------------


def test_each_sees_findings_of_what_they_may_see(of_willow, of_a_resident, hana, jin, sora, miki, aya, momo):
    route = make.RouteFactory(drop_points="behind the old mill 3")
    of_route = make.LeakFindingFactory(
        subject_type="supply.route", subject_uuid=route.uuid, field="drop_points"
    )
    of_child = make.LeakFindingFactory(subject_type="foster.child", subject_uuid=momo.uuid, field="real_name")
    seen = {person.name: set(selectors.leak_findings(person)) for person in (hana, jin, sora, miki, aya)}
    assert seen == {
        "Hana": {of_willow, of_a_resident, of_child},
        "Jin": set(),
        "Sora": {of_willow, of_route},
        "Miki": {of_willow, of_child},
        "Aya": set(),
    }


def test_passage_is_shown_in_the_answer_to_a_press_and_written_down(of_a_resident, hana, as_user):
    client = as_user(hana)
    page = client.get(address("leak", of_a_resident)).content.decode()
    assert "Yong-su" not in page
    assert "X-777" in page
    page = client.post(address("show_passage", of_a_resident)).content.decode()
    assert "Uncle <mark>Han Yong-su</mark> sang." in page
    entry = RevealEntry.objects.get()
    assert (entry.by, entry.subject_label, entry.field) == (hana, "X-777", "real_name")
    assert "leak guard" in entry.purpose
    assert entry.outcome == "passage"
    assert not opened_within_an_hour(hana, timezone.now()).exists()  # an address can still be opened


def test_register_of_findings_holds_no_passage(of_a_resident, hana, as_user):
    page = as_user(hana).get(reverse("accounts:leaks")).content.decode()
    assert "Resident: real name" in page
    assert "Yong-su" not in page
    assert "X-777" not in page


def test_who_may_not_see_it_settles_nothing(of_a_resident, jin):
    with pytest.raises(PermissionDenied):
        services.open_passages(by=jin, finding=of_a_resident)
    with pytest.raises(PermissionDenied):
        services.settle_finding(by=jin, finding=of_a_resident, state=FindingState.NO_LEAK, reason="x")
    assert settled(of_a_resident) == ("open", None, "")


# --- settling ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["no_leak", "take_out"])
def test_settling_is_written_down_with_name_and_reason(state, of_willow, hana, as_user):
    body = {"state": state, "reason": "a tree in the yard"}
    page = as_user(hana).post(address("settle_leak", of_willow), body, follow=True).content.decode()
    assert "Your name and your reason are written down." in page
    assert settled(of_willow) == (state, hana.pk, "a tree in the yard")
    entry = AuditEntry.objects.get(action="leaks.finding_settled")
    assert (entry.by_id, entry.reason) == (hana.pk, "a tree in the yard")
    assert entry.changes == {"state": ["open", state]}


def test_settling_needs_a_verdict_and_a_reason(of_willow, hana, as_user):
    for body in ({"state": "no_leak", "reason": ""}, {"reason": "a tree"}, {"state": "open", "reason": "x"}):
        assert as_user(hana).post(address("settle_leak", of_willow), body).status_code == 422
    assert settled(of_willow) == ("open", None, "")


def test_who_wrote_the_text_settles_nothing_in_it(of_willow, hana, as_user):
    LeakFinding.objects.update(authors=[hana.pk])
    answer = as_user(hana).post(address("settle_leak", of_willow), NO_LEAK)
    assert answer.status_code == 422
    assert "You have a part in this text" in answer.content.decode()
    assert settled(of_willow) == ("open", None, "")
    page = as_user(hana).post(address("show_passage", of_willow), follow=True).content.decode()
    assert "You have a part in this text" in page
    assert "it snows" not in page


def test_settled_or_overtaken_is_past(of_willow, hana):
    LeakFinding.objects.update(state=FindingState.OVERTAKEN)
    with pytest.raises(services.FindingSettledAlready, match="or the text has changed meanwhile"):
        services.settle_finding(by=hana, finding=of_willow, state=FindingState.NO_LEAK, reason="x")


def test_nothing_is_settled_or_shown_by_a_link(of_willow, hana, as_user):
    for step in ("settle_leak", "show_passage"):
        assert as_user(hana).get(address(step, of_willow)).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_settle_it_once():
    shelter = make.ShelterFactory()
    finding = make.LeakFindingFactory(subject_uuid=shelter.uuid)
    people = make.UserFactory.create_batch(2, role="supply_coordinator")
    together, refused = threading.Barrier(2), []

    def settle(person, state):
        together.wait()
        try:
            services.settle_finding(by=person, finding=finding, state=state, reason="so")
        except services.FindingSettledAlready as refusal:
            refused.append(refusal)
        connections.close_all()

    states = (FindingState.NO_LEAK, FindingState.TAKE_OUT)
    threads = [threading.Thread(target=settle, args=pair) for pair in zip(people, states, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert AuditEntry.objects.filter(action="leaks.finding_settled").count() == 1


# --- what the database refuses, whatever SQL is slipped in --------------------------------------------------


def verdict_of(person, **more):
    return {
        "state": "no_leak", "settled_by_id": person.pk, "settled_at": timezone.now(), "reason": "x",
    } | more  # fmt: skip


def change(who, finding, values, scope=Scope.OWN) -> int:
    with acting_as(who, scope=scope):
        return LeakFinding.objects.filter(pk=finding.pk).update(**values)


def test_finding_is_settled_in_ones_own_name_alone(of_willow, hana, jin, aya, kenji):
    LeakFinding.objects.update(authors=[jin.pk])
    for who, values, scope in (
        (jin, verdict_of(hana), Scope.OWN),  # the author, in another's name
        (hana, verdict_of(jin), Scope.OWN),
        (hana, verdict_of(hana, authors=[]), Scope.OWN),
        (hana, verdict_of(hana, text_fingerprint="another"), Scope.OWN),
        (hana, {"subject_uuid": hana.uuid}, Scope.OWN),
        (hana, {"state": "overtaken"}, Scope.OWN),  # the guard's own step
        (hana, {"found_by_id": kenji.pk}, Scope.GUARD),
        (kenji, verdict_of(kenji), Scope.GUARD),  # a role that settles nothing
        (aya, verdict_of(aya), Scope.GUARD),
    ):
        with pytest.raises(DatabaseError):
            change(who, of_willow, values, scope)
    assert change(aya, of_willow, verdict_of(aya)) == 0  # an administrator counts
    assert settled(of_willow) == ("open", None, "")
    assert change(hana, of_willow, verdict_of(hana)) == 1  # the control


@pytest.mark.parametrize("role", RoleName.values)
def test_database_and_rights_agree_on_who_settles(role, of_willow):
    if role == RoleName.SYSTEM:
        return  # commands and workers: what runs on the server itself
    person = make.UserFactory(role=role)
    try:
        changed = change(person, of_willow, verdict_of(person), Scope.GUARD)
    except DatabaseError:
        changed = 0
    assert changed == person.may(Right.LEAKS_SETTLE)


def test_what_is_settled_stays_settled(of_willow, hana, ren):
    change(hana, of_willow, verdict_of(hana, state="take_out"))
    again = {"state": "open", "settled_by_id": None, "settled_at": None, "reason": ""}
    for values in (verdict_of(ren), verdict_of(hana), again, again | {"state": "overtaken"}):
        for scope in (Scope.OWN, Scope.GUARD):
            with pytest.raises(DatabaseError, match="no such step of a finding"):
                change(ren, of_willow, values, scope)
    assert settled(of_willow) == ("take_out", hana.pk, "x")


def test_guard_lets_a_finding_come_and_go_for_whoever_sends(of_willow, kenji):
    for state in ("overtaken", "open"):
        assert change(kenji, of_willow, {"state": state}, Scope.GUARD) == 1


def test_no_finding_begins_settled(hana, willow):
    with (
        pytest.raises(DatabaseError, match="a finding begins open"),
        acting_as(hana, scope=Scope.GUARD),
    ):
        make.LeakFindingFactory(subject_uuid=willow.uuid, **verdict_of(hana))


# --- for the others ----------------------------------------------------------------------------------------


def test_administrators_see_numbers_alone(of_willow, of_a_resident, aya, as_user):
    make.LeakFindingFactory(state="no_leak", settled_by_id=1, settled_at="2026-11-01T00:00Z", reason="x")
    page = as_user(aya).get(reverse("accounts:leak_counts")).content.decode()
    mail = page.split("Mail</td>")[1].split("</tr>")[0]
    assert re.findall(r'class="number">(\d+)<', mail)[0] == "2"
    assert "WILLOW" not in page
    assert "X-777" not in page
    assert as_user(aya).get(address("leak", of_willow)).status_code == 403


def test_mail_held_back_stands_among_the_unsent_and_can_be_set_aside(miki, as_user):
    make.OutboxMessageFactory(state="held", subject="News", kind="news")
    client = as_user(miki)
    page = client.get(reverse("accounts:unsent")).content.decode()
    assert "It goes out when that is settled." in page
    assert "Send again</button>" not in page
    message = OutboxMessage.objects.get()
    client.post(reverse("accounts:send_mail_again", args=[message.uuid]))
    assert OutboxMessage.objects.get().state == "held"
    client.post(reverse("accounts:set_mail_aside", args=[message.uuid]))
    assert OutboxMessage.objects.get().state == "withdrawn"


def test_start_pages_say_what_waits(of_willow, hana, jin, sora, miki, maple, as_user):
    pages = {hana: "shelters:start", jin: "shelters:start", sora: "shelters:cover", miki: "foster:start"}
    for person, page in pages.items():
        text = as_user(person).get(reverse(page), follow=True).content.decode()
        assert ("1 leak finding waits to be settled" in text) is (person is not jin)
