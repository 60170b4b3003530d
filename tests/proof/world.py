"""Two of everything: what the cast may see, and as much that it may not."""

from collections.abc import Callable
from typing import Any

from donations.models import Expense
from tests import factories as f

# Who plays whom, in the order of the table of test_05_rows.
PLAYERS = ("yuki", "hana", "sora", "miki", "kenji", "aya", "otto")
OWN = ("yuki", "hana")


def _half(*, shelter: Any, child: Any, sponsor: Any, log_in: Any, staff: Any, mark: str) -> dict[str, list]:
    """Everything around one shelter, its child and the child's sponsor."""
    resident = f.ResidentFactory(code=f"R-{mark}", real_name=f"Resident {mark}")
    for sealed, field in ((shelter, "address"), (child, "real_name")):
        setattr(sealed, field, f"Secret {mark}")
        sealed.save()
    sponsorship = sponsor.sponsorships.get()
    due = f.DueFactory(sponsorship=sponsorship)
    payment = f.DonationFactory(donor=sponsor.donor, code=f"D-{mark}")
    told = f.ChildUpdateFactory(child=child, author=staff, published=True)
    draft = f.ChildUpdateFactory(child=child, author=staff)
    found = f.LeakFindingFactory(subject_uuid=shelter.uuid)
    stay = f.StayFactory(resident=resident, shelter=shelter)  # as what is sent: before the shelter is exposed
    case = f.MedicalCaseFactory(resident=resident)
    incident = f.IncidentFactory(shelter=shelter)
    item = f.ItemFactory(code=f"ITEM-{mark}")
    came = f.receive(shelter.store, item, 10)
    coming = f.sent_line(shelter.store, item)
    arrived = f.ConsignmentBookingFactory(
        line=coming,
        kind="received",
        step__kind="received",
        step__by=staff,
        movement__source=coming.consignment.transit,
        movement__destination=shelter.store,
    )
    state = f.ShelterStatusFactory(shelter=shelter, state="exposed")
    sheet = f.CountSheetFactory(place=shelter.store)
    left = f.EvacuationFactory(shelter=shelter)
    return {
        "shelters.Shelter": [shelter],
        "shelters.ShelterStatus": [f.ShelterStatusFactory(shelter=shelter)],
        "shelters.HeadCount": [f.HeadCountFactory(shelter=shelter)],
        "shelters.Posting": list(shelter.postings.all()),
        "shelters.Resident": [resident],
        "shelters.Incident": [incident],
        "shelters.IncidentPeople": [f.IncidentPeopleFactory(incident=incident)],
        "shelters.IncidentPayment": [f.IncidentPaymentFactory(incident=incident)],
        "shelters.IncidentEffect": [f.IncidentEffectFactory(incident=incident, shelter_status=state)],
        "shelters.IncidentNote": [f.IncidentNoteFactory(incident=incident)],
        "shelters.Stay": [stay],
        "shelters.Evacuation": [left],
        "shelters.EvacuationPerson": [f.EvacuationPersonFactory(evacuation=left, stay=stay)],
        "shelters.EvacuationChild": [f.EvacuationChildFactory(evacuation=left)],
        "shelters.EvacuationCounted": [f.EvacuationCountedFactory(evacuation=left)],
        "shelters.EvacuationCall": [f.EvacuationCallFactory(evacuation=left)],
        "shelters.MedicalCase": [case],
        "shelters.MedicalCost": [f.MedicalCostFactory(case=case)],
        "shelters.MedicalSupply": [f.MedicalSupplyFactory(case=case)],
        "shelters.Allowance": [f.AllowanceFactory(resident=resident)],
        "shelters.AllowanceTakenBack": [f.AllowanceTakenBackFactory(allowance__resident=resident)],
        "shelters.ClothingGiven": [f.ClothingGivenFactory(shelter=shelter)],
        "foster.Child": [child],
        "foster.ChildStatus": [f.ChildStatusFactory(child=child)],
        "foster.SchoolTerm": [f.SchoolTermFactory(child=child)],
        "foster.ChildUpdate": [told, draft],
        "foster.UpdatePhoto": [f.UpdatePhotoFactory(update=told), f.UpdatePhotoFactory(update=draft)],
        "foster.Sponsor": [sponsor],
        "foster.Sponsorship": [sponsorship],
        "foster.SponsorshipRate": list(sponsorship.rates.all())
        or [f.SponsorshipRateFactory(sponsorship=sponsorship)],
        "foster.Pause": [f.PauseFactory(sponsorship=sponsorship)],
        "foster.Due": [due],
        "foster.Allocation": [f.AllocationFactory(due=due, donation=payment)],
        "foster.Reminder": [f.ReminderFactory(sponsor=sponsor)],
        "foster.ReminderOutcome": [f.ReminderOutcomeFactory(sponsor=sponsor)],
        "donations.Donor": [sponsor.donor],
        "donations.Donation": [payment],
        "supply.Movement": [came],
        "supply.Consignment": [coming.consignment],
        "supply.ConsignmentLine": [coming],
        "supply.ConsignmentStep": [arrived.step],
        "supply.ConsignmentBooking": list(coming.bookings.all()),
        "supply.Confirmation": [f.ConfirmationFactory(line=coming)],
        "supply.Balance": list(shelter.store.balances.all()),
        "supply.StockCount": [f.StockCountFactory(place=shelter.store, item=item)],
        "supply.CountSheet": [sheet],
        "supply.CountLine": [f.CountLineFactory(sheet=sheet, item=item)],
        "supply.StockLevel": [f.StockLevelFactory(place=shelter.store, item=item)],
        "supply.StockAlert": [f.StockAlertFactory(place=shelter.store, item=item)],
        "supply.Item": [item],
        "supply.Place": [shelter.store],
        "accounts.RevealEntry": [f.RevealEntryFactory(by=staff)],
        "accounts.RevealRequest": [f.RevealRequestFactory(of=shelter, asked_by=staff)],
        "accounts.AccessEntry": [f.AccessEntryFactory(by=staff)],
        "accounts.ExportEntry": [f.ExportEntryFactory(by=staff)],
        "core.LeakFinding": [found],
        "core.AuditEntry": [
            f.AuditEntryFactory(by_id=log_in.pk, by_name=log_in.name, action="foster.chosen")
        ],
    }


