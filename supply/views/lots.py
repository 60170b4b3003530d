from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from supply import forms, selectors, services
from supply.services import Refusal


@requires(Right.STOCK_REVERSE)
def change_lot(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Its number or last day, mistyped by who received it. What was booked of it stays as it is."""
    lot = get_object_or_404(selectors.lots(), uuid=uuid)
    initial = {name: getattr(lot, name) for name in forms.LotForm.compared}
    form = forms.LotForm(request.POST or None, initial=initial, record=lot)
    if form.is_valid():
        try:
            services.change_lot(by=request.user, lot=lot, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.about, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("supply:start")
    return render(request, "supply/lot.html", {"lot": lot, "form": form}, status=422 if form.errors else 200)
