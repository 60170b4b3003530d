"""The forms about people, on a phone: who comes, who leaves, what is told of them, how many are counted."""

import uuid
from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import Keyed, KnownChoiceField, WholeNumberField
from core.meanwhile import ChangeForm
from shelters.enums import GuestOutcome, Outcome, Sex
from shelters.models import Resident, Shelter
from supply.services import DayNotAllowed, refuse_day

ELSEWHERE, NOT_KNOWN = "elsewhere", "not_known"
TAKEN = _("Hidden after saving: it opens for a purpose alone, and each look is noted.")


def people_field(label: Any, **values: Any) -> WholeNumberField:
    """How many, typed on a phone."""
    return WholeNumberField(
        label=label, min_value=0, max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 5}),
        error_messages={
            "required": _("Say how many."),
            "invalid": _("Write a whole number, such as 12."),
            "min_value": _("Write zero or more."),
            "max_value": _("That is very much. Write a number up to %(limit_value)s."),
        },
        **values,
    )  # fmt: skip


class DayField(forms.DateField):
    """A day as a phone's own calendar gives it."""

    default_error_messages = {
        "invalid": _("Write the day as 2026-02-09."),
        "required": _("Choose the day."),
    }
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class KeyedForm(forms.Form):
    """A form that writes once, however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        kwargs["initial"] = {"key": uuid.uuid4(), "day": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def refuse_day(self, name: str) -> None:
        """The sentence at the field when this day cannot be booked any more, or not yet."""
        day = self.cleaned_data.get(name)
        if day is None:
            return
        try:
            refuse_day(day, self.today)
        except DayNotAllowed as refusal:
            self.add_error(name, str(refusal))


class ComingForm(KeyedForm):
    """Today or lately; or expected on a day to come.

    `counted`: how many there are by the last head count, where one holds: it is asked who counts from now on.
    """

    is_planned = forms.BooleanField(label=_("Only expected, not here yet"), required=False)
    day = DayField(label=_("First night"))
    last = DayField(label=_("Leaves on"), required=False, help_text=_("Empty: not known."))
    are_all_registered = forms.ChoiceField(
        label=_("Are all who are here registered by code now?"), required=False, widget=forms.RadioSelect,
        choices=[
            ("yes", _("Yes, all: only they count from now on")),
            ("no", _("No, others are only counted")),
        ],
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )  # fmt: skip
    heads = people_field(_("If not: how many are here, with this person"), required=False)

    def __init__(self, *args: Any, counted: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counted = counted
        if counted is None:
            del self.fields["are_all_registered"], self.fields["heads"]

    def _clean_counted(self, cleaned: dict[str, Any]) -> None:
        """How many count from now on is said by who knows: one registered would else stand for all."""
        if self.counted is None or cleaned.get("is_planned"):
            return
        if "are_all_registered" not in self.errors and not cleaned["are_all_registered"]:
            self.add_error("are_all_registered", _("Say whether all are registered now."))
        if cleaned.get("are_all_registered") == "no" and "heads" not in self.errors and not cleaned["heads"]:
            self.add_error("heads", _("Say how many."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_counted(cleaned)
        day, last = cleaned.get("day"), cleaned.get("last")
        if not cleaned.get("is_planned"):
            self.refuse_day("day")
        elif day and day < self.today:
            self.add_error("day", _("Somebody expected comes today or later."))
        if day and last and last <= day:
            self.add_error("last", _("They leave after the first night."))
        elif last and last < self.today and not cleaned.get("is_planned"):
            sentence = _("That day is over. Leave this empty and save; if they are gone, tap “Leaves” then.")
            self.add_error("last", sentence)
        return cleaned

    @property
    def coming(self) -> dict[str, Any]:
        """Arguments of the services, without the person."""
        cleaned = self.cleaned_data
        return {
            "first": cleaned["day"],
            "last": cleaned["last"],
            "is_planned": cleaned["is_planned"],
            "key": cleaned["key"],
            "today": self.today,
            "heads": 0 if cleaned.get("are_all_registered") == "yes" else cleaned.get("heads"),
        }


class AboutForm(ChangeForm, forms.ModelForm):
    """What is told of a resident. What is sealed is written, never shown: left empty it stays as it is."""

    real_name = forms.CharField(
        label=_("Real name"), required=False, max_length=200, help_text=TAKEN,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    spellings = forms.CharField(
        label=_("Other spellings"), required=False, max_length=500,
        help_text=_("In other scripts, one a line, so that the leak guard knows them. Hidden after saving."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, help_text=TAKEN,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip
    compared = ("birth_year", "sex", "origin", "needs", "real_name", "spellings", "note")
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Sex, widget=forms.RadioSelect, initial=Sex.UNKNOWN, required=False
    )

    class Meta:
        model = Resident
        fields = ("birth_year", "sex", "origin", "needs")
        help_texts = {"needs": _("What the people here must know. No names, no places.")}

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        self.this_year = this_year
        super().__init__(*args, **kwargs)
        year = self.fields["birth_year"]
        year.widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"})
        year.error_messages |= {"invalid": _("Write the year with four digits, such as 1988.")}
        self.fields["origin"].widget.attrs["autocomplete"] = "off"

    def clean_sex(self) -> str:
        return self.cleaned_data["sex"] or Sex.UNKNOWN

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        if year is not None and not 1900 <= year <= self.this_year:
            raise forms.ValidationError(
                _("Choose a year from 1900 to %(year)s."), params={"year": self.this_year}
            )
        return year

    @property
    def about(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.compared}


class KnownForm(ComingForm):
    """Somebody who was with us already, by code."""

    code = forms.CharField(
        label=_("Code"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ["code", "day", "last", "is_planned", "are_all_registered", "heads"]

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()


def places_to_go(others: dict[str, Shelter], shut: Container[int]) -> KnownChoiceField:
    """One tap each, and none is chosen for anybody: who is in a hurry would send people nowhere.

    Where nobody arrives is not offered; a form that names it is answered still.
    """
    open_ = [(key, shelter.code) for key, shelter in others.items() if shelter.store_id not in shut]
    field = KnownChoiceField(
        label=pgettext_lazy("people", "Where to"), widget=forms.RadioSelect, required=False,
        choices=[
            *open_,
            (ELSEWHERE, _("another shelter, by its code")),
            (NOT_KNOWN, _("not one of ours, or not known")),
        ],
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )  # fmt: skip
    field.known = {*others, ELSEWHERE, NOT_KNOWN}.__contains__
    return field


class GoingForm(forms.Form):
    """What happened, and for who moves, where to. `others`: the person's other shelters.

    `shut`: keys of stores to whose shelter nobody goes now. Such a one is not offered; sent all the same (it
    was reported a moment ago), the service says why not. A form of this kind has a `to_code` of its own.
    """

    outcome = forms.ChoiceField(
        label=_("What happened"), choices=Outcome, widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what happened.")),
    )  # fmt: skip
    says_nowhere = _("Choose where they go, or that it is not known.")

    def __init__(self, *args: Any, others: Iterable[Shelter], shut: Container[int], **kwargs: Any) -> None:
        self.others = {str(shelter.uuid): shelter for shelter in others}
        super().__init__(*args, **kwargs)
        self.fields["to"] = places_to_go(self.others, shut)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        moves = cleaned.get("outcome") == Outcome.MOVED
        if moves and "to" not in self.errors and not cleaned["to"]:
            self.add_error("to", self.says_nowhere)
        if self.goes_by_code and "to_code" not in self.errors and not cleaned["to_code"].strip():
            self.add_error("to_code", _("Type the code of the shelter they go to."))
        return cleaned

    @property
    def goes_by_code(self) -> bool:
        cleaned = self.cleaned_data
        return cleaned.get("outcome") == Outcome.MOVED and cleaned.get("to") == ELSEWHERE

    @property
    def moves_to(self) -> Shelter | str | None:
        """One of the person's own shelters, the code of another as typed, or neither."""
        cleaned = self.cleaned_data
        if cleaned["outcome"] != Outcome.MOVED:
            return None
        if self.goes_by_code:
            return cleaned["to_code"].strip()
        return self.others.get(cleaned["to"])


