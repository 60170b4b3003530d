"""Tables and filters of this app's registers: shelters by code, never by place."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from accounts.tables import LockDownFilters, LockDownTable
from core.lists import Filters, NumberColumn, Table
from shelters.enums import ShelterKind, ShelterState
from shelters.models import Shelter, ShelterLockDown


class ShelterTable(Table):
    code = columns.Column(linkify=("shelters:stock", {"uuid": A("uuid")}))
    state = columns.Column(_("Now"))
    usable_places = NumberColumn(verbose_name=_("Usable places"), order_by=("capacity", "-blocked_places"))

    class Meta(Table.Meta):
        model = Shelter
        fields = ("code", "kind", "region", "state", "usable_places")

    def render_state(self, value: str) -> str:
        return str(ShelterState(value).label)


class ShelterTableWithHeads(ShelterTable):
    """For who logs or reads stock: need is counted in heads."""

    heads = NumberColumn(verbose_name=_("Heads"))

    class Meta(ShelterTable.Meta):
        fields = (*ShelterTable.Meta.fields, "heads")
        sequence = ("code", "kind", "region", "state", "heads", "usable_places")


class ShelterFilters(Filters):
    searched = ("code", "region")
    kind = django_filters.ChoiceFilter(choices=ShelterKind)
    state = django_filters.ChoiceFilter(choices=ShelterState, label=_("Now"))

    class Meta:
        model = Shelter
        fields = ("q", "kind", "state")


class PeopleOfShelterTable(LockDownTable):
    class Meta(LockDownTable.Meta):
        empty_text = _("Nobody was posted there: nobody is locked down with it.")


class ShelterLockDownTable(LockDownTable):
    steps = columns.TemplateColumn(
        template_name="shelters/lock_down_steps.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(LockDownTable.Meta):
        model = ShelterLockDown
        fields = ("shelter", *LockDownTable.Meta.fields[1:])
        exclude = ("person",)  # the parent's own first column
        empty_text = _("No shelter is or was locked down.")


class ShelterLockDownFilters(LockDownFilters):
    searched = ("shelter__code", "note")

    class Meta(LockDownFilters.Meta):
        model = ShelterLockDown
