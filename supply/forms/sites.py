from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import Keyed
from core.meanwhile import ChangeForm
from supply import selectors
from supply.enums import Regularity, RouteKind, SiteKind
from supply.forms.consignments import PlaceChoice, day_field
from supply.models import Place, RouteSite

_SEALED = _("It is sealed: it opens only with a purpose.")
_SEALED_ALREADY = _("Empty: as it was. It is sealed: it opens only with a purpose.")


class SiteChoice(forms.ModelChoiceField):
    """A stop by its UUID; none: the beginning."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            RouteSite.objects.none(), to_field_name="uuid", required=False, label=_("Comes after"),
            empty_label=_("nothing: it is the first"),
            error_messages={"invalid_choice": _("Choose a site of the list.")}, **kwargs,
        )  # fmt: skip

    def label_from_instance(self, site: Any) -> str:
        return f"{site.position} · {site.named}"


def sealed_field(label: Any, help_text: Any = _SEALED) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=1000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class SiteChangeForm(ChangeForm, Keyed):
    """Where a stop stands on its route and what it is there."""

    compared = ("kind", "after", "whereabouts")
    kind = forms.ChoiceField(label=_("Kind"), choices=SiteKind)
    after = SiteChoice()
    whereabouts = sealed_field(_("Where it really is"), _SEALED_ALREADY)

    def __init__(self, *args: Any, others: QuerySet[RouteSite], **kwargs: Any) -> None:
        self.others = others
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = others

    def held(self, cleaned: dict[str, Any]) -> Any:
        """With its route, as who moves a site of it holds it."""
        record: Any = self.record
        selectors.hold_route(record.route)
        return super().held(cleaned)

    def standing(self, record: Any) -> dict[str, Any]:
        before = self.others.filter(position__lt=record.position).last()
        return {"kind": record.kind, "after": before, "whereabouts": record.whereabouts}


class SiteForm(SiteChangeForm):
    """A new stop: a place of ours, a recipient, or a point that has a code name alone."""

    place = PlaceChoice(
        Place.objects.none(), required=False, label=_("Place of ours, or recipient"),
        empty_label=_("none: it has a code name alone"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Code name"),
        required=False,
        max_length=20,
        help_text=_("For a point that is no place of ours. Never a real name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = day_field(_("Since"))
    field_order = ("kind", "place", "name", "after", "since", "whereabouts", "key")

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places
        self.fields["whereabouts"].help_text = _SEALED


class SiteEndForm(ChangeForm):
    compared = ("until",)
    until = day_field(_("Last day"), required=False, help_text=_("Empty: the route passes there still."))


class RouteForm(ChangeForm):
    """A new route."""

    compared = ("kind", "regularity", "region", "drop_points", "couriers")
    kind = forms.ChoiceField(label=_("Kind"), choices=RouteKind)
    code = forms.CharField(label=_("Code"), max_length=20)
    regularity = forms.ChoiceField(label=_("Regularity"), choices=Regularity)
    region = forms.CharField(
        label=_("Publishable region"), required=False, max_length=100,
        help_text=_("As reports may name it; never a real place."),
    )  # fmt: skip
    drop_points = sealed_field(_("Drop points"))
    couriers = sealed_field(_("Couriers"))


class RouteChangeForm(RouteForm):
    """Its code stays: other records, waybills and memories know the route by it."""

    code = None  # type: ignore[assignment]
    reason = forms.CharField(
        label=pgettext_lazy("change", "Why"),
        max_length=200,
        help_text=_("No names of people, no addresses."),
        error_messages={"required": _("Say why.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("drop_points", "couriers"):
            self.fields[name].help_text = _SEALED_ALREADY