def two_halves(get: Callable[[str], Any]) -> dict[str, dict[str, list]]:
    """Model → {"own": rows around Willow, Momo and Yuki; "foreign": rows around Maple, Taro and Daichi}."""
    own = _half(
        shelter=get("willow"), child=get("momo"), sponsor=get("momos_sponsor"), log_in=get("yuki"),
        staff=get("hana"), mark="OWN",
    )  # fmt: skip
    foreign = _half(
        shelter=get("maple"), child=get("taro"), sponsor=get("taros_sponsor"), log_in=get("daichi"),
        staff=get("jin"), mark="FOREIGN",
    )  # fmt: skip
    only_planned = f.ConsignmentLineFactory(destination=get("willow").store)  # not yet theirs to know of
    foreign["supply.Consignment"].append(only_planned.consignment)
    foreign["supply.ConsignmentLine"].append(only_planned)
    foreign["supply.ConsignmentStep"].append(f.ConsignmentStepFactory(consignment=only_planned.consignment))
    foreign["donations.Donor"].append(f.DonorFactory(code="NOBODY"))
    foreign["donations.Donation"].append(f.DonationFactory(donor=f.DonorFactory(code="NOBODY-2")))
    of_nobody = {
        "donations.Expense": f.ExpenseFactory,
        "supply.Route": f.RouteFactory,
        "supply.RouteStatus": f.RouteStatusFactory,
        "supply.RouteTarget": f.RouteTargetFactory,
        "supply.RouteSite": f.RouteSiteFactory,
        "supply.Recipient": f.RecipientFactory,
        "supply.ConsignmentCost": f.ConsignmentCostFactory,
        "supply.StandingPlan": f.StandingPlanFactory,
        "supply.StandingPlanLine": f.StandingPlanLineFactory,
        "supply.Pack": f.PackFactory,
        "supply.Lot": f.LotFactory,
        "supply.MonthClosing": f.MonthClosingFactory,
        "shelters.RationRule": f.RationRuleFactory,
    }
    for model, make in of_nobody.items():
        foreign[model], own[model] = [make()], []
    foreign["donations.Expense"] = list(Expense.objects.all())  # also those that costs and allowances made
    section = f.SectionFactory()
    foreign["reports.AnnualReport"], foreign["reports.Section"] = [section.report], [section]
    own["reports.AnnualReport"], own["reports.Section"] = [], []
    return {model: {"own": own[model], "foreign": foreign[model]} for model in foreign}
