"""What one sponsor reads: the published news of their own child, and their own payments."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from foster.enums import UpdateState
from foster.models import Child, ChildUpdate, Sponsor, UpdatePhoto
from foster.selectors.balances import Balance, DueLine, balances


@dataclass
class Payments:
    """`dues`: newest first, each with what it is for, as far as the sponsor may still read it."""

    balance: Balance
    dues: list[tuple[DueLine, str]]


def own_sponsor(user: User) -> Sponsor | None:
    """The sponsor behind a log-in; None while the office has not linked them yet."""
    return Sponsor.objects.visible_to(user).filter(user=user).first()


def with_photos(updates: QuerySet[ChildUpdate]) -> QuerySet[ChildUpdate]:
    """With the child and the list of photos, without their bytes."""
    photos = Prefetch("photos", UpdatePhoto.objects.defer("image"))
    return updates.select_related("child").prefetch_related(photos)


def published_news(user: User) -> QuerySet[ChildUpdate]:
    """Published and theirs, newest first."""
    published = ChildUpdate.objects.visible_to(user).filter(state=UpdateState.PUBLISHED)
    return with_photos(published).order_by("-published_at", "-pk")


def own_payments(user: User) -> Payments | None:
    found = balances(Sponsor.objects.visible_to(user).filter(user=user))
    if not found:
        return None
    called = dict(Child.objects.visible_to(user).values_list("pk", "called"))
    # A child whose sponsorship has ended is no longer named.
    dues = [(line, called.get(line.due.sponsorship.child_id or 0, "")) for line in reversed(found[0].dues)]
    return Payments(found[0], dues)
