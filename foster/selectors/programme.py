"""Who is in the programme, on a day: what reports and the officers' pages count."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from foster.enums import IN_PROGRAMME
from foster.models import Child, ChildStatus, SchoolTerm, Sponsorship


def with_state(children: QuerySet[Child], day: date) -> QuerySet[Child]:
    """Annotates `state`: the newest status of the history on that day, empty when there is none yet."""
    newest = ChildStatus.objects.filter(child=OuterRef("pk"), since__lte=day).order_by("-since", "-id")
    return children.annotate(state=Subquery(newest.values("state")[:1]))


def children_in_programme(day: date) -> QuerySet[Child]:
    """Children who on that day waited or were in care; lost, resettled or of age do not count."""
    return with_state(Child.objects.all(), day).filter(state__in=IN_PROGRAMME)


def school_terms_funded(first_day: date, last_day: date) -> QuerySet[SchoolTerm]:
    """Half terms paid for on one of these days, both inside; the time they cover may be another."""
    return SchoolTerm.objects.filter(funded_on__range=(first_day, last_day))


def sponsorships_running(day: date) -> QuerySet[Sponsorship]:
    """Begun by that day and not ended on it."""
    return Sponsorship.objects.running_in(day)


def children_without_sponsor(day: date) -> QuerySet[Child]:
    """In the programme, and nobody's sponsorship runs for them."""
    sponsored = sponsorships_running(day).filter(child__isnull=False).values("child")
    return children_in_programme(day).exclude(pk__in=sponsored)
