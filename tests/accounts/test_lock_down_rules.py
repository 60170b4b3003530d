"""Each rule about lock-downs and the log of what was seen, broken past the services: the database refuses."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import LockDown, User
from tests import factories as f

pytestmark = pytest.mark.django_db


@contextmanager
def breaks(name):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        yield
    assert error.value.__cause__.diag.constraint_name == name


def ended(lock, **values):
    """As an administrator lifts it, with something wrong about it."""
    usual = {"lifted_at": timezone.now(), "lifted_by": f.UserFactory(), "lift_reason": "free"}
    type(lock).objects.filter(pk=lock.pk).update(**usual | values)


LOCKS = pytest.mark.parametrize("make", [f.LockDownFactory, f.ShelterLockDownFactory])


@LOCKS
@pytest.mark.parametrize("missing", [{"lifted_by": None}, {"lift_reason": ""}, {"lifted_at": None}])
def test_lifted_by_somebody_for_a_reason(make, missing):
    lock = make()
    # lockdown_lifted_by_somebody_for_a_reason, shelterlockdown_lifted_by_somebody_for_a_reason
    with breaks(f"{lock._meta.model_name}_lifted_by_somebody_for_a_reason"):
        ended(lock, **missing)


@LOCKS
def test_lifted_after_it_began(make):
    lock = make()
    # lockdown_lifted_after_it_began, shelterlockdown_lifted_after_it_began
    with breaks(f"{lock._meta.model_name}_lifted_after_it_began"):
        ended(lock, lifted_at=timezone.now() - timedelta(days=1))


@LOCKS
def test_one_in_force(make):
    lock = make()
    subject = {"person": lock.person} if isinstance(lock, LockDown) else {"shelter": lock.shelter}
    # lockdown_one_in_force, shelterlockdown_one_in_force
    with breaks(f"{lock._meta.model_name}_one_in_force"):
        make(**subject)
    ended(lock)
    make(**subject)


def test_lockdown_nobody_lifts_their_own():
    lock = f.LockDownFactory()
    with breaks("lockdown_nobody_lifts_their_own"):
        ended(lock, lifted_by=lock.person)


@LOCKS
@pytest.mark.parametrize("change", [{"reason": "mistake"}, {"note": "…"}, {"began_at": timezone.now()}])
def test_only_its_end_is_ever_written(make, change):
    lock = make()
    with breaks("lockdown_only_ends"):
        type(lock).objects.filter(pk=lock.pk).update(**change)
    ended(lock)
    with breaks("lockdown_only_ends"):
        ended(lock, lift_reason="another")


@LOCKS
def test_it_is_never_deleted(make):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        make().delete()


def test_lockdown_closes_the_log_in():
    with breaks("lockdown_closes_the_log_in"):
        f.LockDownFactory(person__is_active=True)


def test_user_locked_down_stays_out():
    lock = f.LockDownFactory()
    with breaks("user_locked_down_stays_out"):
        User.objects.filter(pk=lock.person_id).update(is_active=True)
    ended(lock)
    User.objects.filter(pk=lock.person_id).update(is_active=True)


def test_user_ended_log_ins_stay_ended():
    person = f.UserFactory(log_ins_ended=2)
    with breaks("user_ended_log_ins_stay_ended"):
        User.objects.filter(pk=person.pk).update(log_ins_ended=1)


def test_access_once_a_day():
    entry = f.AccessEntryFactory()
    entry.refresh_from_db()
    same = {"by": entry.by, "subject_uuid": entry.subject_uuid}
    with breaks("access_once_a_day"):
        f.AccessEntryFactory(**same)
    f.AccessEntryFactory(**same, day=entry.day - timedelta(days=1))


def test_the_day_of_an_access_is_the_one_in_tokyo():
    entry = f.AccessEntryFactory()
    entry.refresh_from_db()
    assert isinstance(entry.day, date)
    assert entry.day == timezone.localdate(entry.at)


def test_export_counts_its_rows():
    with breaks("export_counts_its_rows"):
        f.ExportEntryFactory(row_count=0, rows=[f.AccessEntryFactory().subject_uuid])


@pytest.mark.parametrize("table", ["accounts_accessentry", "accounts_exportentry"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET subject_type = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_seen_cannot_be_unsaid(table, verb):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(verb.format(table))
