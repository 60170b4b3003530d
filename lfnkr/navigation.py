"""The menu: which pages exist, in the order of the day's work, shown only to who has the right."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right

MENU = [
    (Right.STOCK_LOG, "shelters:start", _("My shelters")),
    (Right.CHILDREN_NEAR, "foster:near", _("Children at my shelters")),
    (Right.MEDICAL_WRITE, "shelters:medical_cases", _("Medical cases")),
    (Right.MEDICAL_WRITE, "shelters:allowances", _("Allowances")),
    (Right.INCIDENTS_LOG, "shelters:incidents", _("Incidents")),
    (Right.STOCK_READ, "shelters:cover", _("Who runs out when")),
    (Right.STOCK_READ, "shelters:forecast", _("Need of the coming days")),
    (Right.STOCK_READ, "shelters:rations", _("Rations")),
    (Right.STOCK_READ, "shelters:used", _("Used and ration")),
    (Right.STOCK_READ, "shelters:clothing", _("Clothing given")),
    (Right.MEDICAL_SUMS, "shelters:medical_sums", _("Medical cases in sums")),
    (Right.STOCK_READ, "supply:start", _("Stock")),
    (Right.STOCK_READ, "supply:movements", _("Movements")),
    (Right.ROUTES_READ, "supply:routes", _("Routes")),
    (Right.STOCK_READ, "supply:recipients", _("Recipients")),
    (Right.STOCK_READ, "supply:items", _("Items")),
    (Right.PORTAL, "foster:portal", _("My child")),
    (Right.PORTAL, "foster:payments", _("My payments")),
    (Right.CHILDREN_READ, "foster:start", _("Today")),
    (Right.CHILDREN_READ, "foster:children", _("Children")),
    (Right.SPONSORS_READ, "foster:sponsors", _("Sponsors")),
    (Right.UPDATES_WRITE, "foster:updates", _("Updates")),
    (Right.REMINDERS_RUN, "foster:reminders", _("Reminders")),
    (Right.DONATIONS_READ, "donations:start", _("Donations")),
    (Right.DONATIONS_READ, "donations:donors", _("Donors")),
    (Right.REPORTS_READ, "reports:start", _("Annual report")),
    (Right.REPORTS_READ, "reports:activities", _("Activities")),
    (Right.SHELTERS_READ, "shelters:list", _("Shelters")),
    (Right.EXPOSURE_READ, "shelters:incidents", _("Incidents")),
    (Right.ACCOUNTS_READ, "accounts:people", _("People")),
    (Right.EXPOSURE_READ, "accounts:lock_downs", _("Lock-downs")),
    (Right.AUDIT_READ, "accounts:audit", _("Changes")),
    (Right.OPENINGS_READ, "accounts:openings", _("Openings")),
    (Right.REVEAL_WITH_TWO, "accounts:waiting", _("Second person")),
    (Right.MAIL_SETTLE, "accounts:unsent", _("Unsent mail")),
    (Right.LEAKS_SETTLE, "accounts:leaks", _("Leak findings")),
    (Right.LEAKS_COUNT, "accounts:leak_counts", _("Leak guard")),
]
if settings.SAMPLE:
    MENU.append((Right.MAILBOX_READ, "accounts:mailbox", _("Sample mailbox")))


def navigation(request: HttpRequest) -> dict:
    """`menu`: (address, label) of each page; `menu_here`: the address of that to which this page belongs."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "is_confined", False):
        return {"menu": []}
    menu = [(reverse_lazy(name), label) for right, name, label in MENU if user.may(right)]

    def here() -> str:
        around = [str(address) for address, _label in menu if request.path.startswith(str(address))]
        return max(around, key=len, default="")

    return {"menu": menu, "menu_here": SimpleLazyObject(here)}  # lazy: an error page has no menu
