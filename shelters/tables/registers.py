"""Tables and filters of this app's registers: shelters by code, never by place."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from core.badges import badge
from core.lists import Filters, NumberColumn, Table
from shelters.enums import ShelterKind, ShelterState
from shelters.models import Shelter


class ShelterTable(Table):
    code = columns.Column(linkify=("shelters:stock", {"uuid": A("uuid")}))
    state = columns.Column(_("Now"))
    usable_places = NumberColumn(verbose_name=_("Usable places"), order_by=("capacity", "-blocked_places"))

    class Meta(Table.Meta):
        model = Shelter
        fields = ("code", "kind", "region", "state", "usable_places")

    def render_state(self, value: str) -> str:
        return badge(value, ShelterState(value).label)

    def value_state(self, value: str) -> str:
        return str(ShelterState(value).label)


class ShelterTableWithHeads(ShelterTable):
    """For who logs or reads stock: need is counted in heads."""

    heads = NumberColumn(verbose_name=_("Heads"))
    over = NumberColumn(verbose_name=_("Over-occupied by"))

    class Meta(ShelterTable.Meta):
        fields = (*ShelterTable.Meta.fields, "heads", "over")
        sequence = ("code", "kind", "region", "state", "heads", "usable_places", "over")

    def render_over(self, value: int) -> str:
        return str(value or "—")


class ShelterFilters(Filters):
    searched = ("code", "region")
    kind = django_filters.ChoiceFilter(choices=ShelterKind)
    state = django_filters.ChoiceFilter(choices=ShelterState, label=_("Now"))

    class Meta:
        model = Shelter
        fields = ("q", "kind", "state")