class LeaveForm(GoingForm, KeyedForm):
    """How somebody's stay ended, on which day."""

    to_code = forms.CharField(
        label=_("Code of the shelter"), required=False, max_length=20,
        help_text=_("The colleagues there see them as expected from then on."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    day = DayField(label=_("Day"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, help_text=TAKEN,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.refuse_day("day")
        return cleaned

    @property
    def departure(self) -> dict[str, Any]:
        """Arguments of `services.depart`, without the stay."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in ("outcome", "day", "note", "key")}
        return values | {"to": self.moves_to, "today": self.today}


class GuestForm(LeaveForm):
    """Somebody expected: they do not come, or are sent on."""

    says_nowhere = _("Choose where they are sent.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["day"], self.fields["note"]
        # Each is sent somewhere.
        self.fields["to"].choices = self.fields["to"].choices[:-1]
        self.fields["to"].known = {*self.others, ELSEWHERE}.__contains__
        outcome = self.fields["outcome"]
        outcome.choices = GuestOutcome.choices
        outcome.error_messages["invalid_choice"] = _(
            "They have not come here. Choose whether they do not come or are sent on; what happened to them "
            "on the way is an incident."
        )

    @property
    def departure(self) -> dict[str, Any]:
        """Arguments of `services.send_guest_on`, without the stay and the moment."""
        return {"to": self.moves_to, "today": self.today, "key": self.cleaned_data["key"]}


class HeadCountForm(Keyed):
    people = people_field(_("How many people"))
