"""The lines of a store, joined by hand: a page has dozens, and a phone waits for it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.dates import written
from core.markup import escaped, joined
from supply.enums import Reason, Unit
from supply.templatetags.supplies import in_packs

if TYPE_CHECKING:
    from supply.models import Lot, Movement

register = template.Library()


@register.simple_tag
def stock_rows(lines: Iterable[Any]) -> str:
    """A `<tr>` for each line of `supply.selectors.lines_in`: item and lot, amount and packs.

    `expiring` of a line: what becomes of its lot (`Expiring`), or None.
    """
    return joined(
        (f'<tr><td>{_goods(line)}</td><td class="number">{_amounts(line)}</td></tr>' for line in lines), "\n"
    )


@register.simple_tag
def entry(movement: "Movement", store: int) -> str:
    """What was logged, seen from the place with this key; when, and by whom."""
    sign = "+" if movement.destination_id == store else "−"
    goods = f"{escaped(movement.item)} · {escaped(Reason(movement.reason).label)}"
    amount = escaped(Unit(movement.item.base_unit).amount(movement.quantity))
    mistake = ' class="is-mistake"' if movement.is_mistake else ""  # type: ignore[attr-defined]
    at = written(localtime(movement.recorded_at), "SHORT_DATETIME_FORMAT")
    logged = escaped(_("logged by %(name)s, %(at)s") % {"name": movement.by, "at": at})
    below = f"{written(movement.occurred_on)} · {logged}"
    if movement.document:
        below += f"<br>{escaped(movement.document)}"
    return joined([f'<div{mistake}><span class="number">{sign}{amount}</span> {goods}</div>', _small(below)])


def _goods(line: Any) -> str:
    lot = f" {_lot(line.lot)}" if line.lot else ""
    becomes = render_to_string("shelters/expires.html", {"line": line.expiring}) if line.expiring else ""
    return f"{escaped(line.item)}{lot}{becomes and '<br>'}{becomes}"


def _lot(lot: "Lot") -> str:
    words = f'<span class="text-nowrap">{escaped(lot)}</span>'
    if lot.expires_on:
        day = written(lot.expires_on, "SHORT_DATE_FORMAT")
        words += f" · {escaped(_('use by %(day)s') % {'day': day})}"
    return _small(words)


def _amounts(line: Any) -> str:
    unit = Unit(line.item.base_unit)
    below = [in_packs(line.quantity, line.packs)]
    if line.reserved:
        words = {"reserved": unit.amount(line.reserved), "free": unit.amount(line.free)}
        below.append(_("all lots: %(reserved)s reserved, %(free)s free") % words)
    return escaped(unit.amount(line.quantity)) + "".join(
        f"<br>{_small(escaped(one))}" for one in below if one
    )


def _small(words: str) -> str:
    return f'<small class="text-body-secondary">{words}</small>'
