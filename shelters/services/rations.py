"""What a person is given a day: a new rule from a day on, never an edit of an old one."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.quantities import plain
from shelters.models import RationRule, Shelter
from shelters.models.rations import MOST_GRAMS
from shelters.selectors import weighed_out
from supply.services import Refusal

if TYPE_CHECKING:
    from supply.models import Item


class RationInThePast(Refusal):
    about = "valid_from"

    def __init__(self, today: date) -> None:
        self.today = today

    def __str__(self) -> str:
        return _("What was given in the past stays as it was. Choose %(today)s or a later day.") % {
            "today": date_format(self.today)
        }


class NotARation(Refusal):
    about = "grams"

    def __str__(self) -> str:
        return _("Give the grams a person and day: up to %(most)s, or 0 to end the ration.") % {
            "most": plain(MOST_GRAMS)
        }


class NotWeighed(Refusal):
    about = "item"

    def __init__(self, item: "Item") -> None:
        self.item = item

    def __str__(self) -> str:
        return _("%(item)s is not weighed. A ration in grams needs an item kept in kilograms or grams.") % {
            "item": self.item
        }


class NoRationToEnd(Refusal):
    about = "grams"

    def __str__(self) -> str:
        return _("No ration of this item is in force there on that day. There is nothing to end.")


@transaction.atomic
def set_ration(
    *, by: User, item: "Item", shelter: Shelter | None, grams: Decimal, valid_from: date, today: date
) -> RationRule:
    """From a day on, at one shelter or (None) at all that have no rule of their own.

    0 grams end it: a shelter's own, so that the one for all holds there again, or the one for all. One from
    the same day is put right by it. The same rule again is the first one. Raises RationInThePast, NotARation,
    NotWeighed, NoRationToEnd.
    """
    if valid_from < today:
        raise RationInThePast(today)
    if not grams.is_finite() or not 0 <= grams <= MOST_GRAMS or grams != round(grams, 3):
        raise NotARation
    if weighed_out(item, grams or MOST_GRAMS) is None:
        raise NotWeighed(item)
    type(item).objects.select_for_update().get(pk=item.pk)  # two who set it: one after the other
    before = _in_force(item, shelter, valid_from)
    if before and (before.grams, before.valid_from) == (grams, valid_from):
        return before
    if not grams and (before is None or not before.grams):
        raise NoRationToEnd
    rule = RationRule(item=item, shelter=shelter, grams=grams, valid_from=valid_from)
    rule.save(force_insert=True)
    audit.record(
        by=by,
        action="shelters.ration_set",
        subject=rule,
        changes=audit.difference({}, audit.snapshot(rule)),
    )
    return rule


def _in_force(item: "Item", shelter: Shelter | None, day: date) -> RationRule | None:
    rules = RationRule.objects.filter(item=item, shelter=shelter, valid_from__lte=day)
    return rules.order_by("-valid_from", "-id").first()
