"""What was changed, by whom."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.gate import requires
from accounts.permissions import Right
from accounts.tables import (
    AuditFilters,
    AuditTable,
)
from core.lists import list_page


@requires(Right.AUDIT_READ)
def audit(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Changes"),
        queryset=selectors.audit_visible_to(request.user),
        table=AuditTable,
        filters=AuditFilters,
    )
