"""What the leak guard found: looked at and settled by who may see it, counted by the administrator."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.forms import SettleForm
from accounts.gate import requires
from accounts.permissions import Right
from accounts.tables import LeaksFilters, LeaksTable
from core import leaks as guard
from core.keyring import KeysLocked
from core.leaks import sight
from core.lists import list_page
from core.models import LeakFinding
from core.sealed import CannotOpen

LATELY = timedelta(days=30)


@requires(Right.LEAKS_SETTLE)
def leaks(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Leak findings"),
        lead=_(
            "Texts that wait because something protected may stand in them, as far as you may see what it "
            "is. Nothing of them leaves until somebody has said what it is."
        ),
        queryset=selectors.leak_findings(request.user),
        table=LeaksTable,
        filters=LeaksFilters,
    )


@requires(Right.LEAKS_SETTLE)
def leak(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _page(request, _finding(request, uuid))


@requires(Right.LEAKS_SETTLE)
@require_POST
def show_passage(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Shown in the answer to the POST alone, like every value that was opened."""
    found = _finding(request, uuid)
    try:
        passages = services.open_passages(by=request.user, finding=found)
    except (CannotOpen, KeysLocked, services.OwnText) as trouble:
        messages.error(request, str(trouble))
        return redirect("accounts:leak", uuid)
    return _page(request, found, passages=passages, form=SettleForm())


@requires(Right.LEAKS_SETTLE)
@require_POST
def settle_leak(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found, form = _finding(request, uuid), SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        services.settle_finding(by=request.user, finding=found, **form.cleaned_data)
    except services.OwnText as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form=form)
    except services.FindingSettledAlready as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Settled. Your name and your reason are written down."))
    return redirect("accounts:leaks")


@requires(Right.LEAKS_COUNT)
def leak_counts(request: HttpRequest) -> HttpResponse:
    """How much waits and what came of the rest: numbers alone."""
    counts = selectors.leak_counts(timezone.now() - LATELY)
    return render(request, "accounts/leak_counts.html", {"counts": counts, "days": LATELY.days})


def _finding(request: HttpRequest, uuid: UUID) -> LeakFinding:
    return get_object_or_404(selectors.leak_findings(request.user).defer("passage"), uuid=uuid)


def _page(request: HttpRequest, finding: LeakFinding, **more: object) -> HttpResponse:
    """`passages` and `form`: once the passage is shown."""
    context = {
        "finding": finding,
        "what": sight.what(finding),
        "whose": sight.whose([finding]).get(finding.subject_uuid, ""),
        "where": guard.where(finding),
        **more,
    }
    form = more.get("form")
    wrong = isinstance(form, SettleForm) and form.is_bound
    return render(request, "accounts/leak.html", context, status=422 if wrong else 200)
