"""An allowance that was entered by mistake."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.money import Money
from shelters import forms, selectors, services
from shelters.views.telling import tell_page


@requires(Right.ALLOWANCE_REVERSE)
def take_back_allowance(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(selectors.allowances(request.user), uuid=uuid)
    note_seen(by=request.user, records=[found.resident])
    form = forms.AllowanceMistakeForm(request.POST or None)
    words = {
        "code": found.resident.code,
        "amount": Money(found.amount, found.currency),
        "months": found.months,
    }
    said = _(
        "%(code)s: %(amount)s a month, for %(months)s months. It stays in the list, and counts in no sum."
    )
    return tell_page(
        request,
        form,
        lambda: services.take_back_allowance(by=request.user, allowance=found, **form.cleaned_data),
        heading=_("Take back the allowance"),
        lead=said % words,
        back=reverse("shelters:allowances"),
        subject=found.resident.code,
        button=_("Take back"),
    )
