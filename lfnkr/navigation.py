"""The menu: which pages exist, in the order of the day's work, shown only to who has the right."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right

# Pages that lie together under one word, for who has many.
NEEDS, STOCK, ROUTES, SAFETY = "needs", "stock", "routes", "safety"
WORDS = {NEEDS: _("Needs"), STOCK: _("Stock"), ROUTES: _("Routes"), SAFETY: _("Safety")}
MANY, FEW = 10, 3

MENU = [
    (Right.STOCK_LOG, "shelters:start", _("My shelters")),
    (Right.CHILDREN_NEAR, "foster:near", _("Children at my shelters")),
    (Right.MEDICAL_WRITE, "shelters:medical_cases", _("Medical cases")),
    (Right.MEDICAL_WRITE, "shelters:allowances", _("Allowances")),
    (Right.INCIDENTS_LOG, "shelters:incidents", _("Incidents")),
    (Right.STOCK_READ, "shelters:cover", _("Who runs out when"), NEEDS),
    (Right.STOCK_READ, "shelters:forecast", _("Need of the coming days"), NEEDS),
    (Right.STOCK_READ, "shelters:rations", _("Rations"), NEEDS),
    (Right.STOCK_READ, "shelters:used", _("Used and ration"), NEEDS),
    (Right.STOCK_READ, "shelters:clothing", _("Clothing given"), NEEDS),
    (Right.MEDICAL_SUMS, "shelters:medical_sums", _("Medical cases in sums"), NEEDS),
    (Right.STOCK_READ, "shelters:people", _("People and nights"), NEEDS),
    (Right.STOCK_READ, "supply:start", _("Stock"), STOCK),
    (Right.STOCK_READ, "supply:movements", _("Movements"), STOCK),
    (Right.STOCK_READ, "supply:places", _("Places"), STOCK),
    (Right.STOCK_READ, "supply:levels", _("Minimum levels"), STOCK),
    (Right.STOCK_COUNT, "supply:counts", _("Counts"), STOCK),
    (Right.ROUTES_READ, "supply:routes", _("Routes"), ROUTES),
    (Right.ROUTES_READ, "supply:consignments", _("Consignments"), ROUTES),
    (Right.STOCK_READ, "supply:recipients", _("Recipients"), ROUTES),
    (Right.STOCK_READ, "supply:items", _("Items"), STOCK),
    (Right.STOCK_READ, "supply:months", _("Closed months"), STOCK),
    (Right.PORTAL, "foster:portal", _("My child")),
    (Right.PORTAL, "foster:payments", _("My payments")),
    (Right.CHILDREN_READ, "foster:start", _("Today")),
    (Right.CHILDREN_READ, "foster:children", _("Children")),
    (Right.SPONSORS_READ, "foster:sponsors", _("Sponsors")),
    (Right.UPDATES_WRITE, "foster:updates", _("Updates")),
    (Right.REMINDERS_RUN, "foster:reminders", _("Reminders")),
    (Right.DONATIONS_READ, "donations:start", _("Donations")),
    (Right.DONATIONS_READ, "donations:donors", _("Donors")),
    (Right.DONATIONS_READ, "donations:expenses", _("Expenses")),
    (Right.REPORTS_READ, "reports:start", _("Annual report")),
    (Right.REPORTS_READ, "reports:activities", _("Activities")),
    (Right.SHELTERS_READ, "shelters:list", _("Shelters")),
    (Right.ACCOUNTS_READ, "shelters:postings", _("Postings")),
    (Right.EXPOSURE_READ, "shelters:incidents", _("Incidents")),
    (Right.ACCOUNTS_READ, "accounts:people", _("People")),
    (Right.EXPOSURE_READ, "accounts:lock_downs", _("Lock-downs")),
    (Right.AUDIT_READ, "accounts:audit", _("Changes"), SAFETY),
    (Right.OPENINGS_READ, "accounts:openings", _("Openings"), SAFETY),
    (Right.REVEAL_WITH_TWO, "accounts:waiting", _("Second person"), SAFETY),
    (Right.MAIL_SETTLE, "accounts:unsent", _("Unsent mail"), SAFETY),
    (Right.LEAKS_SETTLE, "accounts:leaks", _("Leak findings"), SAFETY),
    (Right.LEAKS_COUNT, "accounts:leak_counts", _("Leak guard"), SAFETY),
]
if settings.SAMPLE:
    MENU.append((Right.MAILBOX_READ, "accounts:mailbox", _("Sample mailbox")))

Page = tuple[Any, ...]  # address, label and, for some, the group


def navigation(request: HttpRequest) -> dict:
    """`menu`: (word or None, its pages) one after the other, each page as (address, label); a word only for
    who has more than MANY pages, and FEW or more under it. `menu_here`: the address of the page's entry.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "is_confined", False):
        return {"menu": []}
    # Lazy: an error page has no menu, nor has one of the small templates within a page.
    pages: Any = SimpleLazyObject(lambda: _pages_of(user))
    return {
        "menu": SimpleLazyObject(lambda: _grouped(pages)),
        "menu_here": SimpleLazyObject(lambda: _here(request.path, pages)),
    }


def _pages_of(user: User) -> list[Page]:
    return [(reverse(name), label, *group) for right, name, label, *group in MENU if user.may(right)]


def _here(path: str, pages: list[Page]) -> str:
    return max((address for address, *_rest in pages if path.startswith(address)), key=len, default="")


def _grouped(pages: list[Page]) -> list[tuple[Any, list[tuple]]]:
    sizes = Counter(group for _address, _label, *groups in pages for group in groups)
    menu: list[tuple[Any, list[tuple]]] = []
    under: dict[str, list[tuple]] = {}
    for address, label, *groups in pages:
        group = groups[0] if groups else ""
        if len(pages) <= MANY or sizes[group] < FEW:
            menu.append((None, [(address, label)]))
        elif group in under:
            under[group].append((address, label))
        else:
            under[group] = [(address, label)]
            menu.append((WORDS[group], under[group]))
    return menu
