"""The month's reminders: what a run would find, starting one, watching it."""

import uuid
from datetime import date
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from core.lists import list_page
from foster import selectors, services, tasks
from foster.enums import ReminderResult
from foster.forms import MonthForm
from foster.tables import OutcomesFilters, OutcomesTable


@requires(Right.REMINDERS_RUN)
def reminders(request: HttpRequest) -> HttpResponse:
    """GET: who would be reminded for a month. POST: start that month."""
    today = timezone.localdate()
    data = request.POST or (request.GET if "month" in request.GET else {"month": f"{today:%Y-%m}"})
    form = MonthForm(data)
    month = _begun_month(form, today)
    if request.method == "POST" and month:
        return _start(request, month)
    standings = selectors.preview(month=month, level=services.FIRST_LEVEL, today=today) if month else []
    context = {
        "form": form,
        "month": month,
        "standings": sorted(standings, key=lambda one: one.result != ReminderResult.TO_SEND),
        "mails": sum(one.result == ReminderResult.TO_SEND for one in standings),
        "going_on": month and selectors.unfinished_run(month, timezone.now()),
        "runs": selectors.last_runs(),
    }
    return render(request, "foster/reminders.html", context, status=200 if month else 422)


def _begun_month(form: MonthForm, today: date) -> date | None:
    """The chosen month; None when the form says what is wrong with it."""
    if not form.is_valid():
        return None
    try:
        services.check_month(month=form.cleaned_data["month"], today=today)
    except services.MonthNotBegun as refusal:
        form.add_error("month", str(refusal))
        return None
    return form.cleaned_data["month"]


def _start(request: HttpRequest, month: date) -> HttpResponse:
    going_on = selectors.unfinished_run(month, timezone.now())
    if going_on:
        messages.info(request, _("This month is already being processed."))
        return redirect("foster:reminder_run", going_on.uuid)
    run = services.begin_run(by=request.user, month=month, today=timezone.localdate())
    transaction.on_commit(partial(tasks.queue_run, run))
    return redirect("foster:reminder_run", run.uuid)


@requires(Right.REMINDERS_RUN)
def reminder_run(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(selectors.runs(), uuid=uuid)
    month = date_format(run.month, "YEAR_MONTH_FORMAT")
    return list_page(
        request,
        heading=_("Reminders for %(month)s") % {"month": month},
        queryset=selectors.outcomes(run),
        table=OutcomesTable,
        filters=OutcomesFilters,
        template="foster/reminder_run.html",
        fragment="foster/reminder_run.html#register",
        run=run,
        job=selectors.job_of(run),
        counts=selectors.result_counts(run),
    )
