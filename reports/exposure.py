"""What a log-in could see of annual reports and the activity log (accounts.exposure)."""

from django.utils.translation import gettext_lazy as _

from accounts.exposure import Item, Kind, Sight, listed
from reports.models import Activity, AnnualReport


def _reports(sight: Sight) -> list[Item]:
    return [Item(one.uuid, str(one)) for one in AnnualReport.objects.visible_to(sight.user)]


def _activities(sight: Sight) -> list[Item]:
    return listed(Activity.objects.visible_to(sight.user))


REPORTS = Kind("reports.annualreport", _("annual reports"), _reports)
ACTIVITIES = Kind("reports.activity", _("activities"), _activities)
