from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.fiscal import FiscalYear, fiscal_year_of
from core.identity import Scope
from core.leaks import CannotCheck
from core.lists import list_page
from reports import documents, presenting, selectors, services, tasks
from reports.figures import Figure
from reports.forms import DraftForm, SectionForm
from reports.models import AnnualReport, Section
from reports.registry import UnknownFigure, figure_named
from reports.tables import (
    ActivitiesFilters,
    ActivitiesTable,
    PartnersFilters,
    PartnersTable,
    RecordsFilters,
    RecordsTable,
    StatisticsFilters,
    StatisticsTable,
)
from shelters.selectors import dangers, newly_at_risk, why_shut

# A worker takes a draft up in seconds; after this the page offers to start it again.
PATIENCE = timedelta(seconds=30)


@requires(Right.REPORTS_READ, scope=Scope.FIGURES)
def start(request: HttpRequest) -> HttpResponse:
    return _start_page(request, _draft_form(request))


@requires(Right.REPORTS_WRITE, scope=Scope.FIGURES)
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    form = _draft_form(request, request.POST)
    if not form.is_valid():
        return _start_page(request, form, status=422)
    report = services.start_draft(by=request.user, **form.cleaned_data)
    tasks.queue_draft(report)
    return redirect("reports:report", uuid=report.uuid)


def _draft_form(request: HttpRequest, *data: object) -> DraftForm:
    return DraftForm(*data, today=timezone.localdate(), language=get_language())


def _start_page(request: HttpRequest, form: DraftForm, status: int = 200) -> HttpResponse:
    last_finished = fiscal_year_of(timezone.localdate()).previous
    context = {
        "form": form,
        "needed": selectors.needed(last_finished),
        "reports": selectors.reports_by_year().visible_to(request.user),
    }
    if request.user.may(Right.SHELTERS_WRITE):
        # Administrators are called of each, and this is the page on which they arrive.
        today = timezone.localdate()
        context |= {"dangers": dangers(why_shut(), today), "at_risk": newly_at_risk(today)}
    return render(request, "reports/start.html", context, status=status)


@requires(Right.REPORTS_READ, scope=Scope.FIGURES)
def report(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(AnnualReport.objects.visible_to(request.user), uuid=uuid)
    if found.drafted_at is None:
        return _progress(request, found)
    note_seen(by=request.user, records=[found])
    if request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "reports/report.html", presenting.report_page(found))


def _progress(request: HttpRequest, found: AnnualReport) -> HttpResponse:
    job = selectors.job_of(found)
    waited = timezone.now() - job.queued_at > PATIENCE if job else True
    context = {"report": found, "job": job, "may_start_again": waited or job.is_over}
    fragment = "#progress" if request.htmx else ""
    return render(request, f"reports/drafting.html{fragment}", context)


@requires(Right.REPORTS_READ, scope=Scope.FIGURES)
def download(request: HttpRequest, uuid: str, form: str) -> HttpResponse:
    found = get_object_or_404(AnnualReport.objects.visible_to(request.user), uuid=uuid)
    if form not in documents.FORMATS or found.drafted_at is None:
        raise Http404
    note_seen(by=request.user, records=[found])
    with translation.override(found.language):
        document = presenting.document_of(found)
        content = documents.rendered(document, form)
    if held := _held_back(request, found, document):
        messages.error(request, held)
        return redirect("reports:report", uuid)
    name = f"annual-report-{found.year}-{found.language}.{form}"
    return HttpResponse(
        content,
        content_type=documents.FORMATS[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _held_back(request: HttpRequest, report: AnnualReport, document: documents.Document) -> str:
    """Why it may not leave, as a sentence; empty when it may."""
    try:
        verdict = services.check_document(by=request.user, report=report, document=document)
    except CannotCheck as trouble:
        return str(trouble)
    return verdict.sentence(_("The report cannot leave: something protected stands in it (%(places)s)."))


@requires(Right.REPORTS_WRITE, scope=Scope.FIGURES)
def section(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(Section.objects.visible_to(request.user), uuid=uuid)
    with translation.override(found.report.language):
        material = presenting.material_of(found.report)
    kept = {"heading": found.heading, "text": found.text}
    form = SectionForm(request.POST or None, initial=kept, material=material)
    if request.method == "POST" and form.is_valid():
        services.edit_section(by=request.user, section=found, **form.cleaned_data)
        _tell_at_once(request, found.report)
        address = reverse("reports:report", kwargs={"uuid": found.report.uuid})
        return redirect(f"{address}#section-{found.position}")
    context = {"form": form, "section": found, "slots": presenting.slots(material)}
    return render(request, "reports/section.html", context, status=422 if form.errors else 200)


def _tell_at_once(request: HttpRequest, report: AnnualReport) -> None:
    """Kept is kept; but what would hold back the report is better known while it is written."""
    with translation.override(report.language):
        document = presenting.document_of(report)
    if held := _held_back(request, report, document):
        messages.warning(request, held)


@requires(Right.REPORTS_READ, scope=Scope.FIGURES)
def records(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """Exactly the records behind a figure, in the one projection."""
    fiscal_year = FiscalYear(year)
    try:
        figure = figure_named(key, fiscal_year)
    except UnknownFigure:
        raise Http404 from None
    return list_page(
        request,
        heading=_heading(figure, figure_named(key.partition(".")[0], fiscal_year)),
        queryset=figure.records(fiscal_year),
        table=RecordsTable,
        filters=RecordsFilters,
        lead=presenting.lead(figure, fiscal_year),
    )


def _heading(figure: Figure, whole: Figure) -> str:
    return str(figure.label) if figure is whole else f"{whole.label} · {figure.label}"


@requires(Right.REPORTS_READ, scope=Scope.FIGURES)
def activities(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Activities"),
        queryset=selectors.activities().visible_to(request.user),
        table=ActivitiesTable,
        filters=ActivitiesFilters,
    )


@requires(Right.REPORTS_READ, scope=Scope.FIGURES)
def partners(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Partners"),
        queryset=selectors.partners().visible_to(request.user),
        table=PartnersTable,
        filters=PartnersFilters,
    )


@requires(Right.REPORTS_READ, scope=Scope.FIGURES)
def statistics(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Outside statistics"),
        queryset=selectors.statistics().visible_to(request.user),
        table=StatisticsTable,
        filters=StatisticsFilters,
        lead=_("Published by others; printed with their source and never added to our own figures."),
    )
