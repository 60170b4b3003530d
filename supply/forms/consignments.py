from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from core.forms import Keyed, WholeNumberField
from core.meanwhile import ChangeForm, ShownField
from core.money import CURRENCIES
from supply import selectors
from supply.enums import LOSS_REASONS, CostKind, Quality, StepKind, Unit
from supply.forms.money import MoneyField, OfMoney
from supply.forms.written import WrittenAmount, read_amount, ungrouped
from supply.models import Consignment, ConsignmentLine, Item, Place, Route
from supply.selectors import FreeItem, FreeLine

ONE_OF_THE_LIST = dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list."))


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 2026-02-09."), "required": _("Choose the day.")},
        **options,
    )


class PlaceChoice(forms.ModelChoiceField):
    """A place by its UUID: numbers of rows stand on no page."""

    default_error_messages = {"invalid_choice": _("Choose a place of the list.")}

    def __init__(self, queryset: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="uuid", **kwargs)

    def label_from_instance(self, place: Any) -> str:
        return place.named


class RouteChoice(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": _("Choose a route of the list.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Route.objects.none(), to_field_name="uuid", required=False, **kwargs)

    def label_from_instance(self, route: Any) -> str:
        return f"{route.code} ({route.get_kind_display()})"


class JourneyForm(ChangeForm, Keyed):
    """The day, the route and the courier: of a new consignment, or of one that has not left."""

    compared = ("planned_on", "route", "courier", "note")
    planned_on = day_field(_("Planned for"))
    route = RouteChoice(label=_("Route"), empty_label=_("no route of ours"))
    courier = forms.CharField(
        label=_("Courier"),
        required=False,
        max_length=60,
        help_text=_("A code name, never a real one. It is sealed: it opens only with a purpose."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=200, help_text=_("No names of people, no addresses.")
    )

    def __init__(self, *args: Any, routes: QuerySet[Route], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].queryset = routes


class LineForm(forms.Form):
    """One line of a plan; an empty one is left out. Cleans into `wanted`: what `services.Wanted` takes."""

    item = forms.ModelChoiceField(
        Item.objects.none(), to_field_name="uuid", required=False, label=_("Item"), empty_label="—",
        error_messages={"invalid_choice": _("Choose an item of the list.")},
    )  # fmt: skip
    amount = WrittenAmount(label=pgettext_lazy("goods", "Amount"))
    destination = PlaceChoice(
        Place.objects.none(), required=False, label=pgettext_lazy("place", "To"), empty_label="—"
    )

    wanted: dict[str, Any] | None = None

    def __init__(
        self,
        *args: Any,
        items: list[tuple[str, str]],
        known: dict[str, Item],
        ends: QuerySet[Place],
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["item"].queryset = selectors.items()
        self.fields["item"].choices = [("", "—"), *items]
        self.fields["destination"].queryset = ends

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        item, text, end = (cleaned.get(name) for name in ("item", "amount", "destination"))
        if not any((item, text, end)) or self.errors:
            return cleaned
        for name, value, sentence in (
            ("item", item, _("Choose the item.")),
            ("amount", text, _("Say how much.")),
            ("destination", end, _("Choose where it goes.")),
        ):
            if not value:
                self.add_error(name, sentence)
        if not self.errors:
            try:
                quantity, typed = read_amount(text, self.known[str(item.uuid)])
            except ValidationError as error:
                self.add_error("amount", error)
            else:
                self.wanted = {"item": item, "destination": end, "quantity": quantity, "typed": typed}
        return cleaned


LineForms = forms.formset_factory(LineForm, extra=4, max_num=60, absolute_max=60)


def item_choices(items: Iterable[Item], free: Iterable[FreeItem]) -> list[tuple[str, str]]:
    """What is there first, with what of it no other consignment takes; then what is not there now."""
    left = {one.item.pk: one for one in free}
    known = sorted(items, key=lambda item: item.pk not in left or not left[item.pk].lines)
    return [
        (
            str(item.uuid),
            now("%(item)s · %(amount)s free")
            % {
                "item": item,
                "amount": Unit(item.base_unit).amount(left[item.pk].free if item.pk in left else Decimal(0)),
            },
        )
        for item in known
    ]


class PackingForm(Keyed):
    """An amount and a lot for each line. Cleans into `packed`: line → what `services.Packed` takes."""

    on = day_field(_("Packed on"))
    shown = ShownField()

    def __init__(
        self,
        *args: Any,
        lines: Iterable[ConsignmentLine],
        free: list[FreeLine],
        today: date,
        **kwargs: Any,
    ) -> None:
        """`today`: what has expired by then is marked, stands last and is chosen by hand alone."""
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.lines = list(lines)
        self.free = sorted(free, key=lambda one: one.has_expired(today))
        self.initial["shown"] = selectors.load_mark(self.lines)
        for line in self.lines:
            there = [one for one in self.free if one.item.pk == line.item_id]
            fresh = [one for one in there if one.free > 0 and not one.has_expired(today)]
            before = [one for one in fresh if line.lot and one.lot == line.lot]
            chosen = next((one.lot for one in before or fresh), None)
            none = [] if any(one.lot is None for one in there) else [("", now("choose a lot"))]
            self.fields[f"amount-{line.uuid}"] = WrittenAmount(
                label=pgettext("goods", "Amount"), required=True, initial=ungrouped(self._written(line))
            )
            self.fields[f"lot-{line.uuid}"] = forms.ChoiceField(
                label=now("Lot"),
                required=False,
                choices=[*none, *(_lot_choice(one, today) for one in there)]
                if there
                else [("", now("nothing there"))],
                initial=str(chosen.uuid) if chosen else "",
            )

    @staticmethod
    def _written(line: ConsignmentLine) -> str:
        if line.packed is None or line.packed == line.planned:
            return line.typed or Unit(line.item.base_unit).amount(line.planned)
        return Unit(line.item.base_unit).amount(line.packed)

    def show_again(self) -> None:
        """Sent once more, it is packed over what was packed meanwhile."""
        data: Any = self.data
        self.data = data = data.copy()
        data["shown"] = self.initial["shown"]

    def rows(self) -> Iterable[tuple[ConsignmentLine, Any, Any]]:
        for line in self.lines:
            yield line, self[f"amount-{line.uuid}"], self[f"lot-{line.uuid}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.packed = {}
        for line in self.lines:
            lots = {str(one.lot.uuid): one.lot for one in self.free if one.lot}
            text = cleaned.get(f"amount-{line.uuid}")
            if text is None:
                continue
            try:
                quantity, _typed = read_amount(text, line.item, zero=True)
            except ValidationError as error:
                self.add_error(f"amount-{line.uuid}", error)
            else:
                lot = lots.get(cleaned.get(f"lot-{line.uuid}") or "")
                self.packed[line] = {"quantity": quantity, "lot": lot}
        return cleaned


def _lot_choice(line: FreeLine, today: date) -> tuple[str, str]:
    free = now("%(amount)s free") % {"amount": Unit(line.item.base_unit).amount(line.free)}
    if line.lot is None:
        return "", now("no lot · %(free)s") % {"free": free}
    day = date_format(line.lot.expires_on) if line.lot.expires_on else ""
    if line.has_expired(today):
        day = now("expired %(day)s") % {"day": day}
    return str(line.lot.uuid), f"{line.lot}{day and f' ({day})'} · {free}"


# Which steps ask for amounts; and what stands over the field that says why.
OF_AMOUNTS = (StepKind.RECEIVED, StepKind.LOST, StepKind.RETURNED, StepKind.FOUND)
_WHY = {
    StepKind.LOST: _("What happened"),
    StepKind.ALL_LOST: _("What happened"),
    StepKind.RETURNED: _("Why it came back"),
    StepKind.FOUND: _("Where it turned up"),
    StepKind.CANCELLED: _("Why it is cancelled"),
}


class StepForm(Keyed):
    """A step with its day; amounts, a reason, and what else the kind asks. Cleans into `values`.

    `is_all`: it begins with all that is under way. Else a line that nobody looked at would be booked as well.
    """

    on = day_field(_("Day"))

    def __init__(
        self,
        *args: Any,
        kind: StepKind,
        lines: Iterable[ConsignmentLine],
        today: date,
        is_all: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"on": today} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.lines = list(lines) if kind in OF_AMOUNTS else []
        for line in self.lines:
            self.fields[f"amount-{line.uuid}"] = WrittenAmount(
                label=pgettext("goods", "Amount"),
                initial=ungrouped(Unit(line.item.base_unit).amount(line.outstanding)) if is_all else "",
            )
        if kind in (StepKind.LOST, StepKind.ALL_LOST):
            self.fields["how"] = _choice(_("How"), [(one.value, one.label) for one in LOSS_REASONS[::-1]])
        if kind == StepKind.FOUND:
            places = [("", _("where it was going")), ("back", _("back where it came from"))]
            self.fields["came_back"] = _choice(_("Where it is now"), places)
        if kind in _WHY or kind == StepKind.RECEIVED:
            self.fields["note"] = forms.CharField(
                label=_WHY.get(kind, _("Note")),
                required=kind in _WHY,
                max_length=200,
                help_text=_("No names of people, no addresses."),
                error_messages={"required": _("Say why, in a few words.")},
            )

    def rows(self) -> Iterable[tuple[ConsignmentLine, Any]]:
        for line in self.lines:
            yield line, self[f"amount-{line.uuid}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amounts = {}
        for line in self.lines:
            text = cleaned.get(f"amount-{line.uuid}") or ""
            if not text.strip():
                continue
            try:
                amounts[line], _typed = read_amount(text, line.item, zero=True)
            except ValidationError as error:
                self.add_error(f"amount-{line.uuid}", error)
        self.values = {"on": cleaned.get("on"), "key": cleaned.get("key")}
        if self.lines:
            self.values["amounts"] = amounts
        if "note" in self.fields:
            self.values["note" if self.kind == StepKind.RECEIVED else "reason"] = cleaned.get("note", "")
        if "how" in self.fields:
            self.values["how"] = cleaned.get("how")
        if "came_back" in self.fields:
            self.values["came_back"] = cleaned.get("came_back") == "back"
        return cleaned


def _choice(label: Any, choices: list[tuple[Any, Any]], *, is_chosen: bool = True) -> forms.ChoiceField:
    """`is_chosen`: the first of them, until somebody chooses another."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=choices[0][0] if is_chosen else None,
        required=choices[0][0] != "",
        widget=forms.RadioSelect,
        error_messages=ONE_OF_THE_LIST,
    )


class ConfirmationForm(Keyed):
    """The receiver's own word on one line. Cleans into the arguments of `services.confirm_receipt`."""

    line = forms.ChoiceField(label=_("Line"), error_messages=ONE_OF_THE_LIST)
    received_on = day_field(_("Received on"))
    receiver = forms.CharField(
        label=_("Received by"), max_length=20, help_text=_("The code of the person, never the name.")
    )
    amount = WrittenAmount(label=pgettext_lazy("goods", "Amount"), required=True)
    quality = _choice(_("Quality"), list(Quality.choices), is_chosen=False)  # the receiver's word
    is_satisfied = forms.TypedChoiceField(
        label=_("The receiver is"),
        choices=[("yes", _("satisfied")), ("no", _("not satisfied"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
        error_messages=ONE_OF_THE_LIST,
    )
    people = WholeNumberField(label=_("People reached"), required=False, min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=200, help_text=_("No names of people, no addresses.")
    )

    def __init__(self, *args: Any, lines: Iterable[ConsignmentLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {str(line.uuid): line for line in lines}
        named = [(name, f"{line.item} → {line.destination.named}") for name, line in self.lines.items()]
        self.fields["line"].choices = named if len(named) == 1 else [("", now("choose")), *named]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        line = self.lines[cleaned.pop("line")]
        try:
            quantity, _typed = read_amount(cleaned.pop("amount"), line.item, zero=True)
        except ValidationError as error:
            self.add_error("amount", error)
            return cleaned
        if cleaned["people"] and not quantity:
            self.add_error("people", _("Nothing came. Leave the number of people empty."))
        return cleaned | {"line": line, "quantity": quantity}


class CostForm(OfMoney, Keyed):
    kind = forms.ChoiceField(label=_("Kind"), choices=CostKind)
    amount = MoneyField(label=_("Amount"), min_value=None)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    paid_on = day_field(_("Paid on"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=200, help_text=_("No names of people, no addresses.")
    )

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("Write an amount above zero. A cost of before is taken back beside it."))
        return amount


class TakeBackForm(Keyed):
    reason = forms.CharField(
        label=_("Why it is taken back"), max_length=200,
        error_messages={"required": _("Say why, in a few words.")},
    )  # fmt: skip


def lines_with_something(consignment: Consignment, kind: StepKind) -> list[ConsignmentLine]:
    """The lines that this step can be about: under way, or for a find given up as lost."""
    lines = selectors.lines_of(consignment)
    return [line for line in lines if (line.lost if kind == StepKind.FOUND else line.outstanding)]
