"""What a person is given a day: a new rule from a day on, never an edit of an old one."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
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
        return _("Give the grams a person and day: above zero, up to %(most)s.") % {"most": plain(MOST_GRAMS)}


class NotWeighed(Refusal):
    about = "item"

    def __init__(self, item: "Item") -> None:
        self.item = item

    def __str__(self) -> str:
        return _("%(item)s is not weighed. A ration in grams needs an item kept in kilograms or grams.") % {
            "item": self.item
        }


class RationAlreadySet(Refusal):
    about = "valid_from"

    def __init__(self, rule: RationRule) -> None:
        self.rule = rule

    def __str__(self) -> str:
        return _(
            "From %(day)s on %(grams)s g are set already. Choose another day: the later rule holds from then."
        ) % {"day": date_format(self.rule.valid_from), "grams": plain(self.rule.grams)}


@transaction.atomic
def set_ration(
    *, by: User, item: "Item", shelter: Shelter | None, grams: Decimal, valid_from: date, today: date
) -> RationRule:
    """From a day on, at one shelter or (None) at all that have no rule of their own.

    The same rule again is the first one. Raises RationInThePast, NotARation, NotWeighed, RationAlreadySet.
    """
    if valid_from < today:
        raise RationInThePast(today)
    if not grams.is_finite() or not 0 < grams <= MOST_GRAMS or grams != round(grams, 3):
        raise NotARation
    if weighed_out(item, grams) is None:
        raise NotWeighed(item)
    rule = RationRule(item=item, shelter=shelter, grams=grams, valid_from=valid_from)
    try:
        with transaction.atomic():
            rule.save(force_insert=True)
    except IntegrityError:
        return _set_before(rule)
    audit.record(
        by=by,
        action="shelters.ration_set",
        subject=rule,
        changes=audit.difference({}, audit.snapshot(rule)),
    )
    return rule


def _set_before(rule: RationRule) -> RationRule:
    known = RationRule.objects.get(item=rule.item, shelter=rule.shelter, valid_from=rule.valid_from)
    if known.grams != rule.grams:
        raise RationAlreadySet(known)
    return known
