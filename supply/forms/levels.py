from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.meanwhile import ChangeForm
from supply import selectors
from supply.forms.amounts import AmountField
from supply.models import Item, Place


class LevelForm(ChangeForm):
    """Cleans into `place`, `item` and `minimum`; what has a minimum already gets another."""

    compared = ("minimum",)
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none(), to_field_name="uuid")
    item = forms.ModelChoiceField(label=_("Item"), queryset=Item.objects.none(), to_field_name="uuid")
    minimum = AmountField(
        label=_("Minimum, in the base unit"), zero=True, help_text=_("Over all lots. 0: no minimum any more.")
    )

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places
        self.fields["item"].queryset = selectors.items()
        self.fields["item"].label_from_instance = lambda item: f"{item} · {item.get_base_unit_display()}"

    def held(self, cleaned: dict[str, Any]) -> Any:
        return selectors.level_held(cleaned["place"], cleaned["item"])
