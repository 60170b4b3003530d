"""Log-ins that are alive: begun, seen, ended. One row each, so that ending a person's is one statement."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import Device, User
from core import audit


@transaction.atomic
def begin_device(*, by: User, session_key: str, kind: str, now: datetime) -> Device:
    device = Device.objects.create(user=by, session_key=session_key, kind=kind, began_at=now, seen_at=now)
    audit.record(by=by, action="accounts.logged_in", subject=by, changes={"device": [None, kind]})
    return device


@transaction.atomic
def end_device(*, by: User, device: Device) -> None:
    """Its next request meets the log-in."""
    if _end(Device.objects.filter(pk=device.pk)):
        changes = {"device": [device.kind, None]}
        audit.record(by=by, action="accounts.device_ended", subject=device.user, changes=changes)


@transaction.atomic
def log_out_everywhere(*, by: User, person: User) -> int:
    """For a lost phone: the next request of every device meets the log-in. Returns how many there were."""
    return _end_of_person(by, person, "")


@transaction.atomic
def end_other_devices(*, by: User, here: str) -> int:
    """All log-ins of the person but that of session `here`. Returns how many there were."""
    return _end_of_person(by, by, here)


@transaction.atomic
def see_device(*, by: User, device: Device, now: datetime) -> None:
    """The device asked for a page. Never backwards, whatever the clock does."""
    Device.objects.filter(pk=device.pk, seen_at__lt=now).update(seen_at=now)


@transaction.atomic
def move_device(*, by: User, device: Device, session_key: str) -> None:
    """The same log-in under a new session id."""
    Device.objects.filter(pk=device.pk).update(session_key=session_key)


@transaction.atomic
def forget_dead_devices(*, by: User, now: datetime) -> int:
    """Log-ins over their limits, and sessions past their time. Returns how many log-ins there were."""
    Session.objects.filter(expire_date__lt=now).delete()
    return _end(Device.objects.dead(now))


def end_quietly(*, person: User, but: str = "") -> int:
    """For services that end a person's log-ins as a part of what they write down themselves.

    Also a log-in that is just being made is dead: it was sealed with the count of before. So is that of
    session `but`, until its view renews it (`accounts.entry.devices.renew`).
    """
    User.objects.filter(pk=person.pk).update(log_ins_ended=F("log_ins_ended") + 1)
    person.refresh_from_db(fields=["log_ins_ended"])
    return _end(Device.objects.filter(user=person).exclude(session_key=but))


def _end_of_person(by: User, person: User, but: str) -> int:
    ended = end_quietly(person=person, but=but)
    left = Device.objects.filter(user=person).count()
    changes = {"devices": [ended + left, left]}
    audit.record(by=by, action="accounts.logged_out", subject=person, changes=changes)
    return ended


def _end(devices: QuerySet[Device]) -> int:
    Session.objects.filter(session_key__in=devices.values("session_key")).delete()
    return devices.delete()[0]
