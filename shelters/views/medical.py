"""The sick, what is given to them, and allowances: for field staff of the shelter; sums for the office."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.door import opening_page, opens
from accounts.gate import requires
from accounts.permissions import Right
from accounts.services import note_seen
from core.fiscal import fiscal_year_of
from core.identity import Scope
from core.lists import list_page
from shelters import forms, selectors, services, tables
from shelters.models import MedicalCase, Shelter
from shelters.views.telling import tell_page
from shelters.views.zones import enter, enter_own


@requires(Right.MEDICAL_WRITE)
def medical_cases(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Medical cases"),
        queryset=selectors.cases(request.user),
        table=tables.MedicalCaseTable,
        filters=tables.MedicalCaseFilters,
        template="shelters/medical_cases.html",
    )


@requires(Right.MEDICAL_WRITE)
def medical_case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    case = _case(request, uuid)
    context = {
        "case": case,
        "costs": selectors.costs_of(case),
        "spent": selectors.spent(case),
        "supplies": selectors.supplies(case),
    }
    return render(request, "shelters/medical_case.html", context)


@requires(Right.MEDICAL_WRITE)
def open_medical_case(request: HttpRequest) -> HttpResponse:
    enter_own(request)
    today = timezone.localdate()
    residents = selectors.in_care(request.user)
    initial = {"opened_on": today, "resident": request.GET.get("resident")}
    form = forms.MedicalCaseForm(request.POST or None, residents=residents, initial=initial)
    return tell_page(
        request,
        form,
        lambda: services.open_medical_case(by=request.user, today=today, **form.cleaned_data),
        heading=_("Open a medical case"),
        back=reverse("shelters:medical_cases"),
        then=_page_of,
    )


@requires(Right.MEDICAL_WRITE)
def change_treatment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    case = _case(request, uuid)
    form = forms.TreatmentForm(request.POST or None, record=case)
    return tell_page(
        request,
        form,
        lambda: services.change_treatment(by=request.user, case=case, **form.cleaned_data),
        heading=_("Treatment"),
        lead=_("Write the whole treatment: it takes the place of what stood there."),
        back=_page_of(case),
        subject=case.code,
    )


@requires(Right.MEDICAL_WRITE)
def close_medical_case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    enter_own(request)
    case, today = _case(request, uuid), timezone.localdate()
    form = forms.CloseCaseForm(request.POST or None, initial={"closed_on": today})
    return tell_page(
        request,
        form,
        lambda: services.close_medical_case(by=request.user, case=case, today=today, **form.cleaned_data),
        heading=_("Close the case"),
        back=_page_of(case),
        subject=case.code,
    )


@requires(Right.MEDICAL_WRITE)
def add_medical_cost(request: HttpRequest, uuid: UUID) -> HttpResponse:
    enter_own(request)
    case, today = _case(request, uuid), timezone.localdate()
    initial = {"month": today, "currency": selectors.last_currency(case.costs.all())}
    form = forms.MedicalCostForm(request.POST or None, initial=initial)
    return tell_page(
        request,
        form,
        lambda: services.add_medical_cost(by=request.user, case=case, today=today, **form.cleaned_data),
        heading=_("Costs of a month"),
        back=_page_of(case),
        subject=case.code,
    )


@requires(Right.MEDICAL_WRITE)
def take_back_medical_cost(request: HttpRequest, uuid: UUID, cost: UUID) -> HttpResponse:
    case = _case(request, uuid)
    mistaken = get_object_or_404(case.costs.filter(amount__gt=0).select_related("case__resident"), uuid=cost)
    form = forms.AllowanceMistakeForm(request.POST or None)
    words = {"month": date_format(mistaken.month, "YEAR_MONTH_FORMAT"), "amount": mistaken.money}
    return tell_page(
        request,
        form,
        lambda: services.take_back_medical_cost(by=request.user, cost=mistaken, **form.cleaned_data),
        heading=_("Take back: %(amount)s") % words,
        lead=_("%(month)s. It stays on the page, crossed out, and counts no more.") % words,
        back=_page_of(case),
        subject=case.code,
        button=_("Take back"),
    )


@requires(Right.MEDICAL_WRITE)
def give_for_case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Out of the store where the resident sleeps tonight."""
    case, heading = _case(request, uuid), _("Hand out medicine or a kit")
    shelter = selectors.shelters_of(case, request.user).first()
    if shelter is None:
        said = _(
            "%(code)s does not sleep at one of your shelters tonight. Medicine is handed out of the store "
            "where they stay: who works there books it."
        ) % {"code": case.resident.code}
        return _nothing_to_give(request, heading=heading, back=_page_of(case), subject=case.code, said=said)
    form = forms.HandOutForm(request.POST or None, shelter=enter(shelter), today=timezone.localdate())
    if not form.lines:
        said = _("There is no medicine, no kit and nothing for hygiene in the store of %(code)s.")
        said %= {"code": shelter.code}
        return _nothing_to_give(
            request, heading=heading, back=_page_of(case), subject=case.code, said=said, shelter=shelter
        )
    return tell_page(
        request,
        form,
        lambda: services.give_for_case(by=request.user, case=case, shelter=shelter, **form.entry),
        heading=heading,
        lead=_("Out of the store of %(code)s; it is booked there as handed out.") % {"code": shelter.code},
        back=_page_of(case),
        subject=case.code,
    )


