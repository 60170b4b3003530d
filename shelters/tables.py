"""Tables and filters of this app's registers: shelters by code, never by place."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from accounts.enums import LockReason
from core.lists import LONG, UNBROKEN, Filters, NumberColumn, Table
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


class ShelterLockDownTable(Table):
    began_at = columns.DateTimeColumn(attrs=UNBROKEN)
    said = columns.Column(_("what happened"), orderable=False, attrs=LONG)
    steps = columns.TemplateColumn(
        template_name="shelters/lock_down_steps.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(Table.Meta):
        model = ShelterLockDown
        fields = ("shelter", "began_at", "said", "by", "lifted_at", "lifted_by", "lift_reason", "steps")
        empty_text = _("No shelter is or was locked down.")


class ShelterLockDownFilters(Filters):
    searched = ("shelter__code", "note")
    reason = django_filters.ChoiceFilter(choices=LockReason)
    in_force = django_filters.BooleanFilter(
        field_name="lifted_at", lookup_expr="isnull", label=_("still locked down")
    )

    class Meta:
        model = ShelterLockDown
        fields = ("q", "reason", "in_force")
