"""Who gets this month's reminder, and why others do not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from core.enums import JobState
from core.models import Job, OutboxMessage
from core.money import Money
from foster.enums import ReminderResult
from foster.models import Due, Reminder, ReminderOutcome, ReminderRun, Sponsor, Sponsorship, SponsorshipRate
from foster.selectors.balances import Balance, balances, total_open


@dataclass
class Standing:
    """A sponsor in a month: what is open, and what follows from it."""

    balance: Balance
    result: ReminderResult
    open: list[Money]  # of the month, of sponsorships that may be reminded of
    earlier: list[Money]
    sponsorships: int  # how many of them are open in the month

    @property
    def sponsor(self) -> Sponsor:
        return self.balance.sponsor


def dues_owed(month: date) -> list[Due]:
    """Dues of the month that nobody made yet, at the rate in force; none inside a pause. Not saved."""
    rates = SponsorshipRate.objects.filter(sponsorship=OuterRef("pk"), from_month__lte=month).order_by(
        "-from_month"
    )
    owing = (
        Sponsorship.objects.running_in(month)
        .exclude(dues__month=month)
        .exclude(pauses__days__contains=month)
        .annotate(rate=Subquery(rates.values("amount")[:1]), unit=Subquery(rates.values("currency")[:1]))
        .filter(rate__isnull=False)
        .order_by("pk")  # one order for every writer: two generators at once cannot deadlock
    )
    return [
        Due(sponsorship=sponsorship, month=month, amount=sponsorship.rate, currency=sponsorship.unit)
        for sponsorship in owing
    ]


def sponsors_concerned(month: date) -> QuerySet[Sponsor]:
    """Sponsors with a sponsorship that ran when the month began."""
    running = Sponsorship.objects.running_in(month)
    return Sponsor.objects.filter(pk__in=running.values("sponsor")).order_by("code")


def sponsors_to_work_through(month: date) -> QuerySet[Sponsor]:
    """Those concerned, and those who still owe for another month: their payments are shared out too."""
    owing = Due.objects.with_paid().filter(open__gt=0).values("sponsorship__sponsor")
    return Sponsor.objects.filter(
        Q(pk__in=sponsors_concerned(month).values("pk")) | Q(pk__in=owing)
    ).order_by("code")


def preview(*, month: date, level: int, today: date) -> list[Standing]:
    """What a run would find now. Nothing is written; the same rules as the run's own."""
    return standings(sponsors_concerned(month), month=month, level=level, today=today, owed=dues_owed(month))


def standings(
    sponsors: QuerySet[Sponsor], *, month: date, level: int, today: date, owed: Iterable[Due] = ()
) -> list[Standing]:
    """One standing a sponsor; eleven queries, however many sponsors."""
    found = balances(sponsors.prefetch_related("sponsorships__pauses"), owed=owed)
    people = [balance.sponsor for balance in found]
    reminded = set(
        Reminder.objects.filter(sponsor__in=people, month=month, level=level).values_list(
            "sponsor", flat=True
        )
    )
    return [_standing(balance, month, today, balance.sponsor.pk in reminded) for balance in found]


def _standing(balance: Balance, month: date, today: date, already: bool) -> Standing:
    sponsorships = list(balance.sponsor.sponsorships.all())
    asked = {each.pk for each in sponsorships if not each.is_paused(month, today) and not each.is_over(today)}
    lines = balance.open_in(month, of=asked)
    if lines:
        result = _may_be_sent(balance.sponsor, today, already)
    else:
        result = _why_not(balance, sponsorships, month, today)
    earlier = total_open(balance.open_before(month, of=asked))
    return Standing(balance, result, total_open(lines), earlier, len(lines))


def _may_be_sent(sponsor: Sponsor, today: date, already: bool) -> ReminderResult:
    if sponsor.no_reminders_since and sponsor.no_reminders_since <= today:
        return ReminderResult.OPTED_OUT
    if already:
        return ReminderResult.ALREADY
    if not sponsor.address:
        return ReminderResult.NO_ADDRESS
    return ReminderResult.TO_SEND


def _why_not(balance: Balance, sponsorships: list[Sponsorship], month: date, today: date) -> ReminderResult:
    """Nothing is open that one could remind of: the most telling of the reasons."""
    due = {line.due.sponsorship_id for line in balance.dues if line.due.month == month}
    running = [each for each in sponsorships if each.runs_on(month)]
    left = [each for each in running if not each.is_over(today) and not each.is_paused(month, today)]
    if any(each.pk not in due for each in left):
        return ReminderResult.NO_RATE
    if left:
        return ReminderResult.PAID
    if any(each.is_paused(month, today) for each in running):
        return ReminderResult.PAUSED
    return ReminderResult.ENDED


def is_still_wanted(key: str, *, today: date) -> bool:
    """Asked at the moment of sending: still open, not paused, not opted out, not ended?

    `key`: `Reminder.key` of the mail.
    """
    _kind, sponsor, month, level = key.split(":")
    found = standings(
        Sponsor.objects.filter(uuid=sponsor),
        month=date.fromisoformat(f"{month}-01"),
        level=int(level),
        today=today,
    )
    return any(standing.result == ReminderResult.ALREADY for standing in found)


def outcomes(run: ReminderRun) -> QuerySet[ReminderOutcome]:
    """What the run found, with `mail`: the state of the mail it posted, as the outbox knows it now."""
    posted = Reminder.objects.filter(run=run, sponsor=OuterRef("sponsor")).values("message_uuid")[:1]
    message = OutboxMessage.objects.filter(uuid=OuterRef("message")).values("state")[:1]
    return (
        run.outcomes.select_related("sponsor")
        .annotate(message=Subquery(posted))
        .annotate(mail=Subquery(message))
    )


def result_counts(run: ReminderRun) -> list[tuple[str, int]]:
    """How many sponsors had which result, the most frequent first."""
    counts = run.outcomes.order_by().values_list("result").annotate(count=Count("pk"))
    most_first = counts.order_by("-count", "result")
    return [(str(ReminderResult(result).label), count) for result, count in most_first]


def job_of(run: ReminderRun) -> Job:
    return Job.objects.get(uuid=run.job_uuid)


def runs() -> QuerySet[ReminderRun]:
    """Newest first, with `by`."""
    return ReminderRun.objects.select_related("by").order_by("-pk")


def last_run(month: date) -> ReminderRun | None:
    return runs().filter(month=month).first()


def last_runs(count: int = 12) -> QuerySet[ReminderRun]:
    return runs()[:count]


def unfinished_run(month: date, now: datetime) -> ReminderRun | None:
    """The month's run that waits or goes on; one whose worker must be dead by now does not count."""
    alive = Job.objects.filter(
        state__in=[JobState.QUEUED, JobState.RUNNING],
        queued_at__gt=now - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT),
    )
    return runs().filter(month=month, job_uuid__in=alive.values("uuid")).first()
