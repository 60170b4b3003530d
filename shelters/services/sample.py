"""What only the sample set-up does at shelters: counts, evacuations, and a first look at the levels."""

import uuid
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import make_aware

from accounts.enums import RoleName
from accounts.models import User
from core import audit
from shelters import selectors
from shelters.enums import Outcome, ShelterState
from shelters.models import Evacuation, EvacuationPerson, Posting, Shelter, Stay
from shelters.services.evacuations import note_reached, send_on, start_evacuation
from supply import selectors as stock
from supply import services as supply

_KEYS = uuid.UUID("0b9c5a52-58c4-4d0b-9b7e-8c1a3f2e6d47")
COUNTED, BEING_COUNTED, LEFT, LEAVING = "WILLOW", "MAPLE", "ALDER", "CEDAR"


@transaction.atomic
def add_sample_affairs(*, by: User, now: datetime) -> int:
    """A count with differences and one going on, an evacuation done and one going on; how many.

    None of those whose shelter the workbook did not bring. Raises PermissionDenied outside the sample set-up.
    """
    if not settings.SAMPLE:
        raise PermissionDenied
    if Evacuation.objects.exists():
        return 0
    shelters = {one.code: one for one in Shelter.objects.select_related("store")}
    done = [
        step(by, shelters[code], _there(shelters[code], now), now)
        for code, step in ((COUNTED, _count), (BEING_COUNTED, _count), (LEFT, _has_left), (LEAVING, _leaves))
        if code in shelters
    ]
    supply.watch_levels(by=by, now=now)
    return sum(done)


def _count(by: User, shelter: Shelter, today: date, now: datetime) -> bool:
    """Blind by who works there; one is finished by another person, the other waits half done."""
    counter = _keeper(shelter)
    if counter is None:
        return False
    key = _key(f"{shelter.code} counted")
    sheet = supply.begin_count(by=counter, place=shelter.store, today=today, key=key)
    lines = list(stock.lines_of_sheet(sheet))
    is_done = shelter.code == COUNTED
    short = [line.pk for line in lines if line.expected > 10][:2]
    found = {
        line.pk: (line.expected - (1 if line.pk in short else 0), "")
        for line in lines[: None if is_done else len(lines) // 2]
    }
    supply.write_counts(by=counter, sheet=sheet, found=found, is_done=is_done)
    if is_done:
        office = User.objects.filter(role=RoleName.SUPPLY_COORDINATOR).order_by("pk").first()
        supply.finish_count(
            by=office or by, sheet=sheet, reasons=dict.fromkeys(short, "spilt or miscounted"), now=now
        )
    return True


def _has_left(by: User, shelter: Shelter, today: date, now: datetime) -> bool:
    """From the day on which it was exposed until it closed, as the workbook tells it."""
    exposed = shelter.statuses.filter(state=ShelterState.EXPOSED).order_by("since").first()
    keeper = Posting.objects.filter(shelter=shelter).order_by("days").first()
    if exposed is None or keeper is None or shelter.closed_on is None:
        return False
    done = Evacuation.objects.create(
        shelter=shelter, reason=exposed.reason, started_at=_at(exposed.since), started_by=keeper.user,
        finished_at=_at(shelter.closed_on), finished_by=keeper.user,
    )  # fmt: skip
    went = Stay.objects.filter(
        shelter=shelter, outcome=Outcome.MOVED, nights__endswith__range=(exposed.since, shelter.closed_on)
    )
    for stay in went.order_by("pk"):
        after = stay.resident.stays.filter(nights__startswith=stay.nights.upper).first()
        EvacuationPerson.objects.create(
            evacuation=done, stay=stay, outcome=stay.outcome, to_code=after.shelter.code if after else "",
            by=keeper.user, at=_at(stay.nights.upper),
        )  # fmt: skip
    audit.record(by=by, action="shelters.evacuation_finished", subject=done)
    return True


def _leaves(by: User, shelter: Shelter, today: date, now: datetime) -> bool:
    """Begun today: one person is out, one colleague is reached."""
    keeper = _keeper(shelter)
    if keeper is None:
        return False
    key = _key(f"{shelter.code} left")
    reason = "papers are checked in every house of the street"
    going = start_evacuation(by=keeper, shelter=shelter, reason=reason, today=today, key=key)
    call = going.calls.order_by("pk").first()
    if call is not None:
        note_reached(by=keeper, call=call, now=now)
    stay = selectors.still_there(keeper, going, today)[-1:]
    for one in stay:
        send_on(
            by=keeper, evacuation=going, stay=one, outcome=Outcome.SAFE_COUNTRY, to=None, day=today,
            today=today, now=now, note="", key=_key("the first to go"),
        )  # fmt: skip
    return True


def _there(shelter: Shelter, now: datetime) -> date:
    return now.astimezone(ZoneInfo(shelter.time_zone)).date()


def _keeper(shelter: Shelter) -> User | None:
    """Who works there until further notice."""
    found = Posting.objects.filter(shelter=shelter, days__upper_inf=True).select_related("user")
    posting = found.order_by("pk").first()
    return posting.user if posting else None


def _at(day: date) -> datetime:
    """Nine in the morning."""
    return make_aware(datetime.combine(day, time(9)))


def _key(name: str) -> uuid.UUID:
    """The same sample is the same rows, however often it is loaded."""
    return uuid.uuid5(_KEYS, name)
