"""The officers' registers and what waits for them today."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import User
from core.fiscal import month_of
from core.money import Money
from foster.enums import UpdateState
from foster.models import Child, ChildStatus, Due, Reminder, Sponsor, Sponsorship
from foster.selectors.balances import balances, total_open
from foster.selectors.programme import with_state


@dataclass
class Arrears:
    """What a sponsor still owes of months that are over."""

    sponsor: Sponsor
    since: date
    months: int
    open: list[Money]


def _running(day: date, path: str) -> Q:
    over = Q(**{f"{path}__ended_on__isnull": True}) | Q(**{f"{path}__ended_on__gt": day})
    return Q(**{f"{path}__started_on__lte": day}) & over


def children_register(user: User, day: date) -> QuerySet[Child]:
    """With `state`, `sponsors` (running that day) and `last_news` (day of the newest published update)."""
    return (
        with_state(Child.objects.visible_to(user), day)
        .select_related("shelter")
        .annotate(
            sponsors=Count("sponsorships", filter=_running(day, "sponsorships"), distinct=True),
            last_news=Max("updates__written_on", filter=Q(updates__state=UpdateState.PUBLISHED)),
        )
    )


def sponsors_register(user: User, day: date) -> QuerySet[Sponsor]:
    """With `running`: how many of their sponsorships run that day."""
    running = Count("sponsorships", filter=_running(day, "sponsorships"))
    return Sponsor.objects.visible_to(user).annotate(running=running)


def sponsorships_of(record: Child | Sponsor) -> QuerySet[Sponsorship]:
    """Newest first, with child, sponsor, rates and pauses."""
    return (
        record.sponsorships.select_related("child", "sponsor")
        .prefetch_related("rates", "pauses")
        .order_by("-started_on", "code")
    )


def statuses_of(child: Child) -> QuerySet[ChildStatus]:
    """Newest first."""
    return child.statuses.order_by("-since", "-pk")


def reminders_of(sponsor: Sponsor) -> QuerySet[Reminder]:
    """Newest month first."""
    return sponsor.reminders.order_by("-month", "-level")


def sponsors_in_arrears(day: date) -> list[Arrears]:
    """Who owes for a month before this one, payments not yet shared out counted."""
    month = month_of(day)
    owing = Due.objects.filter(month__lt=month).with_paid().filter(open__gt=0)
    found = []
    for balance in balances(Sponsor.objects.filter(pk__in=owing.values("sponsorship__sponsor"))):
        if lines := balance.open_before(month):
            months = len({line.due.month for line in lines})
            found.append(Arrears(balance.sponsor, lines[0].due.month, months, total_open(lines)))
    return found
