"""What was changed, by whom: told by who changed it, and row by row as the database wrote it down."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.gate import requires
from accounts.permissions import Right
from accounts.tables import AuditFilters, AuditTable, TrailFilters, TrailTable
from core.lists import list_page


@requires(Right.AUDIT_READ)
def audit(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Changes"),
        lead=_("What people did, with their reasons. A record's name leads to all that was done to it."),
        queryset=selectors.audit_visible_to(request.user),
        table=AuditTable,
        filters=AuditFilters,
        template="accounts/changes.html",
    )


@requires(Right.AUDIT_READ)
def written(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Written rows"),
        lead=_(
            "Every row that was written, by whatever way; the database keeps this by itself and nobody can "
            "switch it off. What is sealed or told of a person stands there as “withheld”."
        ),
        queryset=selectors.trail_visible_to(request.user),
        table=TrailTable,
        filters=TrailFilters,
        template="accounts/written.html",
    )
