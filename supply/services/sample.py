"""What only the sample set-up does: consignments in each state, and a plan that makes drafts."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from supply import selectors
from supply.enums import PlaceKind, Reason
from supply.models import Consignment, Item, Place, Recipient, Route
from supply.services.consignments import (
    Packed,
    Wanted,
    cancel_consignment,
    pack_consignment,
    plan_consignment,
    settle_consignment,
)
from supply.services.entries import log_receipt
from supply.services.journeys import find_part, lose_all, lose_part, receive_part, send_consignment
from supply.services.plans import make_standing_plan
from supply.services.told import confirm_receipt, note_cost

_KEYS = uuid.UUID("5d0b6c2e-0a5e-4a52-9f0a-6f3c2f6c7d10")
# Days since the journey began → kilograms a line, how far it came, the courier's code name.
_JOURNEYS = (
    (24, (40, 30), "settled", "Magpie"),
    (19, (15, 10), "found", "Swift"),
    (9, (20,), "lost", "Heron"),
    (6, (20, 15), "arrived", "Heron"),
    (2, (25,), "sent", "Magpie"),
    (0, (15, 10), "packed", "Swift"),
    (-6, (20,), "planned", ""),
    (12, (10,), "cancelled", "Heron"),
)


@transaction.atomic
def add_sample_consignments(*, by: User, today: date) -> int:
    """How many were added: none where there are some already, or nothing that could be sent.

    Raises PermissionDenied outside the sample set-up.
    """
    if not settings.SAMPLE:
        raise PermissionDenied
    source = Place.objects.filter(kind=PlaceKind.WAREHOUSE).order_by("code").first()
    item = Item.objects.filter(code="RICE").first()
    ends = [one.place for one in Recipient.objects.select_related("place").order_by("code")[:2]]
    # The first of the sample is closed, the last is not.
    ends += Place.objects.filter(kind=PlaceKind.STORE).order_by("-code")[:1]
    if source is None or item is None or len(ends) < 2 or Consignment.objects.exists():
        return 0
    route = Route.objects.order_by("code").first()
    log_receipt(
        by=by, place=source, item=item, quantity=Decimal(200), reason=Reason.BOUGHT, today=today,
        occurred_on=today - timedelta(days=25), key=_key("rice"), typed="8 × bag of 25 kg",
    )  # fmt: skip
    for number, (days, amounts, reached, courier) in enumerate(_JOURNEYS):
        # The last of the places is a shelter: what is under way shows there too.
        to = ends[-1:] + ends[:1] if reached in ("arrived", "sent") else ends
        lines = [
            Wanted(item, end, Decimal(kilograms), f"{kilograms} kg")
            for kilograms, end in zip(amounts, to, strict=False)
        ]
        made = plan_consignment(
            by=by, source=source, lines=lines, planned_on=today - timedelta(days=days),
            today=today - timedelta(days=max(days, 0) + 2), key=_key(f"{number} planned"),
            route=route, courier=courier,
        )  # fmt: skip
        _carry(by, made, reached, today, today - timedelta(days=max(days, 0)))
    if route is not None:
        make_standing_plan(
            by=by, route=route, source=source, day=5, from_month=today.replace(day=1), until_month=None,
            lines=[Wanted(item, end, Decimal(75), "3 × bag of 25 kg") for end in ends[:2]],
            key=_key("standing plan"),
        )  # fmt: skip
    return len(_JOURNEYS)


def _carry(by: User, made: Consignment, reached: str, today: date, day: date) -> None:
    """From the plan as far as it is to come."""

    def take(service: Callable[..., Any], after: int = 0, **values: Any) -> None:
        key = _key(f"{made.code} {service.__name__}")
        on = min(day + timedelta(days=after), today)
        service(by=by, consignment=made, on=on, today=today, key=key, **values)

    lines = list(selectors.lines_of(made))
    if reached == "cancelled":
        take(cancel_consignment, reason="the crossing was watched")
    if reached in ("planned", "cancelled"):
        return
    take(pack_consignment, packed={line: Packed(line.planned) for line in lines})
    if reached == "packed":
        return
    take(send_consignment)
    if reached == "sent":
        return
    if reached == "lost":
        take(lose_all, after=3, how=Reason.TAKEN, reason="the carrier was stopped and let go without it")
        return
    rest = {line: line.planned - 5 for line in lines}
    take(receive_part, after=3, amounts=rest)
    if reached == "arrived":
        return
    lost = dict.fromkeys(lines, Decimal(5))
    take(lose_part, after=4, amounts=lost, how=Reason.TAKEN, reason="a guard asked for a share")
    take(settle_consignment, after=5)
    if reached == "found":
        found = {lines[0]: Decimal(5)}
        take(find_part, after=12, amounts=found, came_back=False, reason="the guard gave a bag back")
        return
    _tell(by, made, today, day + timedelta(days=5))


def _tell(by: User, made: Consignment, today: date, day: date) -> None:
    """What the receivers said, and what it cost."""
    confirm = partial(confirm_receipt, by=by, received_on=day, today=today, quality="good", is_satisfied=True)
    for number, line in enumerate(selectors.lines_of(made)):
        confirm(
            line=line, receiver=f"K-{number + 3}", quantity=line.received, people=45, note="",
            key=_key(f"{line.consignment.code} said {number}"),
        )  # fmt: skip
    for kind, amount in (("transport", 600), ("side_payment", 250)):
        note_cost(
            by=by, consignment=made, kind=kind, amount=Decimal(amount), currency="CNY", paid_on=day, note="",
            today=today, key=_key(f"{made.code} {kind}"),
        )  # fmt: skip


def _key(name: str) -> uuid.UUID:
    """The same sample is the same rows, however often it is loaded."""
    return uuid.uuid5(_KEYS, name)