@opens(Right.REVEAL_MEDICAL, MedicalCase)
def reveal_medical_case(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return opening_page(request, MedicalCase, uuid, heading=_("Condition and treatment"), back=_page_of)


@requires(Right.MEDICAL_WRITE)
def allowances(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Allowances"),
        queryset=selectors.allowances(request.user),
        table=tables.AllowanceTable,
        filters=tables.AllowanceFilters,
        template="shelters/allowances.html",
    )


@requires(Right.MEDICAL_WRITE)
def grant_allowance(request: HttpRequest) -> HttpResponse:
    enter_own(request)
    residents = selectors.in_care(request.user)
    given = selectors.allowances(request.user)
    initial = {
        "from_month": timezone.localdate(),
        "resident": request.GET.get("resident"),
        "currency": selectors.last_currency(given),
    }
    form = forms.AllowanceForm(request.POST or None, residents=residents, initial=initial)
    return tell_page(
        request,
        form,
        lambda: services.grant_allowance(by=request.user, **form.cleaned_data),
        heading=_("Grant an allowance"),
        back=reverse("shelters:allowances"),
    )


@requires(Right.MEDICAL_SUMS, scope=Scope.SUMS)
def medical_sums(request: HttpRequest) -> HttpResponse:
    """This and the last fiscal year in sums: no person, no shelter."""
    this = fiscal_year_of(timezone.localdate())
    years = [(year, selectors.medical_year(year)) for year in (this, this.previous)]
    return render(request, "shelters/medical_sums.html", {"years": years})


@requires(Right.STOCK_LOG)
def give_clothing(request: HttpRequest, uuid: UUID) -> HttpResponse:
    shelter = get_object_or_404(Shelter.objects.visible_to(request.user).select_related("store"), uuid=uuid)
    note_seen(by=request.user, records=[shelter])
    form = forms.ClothingForm(request.POST or None, shelter=enter(shelter), today=timezone.localdate())
    back, heading = reverse("shelters:stock", args=[uuid]), _("Give clothing for a season")
    if not form.lines:
        said = _("There is no clothing in the store of %(code)s.") % {"code": shelter.code}
        return _nothing_to_give(
            request, heading=heading, back=back, subject=shelter.code, said=said, shelter=shelter
        )
    return tell_page(
        request,
        form,
        lambda: services.give_clothing(
            by=request.user,
            shelter=shelter,
            season=form.cleaned_data["season"],
            people=form.cleaned_data["people"],
            **form.entry,
        ),
        heading=heading,
        lead=_("It is booked as handed out of the store."),
        back=back,
        subject=shelter.code,
    )


@requires(Right.STOCK_READ)
def clothing(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Clothing given"),
        queryset=selectors.clothing(),
        table=tables.ClothingTable,
        filters=tables.ClothingFilters,
    )


def _nothing_to_give(request: HttpRequest, *, shelter: Shelter | None = None, **context: str) -> HttpResponse:
    """Instead of a form; `said`: why, as a sentence. `shelter`: where to log what came in."""
    return render(request, "shelters/nothing_to_give.html", {"shelter": shelter, **context})


def _case(request: HttpRequest, uuid: UUID) -> MedicalCase:
    found = get_object_or_404(selectors.cases(request.user).prefetch_related(None), uuid=uuid)
    note_seen(by=request.user, records=[found, found.resident])
    return found


def _page_of(case: MedicalCase) -> str:
    return reverse("shelters:medical_case", args=[case.uuid])
