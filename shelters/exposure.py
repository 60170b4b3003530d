"""What a log-in could see of shelters, of the people there, of what came to them and what was done to them
(accounts.exposure)."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.exposure import Item, Kind, Sight, call, initial_of, listed
from accounts.models import User
from accounts.permissions import Right
from core.models import DayAt
from shelters import selectors
from shelters.models import (
    Allowance,
    Evacuation,
    Incident,
    IncidentNote,
    MedicalCase,
    Posting,
    Resident,
    Shelter,
    Stay,
)
from supply import selectors as supply


def _shelters(sight: Sight) -> list[Item]:
    """Field staff: where they were posted on these days, also where they see nothing any more."""
    if sight.user.role != RoleName.FIELD_STAFF:
        by_code = Shelter.objects.visible_to(sight.user).values_list("uuid", "code")
        return [Item(uuid, code, is_close=False) for uuid, code in by_code]
    days: dict[Shelter, int] = {}
    for posting in _postings(sight).select_related("shelter"):
        days[posting.shelter] = days.get(posting.shelter, 0) + _days_inside(posting, sight)
    return [Item(shelter.uuid, shelter.code, days=number) for shelter, number in days.items()]


def _postings(sight: Sight) -> QuerySet[Posting]:
    return Posting.objects.filter(user=sight.user, days__overlap=_days(sight))


def _days(sight: Sight) -> DateRange:
    return DateRange(sight.first, _day_after(sight.last))


def _days_inside(posting: Posting, sight: Sight) -> int:
    end = _day_after(sight.last)
    return (min(posting.days.upper or end, end) - max(posting.days.lower, sight.first)).days


def _day_after(day: date) -> date:
    return day + timedelta(days=1)


def _residents(sight: Sight) -> list[Item]:
    """As `visible_to`: whoever stays, stayed or is expected at a shelter they could see, and whom they wrote
    down."""
    if not sight.user.may(Right.RESIDENTS_READ):
        return []
    here = Stay.objects.filter(
        resident=OuterRef("pk"), is_planned=False, nights__contains=DayAt(F("shelter__time_zone"))
    )
    with_place = _near(sight).annotate(place=Subquery(here.values("shelter__code")[:1]))
    rows = with_place.values_list("uuid", "code", "place")
    return [Item(uuid, code, place=place or "") for uuid, code, place in rows]


def _near(sight: Sight) -> QuerySet[Resident]:
    stays = Stay.objects.filter(shelter__in=_postings(sight).values("shelter"), cancelled_at__isnull=True)
    return Resident.objects.filter(Q(pk__in=stays.values("resident")) | Q(registered_by=sight.user))


def _incidents(sight: Sight) -> list[Item]:
    """Field staff: of the shelters where they were posted on these days; others by code, all."""
    if not sight.user.may(Right.INCIDENTS_READ):
        return []
    if sight.user.role != RoleName.FIELD_STAFF:
        return listed(Incident.objects.all(), is_close=False)
    return listed(Incident.objects.filter(shelter__in=_postings(sight).values("shelter")))


def _medical_cases(sight: Sight) -> list[Item]:
    if not sight.user.may(Right.MEDICAL_WRITE):
        return []
    return listed(MedicalCase.objects.filter(resident__in=_near(sight)))


def _notes_on_incidents(sight: Sight) -> list[Item]:
    """What is told of persons: for who tells of the incident themselves."""
    if not sight.user.may(Right.REVEAL_INCIDENT):
        return []
    if sight.user.role == RoleName.FIELD_STAFF:
        notes = IncidentNote.objects.filter(incident__shelter__in=_postings(sight).values("shelter"))
    else:
        notes = IncidentNote.objects.filter(incident__route__isnull=False)
    rows = notes.filter(note__isnull=False).values_list("uuid", "incident__code", "happened_on")
    return [Item(uuid, f"{code} {day}") for uuid, code, day in rows]


def _notes_on_leaving(sight: Sight) -> list[Item]:
    if not sight.user.may(Right.REVEAL_RESIDENT_IDENTITY):
        return []
    stays = Stay.objects.filter(shelter__in=_postings(sight).values("shelter"), note__isnull=False)
    rows = stays.values_list("uuid", "resident__code", "shelter__code")
    return [Item(uuid, code, place=place) for uuid, code, place in rows]


def _allowances(sight: Sight) -> list[Item]:
    if not sight.user.may(Right.MEDICAL_WRITE):
        return []
    given = Allowance.objects.filter(resident__in=_near(sight))
    rows = given.values_list("uuid", "resident__code", "from_month")
    return [Item(uuid, f"{code} {month:%Y-%m}") for uuid, code, month in rows]


def _evacuations(sight: Sight) -> list[Item]:
    """Where everybody went, for who works there; that there was one, for others who read shelters."""
    if not sight.user.may(Right.SHELTERS_READ):
        return []
    found, is_close = Evacuation.objects.all(), sight.user.role == RoleName.FIELD_STAFF
    if is_close:
        found = found.filter(shelter__in=_postings(sight).values("shelter"))
    rows = found.values_list("uuid", "shelter__code", "started_at__date")
    return [Item(uuid, f"{code} {day}", place=code, is_close=is_close) for uuid, code, day in rows]


def _colleagues(sight: Sight) -> list[Item]:
    """Who works where: field staff know it of their own shelters, who reads accounts of all."""
    found, is_close = Posting.objects.all(), sight.user.role == RoleName.FIELD_STAFF
    if is_close:
        found = found.filter(shelter__in=_postings(sight).values("shelter")).exclude(user=sight.user)
    elif not sight.user.may(Right.ACCOUNTS_READ):
        return []
    rows = found.values_list("uuid", "user__name", "shelter__code")
    return [
        Item(uuid, initial_of(name), place=code, is_close=is_close, name=name) for uuid, name, code in rows
    ]


def _consignments(sight: Sight) -> list[Item]:
    """Field staff: what was sent to the stores of shelters where they were posted on these days."""
    if sight.user.may(Right.ROUTES_READ):
        return listed(supply.consignments(sight.user))
    if not sight.user.may(Right.STOCK_LOG):
        return []
    return listed(supply.consignments_sent_to(_postings(sight).values("shelter__store")))


def _counts(sight: Sight) -> list[Item]:
    """What lies at a place, line by line."""
    if not sight.user.may(Right.STOCK_COUNT):
        return []
    if sight.user.may(Right.STOCK_READ):
        found = supply.count_sheets(sight.user)
    else:
        found = supply.count_sheets_at(_postings(sight).values("shelter__store"))
    rows = found.values_list("uuid", "place__code", "counted_on")
    return [Item(uuid, f"{code} {day}", place=code) for uuid, code, day in rows]


def _posted_at(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    shelters = dict(Shelter.objects.filter(uuid__in=uuids).values_list("pk", "uuid"))
    posted = selectors.posted_now(shelters)
    return {uuid: posted.get(key, []) for key, uuid in shelters.items()}


def _posted_with(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    """Who is posted where the resident stays tonight."""
    stays = Stay.objects.filter(
        resident__uuid__in=uuids, is_planned=False, nights__contains=DayAt(F("shelter__time_zone"))
    )
    return _posted_where(dict(stays.values_list("resident__uuid", "shelter")))


def _posted_where_it_was(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    struck = Incident.objects.filter(uuid__in=uuids, shelter__isnull=False)
    return _posted_where(dict(struck.values_list("uuid", "shelter")))


def _posted_where_it_was_told(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    told = IncidentNote.objects.filter(uuid__in=uuids, incident__shelter__isnull=False)
    return _posted_where(dict(told.values_list("uuid", "incident__shelter")))


def _posted_where_they_left(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    return _posted_where(dict(Stay.objects.filter(uuid__in=uuids).values_list("uuid", "shelter")))


def _posted_where_all_left(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    return _posted_where(dict(Evacuation.objects.filter(uuid__in=uuids).values_list("uuid", "shelter")))


def _posted_with_who_is_given(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    given = dict(Allowance.objects.filter(uuid__in=uuids).values_list("uuid", "resident__uuid"))
    posted = _posted_with(set(given.values()))
    return {one: posted.get(resident, []) for one, resident in given.items()}


def _themselves(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    postings = Posting.objects.filter(uuid__in=uuids).select_related("user")
    return {posting.uuid: [posting.user] for posting in postings}


def _posted_with_the_sick(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    cases = dict(MedicalCase.objects.filter(uuid__in=uuids).values_list("uuid", "resident__uuid"))
    posted = _posted_with(set(cases.values()))
    return {case: posted.get(resident, []) for case, resident in cases.items()}


def _posted_where(shelter_of: dict[UUID, int]) -> dict[UUID, list[User]]:
    posted = selectors.posted_now(set(shelter_of.values()))
    return {uuid: posted.get(shelter, []) for uuid, shelter in shelter_of.items()}


SHELTERS = Kind("shelters.shelter", _("shelters"), _shelters, _posted_at)
RESIDENTS = Kind("shelters.resident", _("residents"), _residents, _posted_with)
INCIDENTS = Kind("shelters.incident", _("incidents"), _incidents, _posted_where_it_was)
MEDICAL_CASES = Kind("shelters.medicalcase", _("medical cases"), _medical_cases, _posted_with_the_sick)
NOTES_ON_INCIDENTS = Kind(
    "shelters.incidentnote", _("notes on incidents"), _notes_on_incidents, _posted_where_it_was_told
)
NOTES_ON_LEAVING = Kind("shelters.stay", _("notes on leaving"), _notes_on_leaving, _posted_where_they_left)
POSTINGS = Kind("shelters.posting", _("who works where"), _colleagues, _themselves)
CONSIGNMENTS = Kind("supply.consignment", _("consignments"), _consignments, call(RoleName.SUPPLY_COORDINATOR))
EVACUATIONS = Kind("shelters.evacuation", _("evacuations"), _evacuations, _posted_where_all_left)
ALLOWANCES = Kind("shelters.allowance", _("allowances"), _allowances, _posted_with_who_is_given)
COUNTS = Kind("supply.countsheet", _("counts of stores"), _counts)
