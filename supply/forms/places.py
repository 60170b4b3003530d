"""Places without a shelter: warehouses, givers and recipients. By code; sealed is who it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import WholeNumberField
from core.meanwhile import ChangeForm
from supply.enums import Area, PlaceKind, RecipientKind
from supply.forms.sites import sealed_field

# What is under way has such codes of its own.
CODE = r"^(?!TR-)[A-Z0-9][A-Z0-9-]*$"


def _code_field() -> forms.RegexField:
    return forms.RegexField(
        CODE, label=_("Code name"), max_length=20,
        help_text=_("Letters and digits that say nothing of the place. It stays for ever."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": _(
                "Write capital letters, digits and hyphens, such as DEPOT-2; TR- is kept for the road."
            )
        },
    )  # fmt: skip


class PlaceForm(ChangeForm):
    """A warehouse, or who gives; of one that is there its name alone changes."""

    compared = ("name",)
    code = _code_field()
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(one.value, one.label) for one in (PlaceKind.WAREHOUSE, PlaceKind.SUPPLIER)]
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("As colleagues may read it: never a real name or address."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            del self.fields["code"], self.fields["kind"]


class RecipientForm(ChangeForm):
    compared = ("kind", "publishable_place", "area", "people", "real_name", "address")
    code = _code_field()
    kind = forms.ChoiceField(label=_("Kind"), choices=RecipientKind)
    publishable_place = forms.CharField(
        label=_("Publishable place"), required=False, max_length=100,
        help_text=_("As reports may name it; never a real place."),
    )  # fmt: skip
    area = forms.ChoiceField(label=_("Area"), choices=Area)
    people = WholeNumberField(
        label=_("People"), required=False, min_value=0, max_value=1_000_000, help_text=_("Empty: not known.")
    )
    real_name = sealed_field(_("Real name"))
    address = sealed_field(_("Address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is None:
            return
        del self.fields["code"]
        for name in ("real_name", "address"):
            self.fields[name].help_text = _("Empty: as it was. It is sealed: it opens only with a purpose.")
