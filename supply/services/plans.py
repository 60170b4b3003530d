"""Routes and what they carry each month: their state, their targets, their standing plans."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.services import save_record
from supply import selectors
from supply.enums import NOT_PASSABLE, RouteState
from supply.models import Place, Route, RouteStatus, RouteTarget, StandingPlan, StandingPlanLine
from supply.services.consignments import Wanted, next_number, plan_consignment, refuse_plan
from supply.services.ledger import refuse_day
from supply.services.refusals import Refusal
from supply.services.shut import PlaceIsShut, RouteNotPassable, refuse_shut


class StateAsBefore(Refusal):
    def __init__(self, route: Route, state: str) -> None:
        self.route, self.state = route, state

    def __str__(self) -> str:
        return _("%(route)s is %(state)s already. Choose what it is now.") % {
            "route": self.route.code,
            "state": RouteState(self.state).label,
        }


class CauseMissing(Refusal):
    def __str__(self) -> str:
        return _("Say what happened, in a few words without names or places.")


class NewerStateKnown(Refusal):
    def __str__(self) -> str:
        return _("The route has a state of a later day already. Choose that day or a later one.")


@transaction.atomic
def change_route_status(
    *, by: User, route: Route, state: str, since: date, cause: str, today: date
) -> RouteStatus:
    """The same again: the first one. Raises StateAsBefore, CauseMissing, NewerStateKnown, DayNotAllowed."""
    Route.objects.select_for_update().get(pk=route.pk)
    refuse_day(since, today, any_day=True)
    if not cause.strip():
        raise CauseMissing
    last = route.statuses.order_by("-since", "-id").first()
    if last is not None and (last.state, last.since, last.cause) == (state, since, cause.strip()[:200]):
        return last
    if last is not None and last.state == state:
        raise StateAsBefore(route, state)
    if last is not None and last.since > since:
        raise NewerStateKnown
    return save_record(
        by=by, record=RouteStatus(route=route), action="route.status", state=state, since=since,
        cause=cause.strip()[:200],
    )  # fmt: skip


@transaction.atomic
def set_route_target(*, by: User, route: Route, from_month: date, kilograms_a_month: Decimal) -> RouteTarget:
    """From this month on; a target of the same month is replaced. Raises ValidationError."""
    Route.objects.select_for_update().get(pk=route.pk)
    record = RouteTarget.objects.filter(route=route, from_month=from_month).first()
    return save_record(
        by=by,
        record=record or RouteTarget(route=route),
        action="route.target",
        from_month=from_month,
        kilograms_a_month=kilograms_a_month,
    )


@transaction.atomic
def make_standing_plan(
    *,
    by: User,
    route: Route,
    source: Place,
    day: int,
    from_month: date,
    until_month: date | None,
    lines: Iterable[Wanted],
    key: UUID,
) -> StandingPlan:
    """What the route is to carry each month. The same key again: the first one.

    Raises NothingPlanned, WrongPlace, PlaceIsShut, the refusals of amounts, ValidationError.
    """
    Route.objects.select_for_update().get(pk=route.pk)
    first = StandingPlan.objects.filter(key=key).first()
    if first is not None:
        return first
    wanted = list(lines)
    refuse_plan(source, wanted)
    refuse_shut(one.destination for one in wanted)
    plan = save_record(
        by=by, record=StandingPlan(key=key, route=route), action="plan.made", source=source, day=day,
        from_month=from_month, until_month=until_month,
    )  # fmt: skip
    for one in wanted:
        StandingPlanLine.objects.create(
            plan=plan, item=one.item, destination=one.destination, quantity=one.quantity, typed=one.typed[:60]
        )
    return plan


@transaction.atomic
def end_standing_plan(*, by: User, plan: StandingPlan, until_month: date) -> StandingPlan:
    """The last month for which it makes a draft. Raises ValidationError when it lies before the first."""
    return save_record(by=by, record=plan, action="plan.ended", until_month=until_month)


@transaction.atomic
def make_drafts(*, by: User, month: date, today: date) -> int:
    """A consignment for each plan in force in the month that has none yet; how many were made.

    Safe to run again and twice at once: one runs after the other; the database keeps one a plan and month.
    Those for which `plans_waiting` says why not get none.
    """
    next_number(month)  # who drafts the same waits here, and then finds nothing to do
    made = 0
    for plan in [plan for plan, why in plans_waiting(month) if why is None]:
        try:
            plan_consignment(
                by=by, source=plan.source, route=plan.route, planned_on=month.replace(day=plan.day),
                today=today, key=uuid5(plan.uuid, f"{month:%Y-%m}"), plan=plan, plan_month=month,
                lines=_wanted(plan),
            )  # fmt: skip
        except Refusal:  # reported at this moment: it keeps no draft of the others, and waits
            continue
        made += 1
    return made


def plans_waiting(month: date) -> list[tuple[StandingPlan, Refusal | None]]:
    """Plans without a draft for the month, and why one gets none: a lost route, a shelter in danger, or what
    a workbook wrote and no consignment can be."""
    plans: list[Any] = list(selectors.plans_to_draft(month))  # Any: they carry `state`
    ends = {line.destination for plan in plans for line in plan.lines.all()}
    shut = selectors.shut_stores(ends)
    return [(plan, _why_not(plan, shut)) for plan in plans]


def _why_not(plan: Any, shut: dict[int, selectors.Shut]) -> Refusal | None:
    if plan.state in NOT_PASSABLE:
        return RouteNotPassable(plan.route, plan.state)
    wanted = _wanted(plan)
    for end in (one.destination for one in wanted):
        if end.pk in shut:
            return PlaceIsShut(end, shut[end.pk])
    try:
        refuse_plan(plan.source, wanted)
    except Refusal as refusal:
        return refusal
    return None


def _wanted(plan: StandingPlan) -> list[Wanted]:
    return [Wanted(line.item, line.destination, line.quantity, line.typed) for line in plan.lines.all()]
