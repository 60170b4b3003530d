"""Counts of whole places: who may see which, and what the ledger says of their lines."""

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.permissions import Right
from supply.enums import OPEN_COUNTS, CountState
from supply.models import Balance, CountLine, CountSheet, Item, Lot, Movement, Place
from supply.selectors.office import own_places
from supply.selectors.stock import items, lots_at


def places_to_count(user: User) -> QuerySet[Place]:
    """All of ours for the office, their own stores for field staff."""
    if user.may(Right.STOCK_READ):
        return own_places(user)
    return Place.objects.filter(pk__in=import_string(settings.OWN_STORES)(user))


def count_sheets(user: User) -> QuerySet[CountSheet]:
    """Annotated `all_lines`, `differing`: how many of a finished one were not as expected."""
    found = CountSheet.objects.filter(place__in=places_to_count(user))
    differing = Count("lines", filter=Q(state=CountState.FINISHED) & ~Q(lines__counted=F("lines__expected")))
    return found.select_related("place", "counter", "finisher").annotate(
        all_lines=Count("lines"), differing=differing
    )


def count_sheets_at(places: QuerySet) -> QuerySet[CountSheet]:
    """`places`: their ids. The caller has seen to it that they may be shown."""
    return CountSheet.objects.filter(place__in=places)


def open_sheet_of(place: Place) -> CountSheet | None:
    return CountSheet.objects.filter(place=place, state__in=OPEN_COUNTS).first()


def lines_of_sheet(sheet: CountSheet) -> QuerySet[CountLine]:
    found = CountLine.objects.filter(sheet=sheet).select_related("item", "lot", "result")
    return found.prefetch_related("item__packs")


def newest_of_lines(place: Place) -> dict[tuple[int, int | None], int]:
    """(item id, lot id or None) → key of the newest movement of that line; who took a line down knows by it
    whether it moved since."""
    newest = Movement.objects.of_place(place).order_by().values_list("item", "lot").annotate(last=Max("id"))
    return {(item, lot): last for item, lot, last in newest}


def lines_to_take_down(place: Place) -> QuerySet[Balance]:
    """What a count of the place begins with: every line that holds something."""
    return Balance.objects.filter(place=place, quantity__gt=0).order_by("pk")


def lines_to_add(sheet: CountSheet) -> list[tuple[Item, Lot | None]]:
    """Items, and lots that ever were at the place, which the sheet does not have yet."""
    there = set(sheet.lines.values_list("item", "lot"))
    lots = list(lots_at(sheet.place))
    found: list[tuple[Item, Lot | None]] = []
    for item in items():
        choices = [None, *(lot for lot in lots if lot.item_id == item.pk)]
        found += [(item, lot) for lot in choices if (item.pk, lot and lot.pk) not in there]
    return found
