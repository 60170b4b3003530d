"""Who comes, moves, leaves and is handed on: the services under a person's own identity."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core.identity import acting_as
from core.models import AuditEntry, DataKey
from core.sealed import open_value
from shelters import services
from shelters.enums import Outcome
from shelters.models import Resident, Stay
from supply.services import DayNotAllowed
from tests import factories as f

pytestmark = pytest.mark.django_db
ABOUT = {"birth_year": 1988, "sex": "female", "origin": "", "needs": "insulin", "real_name": "Kim Sun"}


@pytest.fixture
def new_at(today):
    def arrive(by, shelter, **more):
        told = {"first": today, "key": uuid.uuid4(), "about": ABOUT} | more
        with acting_as(by):
            return services.arrive_new(by=by, shelter=shelter, today=today, **told)

    return arrive


@pytest.fixture
def comes(today):
    def arrive(by, shelter, resident, **more):
        told = {"first": today, "key": uuid.uuid4()} | more
        with acting_as(by):
            return services.arrive(by=by, shelter=shelter, resident=resident, today=today, **told)

    return arrive


@pytest.fixture
def leaves(today):
    def leave(by, stay, outcome=Outcome.UNKNOWN, day=today, **more):
        with acting_as(by):
            return services.leave(by=by, stay=stay, outcome=outcome, day=day, today=today, **more)

    return leave


@pytest.fixture
def handed(today):
    def hand(by, resident, to, **more):
        told = {"day": today, "key": uuid.uuid4()} | more
        with acting_as(by):
            return services.hand_over(by=by, resident=resident, to=to, today=today, **told)

    return hand


@pytest.fixture
def guest(willow, today):
    """At Willow for ten days."""
    nights = DateRange(today - timedelta(days=10), None)
    return f.StayFactory(resident=f.ResidentFactory(code="X-1"), shelter=willow, nights=nights)


def test_a_newcomer_is_written_down_sealed_and_seen(new_at, hana, willow, jin, maple):
    stay = new_at(hana, willow)
    with acting_as(hana):
        resident = Resident.objects.visible_to(hana).get()
        assert open_value(resident, "real_name") == b"Kim Sun"
        assert DataKey.objects.filter(owner=resident.uuid).exists()
    assert (resident.needs, resident.registered_by, stay.shelter) == ("insulin", hana, willow)
    assert resident.code.startswith("R-")
    with acting_as(jin):
        assert not Resident.objects.exists()
        assert not DataKey.objects.filter(owner=resident.uuid).exists()
    assert "Kim" not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


def test_the_log_says_that_something_is_told_of_a_newcomer_and_not_what(new_at, hana, willow, today):
    """It is never emptied, and read by who may not read residents."""
    stay = new_at(hana, willow, about=ABOUT | {"origin": "Hamhung"})
    with acting_as(hana):
        services.change_resident(by=hana, resident=stay.resident, needs="dialysis", birth_year=1990)
    entries = AuditEntry.objects.filter(subject_uuid=stay.resident.uuid)
    written, changed = (
        entries.get(action=f"shelters.{verb}") for verb in ("written_down", "changed_resident")
    )
    assert written.changes["needs"] == written.changes["origin"] == [None, "[withheld]"]
    assert changed.changes == dict.fromkeys(("needs", "birth_year"), ["[withheld]", "[withheld]"])
    assert written.changes["code"] == [None, stay.resident.code]
    told = " ".join(str(entry.changes) for entry in entries)
    assert not {word for word in ("insulin", "dialysis", "Hamhung", "1988", "1990") if word in told}
    assert Resident.objects.get(pk=stay.resident.pk).needs == "dialysis"


def test_the_same_form_again_is_the_first_stay(new_at, comes, hana, willow, guest):
    key = uuid.uuid4()
    assert new_at(hana, willow, key=key).pk == new_at(hana, willow, key=key).pk
    assert Resident.objects.count() == 2
    with acting_as(hana):
        services.leave(
            by=hana, stay=guest, outcome="unknown", day=timezone.localdate(), today=timezone.localdate()
        )
    assert comes(hana, willow, guest.resident, key=key).pk == Stay.objects.get(key=key).pk


def test_nobody_arrives_at_another_s_shelter(new_at, comes, hana, maple, guest):
    with pytest.raises(PermissionDenied):
        new_at(hana, maple)
    with pytest.raises(PermissionDenied):
        comes(hana, maple, guest.resident)


def test_who_left_comes_back(comes, leaves, hana, willow, guest, today):
    ended = leaves(hana, guest, Outcome.RETURNED)
    assert (ended.nights.upper, ended.outcome) == (today, "returned")
    back = comes(hana, willow, guest.resident)
    assert (back.nights.lower, back.is_planned) == (today, False)


def test_who_moves_between_two_of_mine_leaves_the_first(comes, hana, willow, guest, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    comes(hana, oak, guest.resident)
    guest.refresh_from_db()
    assert (guest.nights.upper, guest.outcome) == (today, "moved")
    # And back on the same day: the night at Oak never was.
    comes(hana, willow, guest.resident)
    assert [stay.shelter.code for stay in Stay.objects.on(today)] == ["WILLOW"]
    assert Stay.objects.get(shelter=oak).cancelled_at is not None


def test_who_stays_at_a_stranger_s_does_not_arrive_here(comes, hana, willow, maple, today):
    stranger = f.StayFactory(shelter=maple).resident
    with pytest.raises(services.NotWithYou):
        comes(hana, willow, stranger)
    with pytest.raises(services.NotWithYou):
        comes(hana, willow, stranger, is_planned=True)


def test_who_is_handed_on_is_expected_there_and_gone_here(
    handed, comes, hana, jin, willow, maple, guest, today
):
    assert handed(hana, guest.resident, " maple ")
    guest.refresh_from_db()
    assert (guest.nights.upper, guest.outcome) == (today, "moved")
    with acting_as(jin):
        assert Resident.objects.visible_to(jin).get() == guest.resident
    came = comes(jin, maple, guest.resident)
    assert (came.shelter, came.is_planned, came.nights.lower) == (maple, False, today)
    with pytest.raises(services.NotWithYou):  # they are Jin's now
        handed(hana, guest.resident, "MAPLE")


@pytest.mark.parametrize("to", ["PINE", "maple", "NOWHERE"])
def test_what_is_told_of_who_moves_is_kept_with_the_stay_that_ends(to, hana, willow, maple, guest, today):
    pine = f.ShelterFactory(code="PINE")
    f.PostingFactory(user=hana, shelter=pine)
    where = pine if to == "PINE" else to
    told = {"outcome": Outcome.MOVED, "day": today, "today": today, "note": "fears her brother"}
    for _time in range(2):
        with acting_as(hana):
            services.depart(by=hana, stay=guest, to=where, key=uuid.UUID(int=7), **told)
    guest.refresh_from_db()
    assert guest.outcome == ("" if to == "NOWHERE" else "moved")
    assert open_value(guest, "note") == (None if to == "NOWHERE" else b"fears her brother")


def test_a_hand_over_sent_twice_is_one(handed, hana, maple, guest):
    key = uuid.uuid4()
    assert handed(hana, guest.resident, "MAPLE", key=key)
    assert handed(hana, guest.resident, "MAPLE", key=key)
    assert Stay.objects.filter(shelter=maple).count() == 1


def test_nobody_is_handed_to_nowhere_to_a_danger_or_to_oneself(handed, hana, willow, maple, guest, today):
    assert not handed(hana, guest.resident, "MAPEL")
    with pytest.raises(services.SameShelter):
        handed(hana, guest.resident, "willow")
    with pytest.raises(DayNotAllowed):
        handed(hana, guest.resident, "MAPLE", day=today + timedelta(days=1))
    lock = f.ShelterLockDownFactory(shelter=maple)
    with pytest.raises(services.TakesNobody):
        handed(hana, guest.resident, "MAPLE")
    lock.lifted_at, lock.lifted_by, lock.lift_reason = timezone.now(), hana, "over"
    lock.save()
    f.ShelterStatusFactory(shelter=maple, state="exposed", since=today)
    with pytest.raises(services.TakesNobody):
        handed(hana, guest.resident, "MAPLE")
    guest.refresh_from_db()
    assert guest.nights.upper is None


def test_a_guest_sent_by_mistake_is_called_off_and_seen_no_more(
    handed, comes, hana, jin, willow, maple, guest, today
):
    handed(hana, guest.resident, "MAPLE")
    expected = Stay.objects.get(shelter=maple)
    with acting_as(jin):
        services.call_off(by=jin, stay=expected, today=today, now=timezone.now())
        assert not Resident.objects.exists()
        assert not Resident.objects.visible_to(jin).exists()
    assert comes(hana, willow, guest.resident).nights.lower == today
    with acting_as(jin), pytest.raises(services.CalledOffAlready):
        services.come(by=jin, stay=expected, day=today, today=today)


def test_an_arrival_of_today_is_taken_back_by_who_wrote_it(new_at, hana, willow, today, guest):
    stay = new_at(hana, willow)
    now = timezone.now()
    with acting_as(hana):
        services.call_off(by=hana, stay=stay, today=today, now=now)
        assert stay.resident in Resident.objects.visible_to(hana)  # else nobody would see them
        with pytest.raises(services.CameLongAgo):
            services.call_off(by=hana, stay=guest, today=today, now=now)
    assert set(Stay.objects.on(today)) == {guest}


def test_leaving_twice_is_once_and_otherwise_refused(leaves, hana, guest, today):
    assert leaves(hana, guest, Outcome.ARRESTED, note="taken at the station").pk == guest.pk
    assert leaves(hana, guest, Outcome.ARRESTED).outcome == "arrested"
    with pytest.raises(services.LeftAlready):
        leaves(hana, guest, Outcome.DIED)
    with acting_as(hana):
        assert open_value(Stay.objects.get(), "note") == b"taken at the station"


def test_who_leaves_on_the_day_of_arrival_counts_for_its_night(new_at, leaves, hana, willow, today):
    stay = leaves(hana, new_at(hana, willow), Outcome.MOVED)
    assert stay.nights == DateRange(today, today + timedelta(days=1))


def test_who_came_and_left_today_may_still_come_to_another_shelter_today(
    new_at, comes, leaves, handed, hana, willow, maple, today
):
    """The first arrival was a mistake, and so was the leaving."""
    pine = f.ShelterFactory(code="PINE")
    f.PostingFactory(user=hana, shelter=pine)
    moved, passed_on = new_at(hana, willow), new_at(hana, willow)
    for stay in (moved, passed_on):
        leaves(hana, stay, Outcome.SAFE_COUNTRY)
    assert comes(hana, pine, moved.resident).shelter == pine
    assert handed(hana, passed_on.resident, "MAPLE")
    for stay in (moved, passed_on):
        stay.refresh_from_db()
        assert (stay.is_planned, stay.outcome) == (True, "")
        assert stay.cancelled_at is not None


def test_days_far_back_or_to_come_are_refused(new_at, leaves, hana, willow, guest, today):
    for day in (today + timedelta(days=1), today - timedelta(days=400)):
        with pytest.raises(DayNotAllowed):
            new_at(hana, willow, first=day)
    with pytest.raises(DayNotAllowed):
        leaves(hana, guest, day=today + timedelta(days=1))
    assert new_at(hana, willow, first=today + timedelta(days=5), is_planned=True).is_planned


def test_a_stay_elsewhere_that_nobody_here_sees_still_is_one_roof(
    handed, comes, hana, jin, willow, maple, guest, today
):
    """A plan may lie beside a stay; the arrival waits for the other shelter to let go."""
    f.StayFactory(resident=guest.resident, shelter=maple, is_planned=True, nights=DateRange(today, None))
    with pytest.raises(services.UnderAnotherRoof):
        comes(jin, maple, guest.resident)


@pytest.mark.parametrize("state", ["exposed", "closed"])
def test_no_arrival_where_nobody_is_safe(state, new_at, comes, hana, willow, today):
    planned = f.StayFactory(shelter=willow, is_planned=True)
    f.ShelterStatusFactory(shelter=willow, state=state, since=today)
    with pytest.raises(services.TakesNobody):
        new_at(hana, willow)
    with pytest.raises(services.TakesNobody):
        comes(hana, willow, planned.resident)
    assert not Resident.objects.filter(needs="insulin").exists()


def test_field_staff_change_what_is_told_of_their_own(hana, jin, willow, maple, guest):
    resident = guest.resident
    with acting_as(hana):
        services.change_resident(
            by=hana, resident=resident, needs="a doctor", real_name="", note="calls at night"
        )
        assert open_value(Resident.objects.get(), "note") == b"calls at night"
        assert open_value(Resident.objects.get(), "real_name")  # an empty one changes nothing
    with acting_as(jin), pytest.raises(PermissionDenied):
        services.change_resident(by=jin, resident=resident, needs="")


# --- the database alone ------------------------------------------------------------------------------------


def refused(by, write) -> bool:
    try:
        with transaction.atomic(), acting_as(by):
            return not write()
    except DatabaseError:
        return True


def test_sql_makes_no_stranger_ones_own(hana, jin, willow, maple, guest, today):
    stranger = f.StayFactory(shelter=maple).resident
    nowhere = f.ResidentFactory()
    old = f.StayFactory(
        resident=stranger,
        shelter=willow,
        nights=DateRange(today - timedelta(days=5000), today - timedelta(days=4990)),
    )
    rows = Stay.objects.filter(pk=old.pk)
    assert refused(hana, lambda: f.StayFactory(resident=nowhere, shelter=willow))
    assert refused(hana, lambda: f.StayFactory(resident=stranger, shelter=willow, is_planned=True))
    assert refused(hana, lambda: Stay.objects.filter(pk=guest.pk).update(resident=stranger))
    assert refused(hana, lambda: Stay.objects.filter(pk=guest.pk).update(shelter=maple))
    assert refused(hana, lambda: rows.update(nights=DateRange(today + timedelta(days=9), None)))
    assert refused(hana, lambda: f.ResidentFactory(real_name="", registered_by=jin))
    assert refused(hana, lambda: f.ResidentFactory(real_name="", registered_by=hana, uuid=stranger.uuid))
    assert refused(hana, lambda: f.ResidentFactory(real_name="", registered_by=hana, uuid=maple.uuid))
    assert refused(hana, lambda: Resident.objects.filter(pk=guest.resident_id).update(registered_by=hana))
    for officer in ("sora", "miki"):
        assert refused(
            f.UserFactory(name=officer, role="supply_coordinator"), lambda: rows.update(outcome="died")
        )
    # Control: one of their own.
    assert not refused(
        hana,
        lambda: Stay.objects.filter(pk=guest.pk).update(
            nights=DateRange(guest.nights.lower, today), outcome="moved"
        ),
    )
    assert not refused(hana, lambda: f.ResidentFactory(real_name="", registered_by=hana))


def test_what_was_called_off_or_came_about_stays_so(hana, willow, guest):
    planned = f.StayFactory(shelter=willow, is_planned=True)
    for change in ({"is_planned": True}, {"outcome": "moved"}):
        assert refused(hana, lambda change=change: Stay.objects.filter(pk=guest.pk).update(**change))
    assert not refused(hana, lambda: Stay.objects.filter(pk=planned.pk).update(cancelled_at=timezone.now()))
    assert refused(hana, lambda: Stay.objects.filter(pk=planned.pk).update(cancelled_at=None))


def test_nobody_else_asks_whether_a_shelter_is_safe(hana, willow):
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SELECT shelters_takes_people(%s, current_date)", [willow.pk])
            return True

    assert refused(hana, ask)
