"""What another log-in could see and did see."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts import selectors, services
from accounts.exposure import exposure_of, sheet_of
from accounts.forms import DaysForm
from accounts.gate import requires
from accounts.permissions import Right
from core.files import file_of
from core.identity import Scope

USUAL_DAYS = 30


@requires(Right.EXPOSURE_READ, scope=Scope.EXPOSURE)
def exposure(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = get_object_or_404(selectors.people_visible_to(request.user), uuid=uuid)
    form = DaysForm(request.GET if "days" in request.GET else {"days": USUAL_DAYS})
    days = form.cleaned_data["days"] if form.is_valid() else USUAL_DAYS
    lock = selectors.lock_down_of(person)
    last = _last_day(lock and lock.began_at)
    services.note_seen(by=request.user, records=[person])
    report = exposure_of(person, first=last - timedelta(days=days - 1), last=last)
    if request.GET.get("export") == "csv":
        return file_of(request, "csv", sheet_of(report))
    context = {"report": report, "person": person, "lock": lock, "form": form, "now": timezone.now()}
    return render(request, "accounts/exposure.html", context, status=422 if form.errors else 200)


def _last_day(locked_at: datetime | None) -> date:
    """Today, or the day after which the log-in saw nothing more."""
    return timezone.localdate(locked_at) if locked_at else timezone.localdate()
