"""What a form asks about once: sent again, it is booked as it stands."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from supply import selectors
from supply.enums import ItemKind, Unit
from supply.models import Consignment, ConsignmentLine, Item, Lot, Movement, Place, StockCount

LONGEST = 2000  # characters: some two hundred questions
_MARK = re.compile(r"[0-9a-f]{8}")
Address = Callable[[Consignment], str]


@dataclass(frozen=True)
class Doubt:
    """`field`: at which it is asked, None: of the whole form; `about`: asked once about this; `sentence`:
    the question."""

    field: str | None
    about: str
    sentence: str

    @property
    def mark(self) -> str:
        return sha256(self.about.encode()).hexdigest()[:8]


class AskedOnce(forms.Form):
    """Keeps what was asked already; whatever else somebody writes there is no mark."""

    asked = forms.Field(required=False, widget=forms.HiddenInput(attrs={"maxlength": LONGEST}))

    def asks(self, doubts: Iterable[Doubt], is_booked: Callable[[Doubt], bool]) -> bool:
        """Whether something is asked now. `is_booked`: whether the entry was booked before: sent again, it
        gets the first answer."""
        said = _MARK.findall(str(self.data.get("asked", ""))[:LONGEST])
        new = [doubt for doubt in doubts if doubt.mark not in said and not is_booked(doubt)]
        for doubt in new:
            self.add_error(doubt.field, doubt.sentence)
        if new:
            data: Any = self.data.copy()
            data["asked"] = " ".join([*said, *(doubt.mark for doubt in new)])
            self.data = data
        return bool(new)


def on_its_way(field: str, item: Item, lines: Sequence[ConsignmentLine], address: Address) -> Doubt:
    """It would be booked twice, once more when the arrival is confirmed."""
    amount = Unit(item.base_unit).amount(sum(line.outstanding for line in lines))
    words = {"amount": amount, "item": item}
    sentence = format_html(
        '{} <a href="{}">{}</a> {}',
        _("%(amount)s %(item)s are on their way here. Is this that delivery?") % words,
        address(lines[0].consignment),
        _("Then say what arrived."),
        _("If it is something else, save again."),
    )
    return Doubt(field, f"way {field} {item.pk}", sentence)


def counted_since(field: str, item: Item, count: StockCount) -> Doubt:
    """What was used before a count is missing in it: the difference was booked with the count."""
    words = {
        "item": item,
        "day": date_format(count.counted_on),
        "amount": Unit(item.base_unit).amount(count.counted),
    }
    sentence = _(
        "%(item)s was counted after that, on %(day)s: %(amount)s. Was this known in the count? Then it is in "
        "it already: do not book it. If it must still be booked, save again."
    )
    return Doubt(field, f"count {field} {item.pk} {count.pk}", sentence % words)


def counted_meanwhile(movements: Iterable[Movement]) -> Iterable[Doubt]:
    """Of entries that are to be taken back: a later count has put the stock right already."""
    sentence = _(
        "%(item)s was counted after this entry, on %(day)s: %(amount)s. The count has put the stock right "
        "already: taken back, the entry would change what was counted. If it must still be taken back, send "
        "this again."
    )
    for movement in movements:
        for count in selectors.counts_since(movement):
            words = {
                "item": count.item,
                "day": date_format(count.counted_on),
                "amount": Unit(count.item.base_unit).amount(count.counted),
            }
            yield Doubt(None, f"counted {movement.pk} {count.pk}", sentence % words)


class TakingBack(AskedOnce):
    """Of entries that are taken back, as they were booked together."""

    def has_doubts(self, movements: Iterable[Movement]) -> bool:
        return self.asks(counted_meanwhile(movements), lambda _doubt: False)


def without_a_day(field: str, item: Item, lot: Lot | None, code: str, expires_on: date | None) -> list[Doubt]:
    """Of medicine that came in, unless its lot has one."""
    if item.kind != ItemKind.MEDICINE or expires_on:
        return []
    known = selectors.lot_numbered(item, code.strip()) if code.strip() else lot
    if known is not None and known.expires_on:
        return []
    sentence = _("Medicine has a last day on its pack: write it. If there is none, save again.")
    return [Doubt(field, f"undated {field} {item.pk}", sentence)]


def doubts_of(place: Place, entry: dict[str, Any], *, comes_in: bool, address: Address) -> list[Doubt]:
    """Of one entry that comes in or leaves; its fields are "number", "occurred_on" and "expires_on"."""
    item, lot, day = entry["item"], entry.get("lot"), entry["occurred_on"]
    doubts = []
    if comes_in:
        lines = selectors.under_way_to(place, item).get(item.pk)
        doubts += [on_its_way("number", item, lines, address)] if lines else []
        doubts += without_a_day("expires_on", item, lot, entry.get("lot_code", ""), entry.get("expires_on"))
    if day < entry["today"]:
        count = selectors.counted_after(place, day).get((item.pk, lot and lot.pk))
        doubts += [counted_since("occurred_on", item, count)] if count else []
    return doubts
