"""The forms of the register: a shelter, its state, its sealed place, and who works there."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import WholeNumberField
from core.meanwhile import ChangeForm
from shelters.enums import ShelterState
from shelters.forms.people import TAKEN, DayField
from shelters.models import Shelter

CODE = r"^[A-Z0-9][A-Z0-9-]*$"


class ShelterForm(ChangeForm, forms.ModelForm):
    """A new shelter, or what changes of one; its code never does."""

    compared = ("kind", "region", "time_zone", "capacity", "blocked_places", "opened_on")
    opened_on = DayField(label=_("Opened"))

    class Meta:
        model = Shelter
        fields = ("code", "kind", "region", "time_zone", "capacity", "blocked_places", "opened_on")
        field_classes = dict.fromkeys(("capacity", "blocked_places"), WholeNumberField)
        help_texts = {
            "code": _("Letters and digits that say nothing of the place. It stays for ever."),
            "region": _("As wide as it may be printed in a report."),
            "time_zone": _("Its days begin and end there. Nobody outside sees it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
        else:
            code = self.fields["code"] = forms.RegexField(
                CODE, label=_("Code name"), max_length=17, help_text=self.fields["code"].help_text,
                error_messages={"invalid": _("Write capital letters, digits and hyphens, such as WILLOW.")},
            )  # fmt: skip
            code.widget.attrs["autocomplete"] = "off"
            self.order_fields(["code"])

    def validate_unique(self) -> None:
        """Left to the service, which says the same of the codes of all places."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        capacity, blocked = cleaned.get("capacity"), cleaned.get("blocked_places")
        if capacity is not None and blocked is not None and blocked > capacity:
            self.add_error("blocked_places", _("More places are blocked than there are."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields if name != "shown"}


class StateForm(forms.Form):
    state = forms.ChoiceField(
        label=_("From today on"), widget=forms.RadioSelect, choices=ShelterState,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one.")),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("No names of people, no addresses."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say why."), "max_length": _("Write at most 200 characters.")},
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, states: tuple[ShelterState, ...], **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)
        self.fields["state"].choices = [(state.value, state.label) for state in states]


class PlaceForm(ChangeForm):
    """Sealed as it is sent, never shown; an empty field leaves what is there."""

    compared = ("address", "map_point", "contact", "spellings")
    address = forms.CharField(
        label=_("Address"), required=False, max_length=500, help_text=TAKEN,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip
    map_point = forms.CharField(
        label=_("Map point"), required=False, max_length=100, help_text=TAKEN,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Contact"), required=False, max_length=500, help_text=TAKEN,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip
    spellings = forms.CharField(
        label=_("Other spellings"), required=False, max_length=500,
        help_text=_("In other scripts, one a line, so that the leak guard knows them. Hidden after saving."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Write what has changed; what stays empty stays as it is."))
        return cleaned


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return person.name


class PostingForm(forms.Form):
    user = PersonField(
        User.objects.none(), label=_("Person"), empty_label=_("choose"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a person of the list.")),
    )  # fmt: skip
    shelter = forms.ModelChoiceField(
        Shelter.objects.none(), label=_("Shelter"), empty_label=_("choose"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a shelter of the list.")),
    )  # fmt: skip
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def __init__(
        self, *args: Any, people: QuerySet[User], shelters: QuerySet[Shelter], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"first": today}, **kwargs)
        self.fields["user"].queryset = people
        self.fields["shelter"].queryset = shelters

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return cleaned


class EndPostingForm(ChangeForm):
    compared = ("last",)
    last = DayField(label=_("Last day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"last": today}, **kwargs)

    def standing(self, record: Any) -> dict[str, Any]:
        end = record.days.upper
        return {"last": end and end - timedelta(days=1)}
