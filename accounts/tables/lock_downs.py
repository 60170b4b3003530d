"""Table and filters of the register of lock-downs."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from accounts.enums import LockReason
from accounts.models import LockDown
from core.lists import LONG, UNBROKEN, Filters, MomentColumn, Table


class LockDownTable(Table):
    began_at = MomentColumn(attrs=UNBROKEN)
    said = columns.Column(_("what happened"), orderable=False, attrs=LONG)
    steps = columns.TemplateColumn(
        template_name="accounts/lock_down_steps.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(Table.Meta):
        model = LockDown
        fields = ("person", "began_at", "said", "by", "lifted_at", "lifted_by", "lift_reason", "steps")
        empty_text = _("Nobody is or was locked down.")


class LockDownFilters(Filters):
    searched = ("person__name", "note")
    reason = django_filters.ChoiceFilter(choices=LockReason)
    in_force = django_filters.BooleanFilter(
        field_name="lifted_at", lookup_expr="isnull", label=_("still locked down")
    )

    class Meta:
        model = LockDown
        fields = ("q", "reason", "in_force")
