import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from accounts.tables import LockDownFilters, LockDownTable
from shelters.models import ShelterLockDown


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
