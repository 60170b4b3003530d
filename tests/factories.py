"""A factory per model, and short verbs for what tests set up often."""

import json
import uuid
from datetime import date, timedelta
from decimal import Decimal

import factory
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts import models as accounts
from accounts.enums import RoleName
from accounts.factors import seeds
from core import models as core
from donations import models as donations
from foster import models as foster
from reports import models as reports
from shelters import enums as shelters_enums
from shelters import models as shelters
from supply import models as supply
from supply.enums import PlaceKind, Reason


class UserFactory(DjangoModelFactory):
    class Meta:
        model = accounts.User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda user: f"{user.name.lower().replace(' ', '.')}@example.org")
    role = RoleName.FIELD_STAFF
    language = "en"

    @factory.lazy_attribute
    def password(self) -> str:
        """A sponsor has none."""
        return make_password(None if self.role == RoleName.SPONSOR else "a long password for tests")


class DeviceFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Device

    user = factory.SubFactory(UserFactory)
    session_key = factory.Sequence(lambda n: f"session{n}")
    kind = "Firefox · Linux"
    began_at = factory.LazyFunction(timezone.now)
    seen_at = factory.SelfAttribute("began_at")


class LogInLinkFactory(DjangoModelFactory):
    class Meta:
        model = accounts.LogInLink

    user = factory.SubFactory(UserFactory, role=RoleName.SPONSOR)
    digest = factory.Sequence(lambda n: f"digest{n}")
    made_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda link: link.made_at + timedelta(minutes=15))


class MailRequestFactory(DjangoModelFactory):
    class Meta:
        model = accounts.MailRequest

    address = factory.Sequence(lambda n: f"digest{n}")


def app_of(user: accounts.User, seed: str | None = None) -> Authenticator:
    """An app for codes of this person; with a seed one that works, without one a factor and no more."""
    data = {"secret": seeds.seal(seed, user) if seed else "none", "last_step": 0}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)


class RevealEntryFactory(DjangoModelFactory):
    class Meta:
        model = accounts.RevealEntry

    by = factory.SubFactory(UserFactory)
    subject_type = "shelters.shelter"
    subject_uuid = factory.LazyFunction(uuid.uuid4)
    subject_label = "WILLOW"
    field = "address"
    purpose = "a delivery"


class RevealRequestFactory(DjangoModelFactory):
    """`of=record, field=…` names the record that it is about."""

    class Meta:
        model = accounts.RevealRequest
        exclude = ("of",)

    of = None
    asked_by = factory.SubFactory(UserFactory)
    subject_type = factory.LazyAttribute(lambda r: r.of._meta.label_lower if r.of else "shelters.shelter")
    subject_uuid = factory.LazyAttribute(lambda r: r.of.uuid if r.of else uuid.uuid4())
    subject_label = factory.LazyAttribute(lambda r: str(r.of) if r.of else "WILLOW")
    field = "address"
    purpose = "a sick child"
    asked_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda r: r.asked_at + timedelta(minutes=15))


class LockDownFactory(DjangoModelFactory):
    class Meta:
        model = accounts.LockDown

    person = factory.SubFactory(UserFactory, is_active=False)
    by = factory.SubFactory(UserFactory)
    reason = "arrested"


class AccessEntryFactory(DjangoModelFactory):
    class Meta:
        model = accounts.AccessEntry

    by = factory.SubFactory(UserFactory)
    subject_type = "shelters.shelter"
    subject_uuid = factory.LazyFunction(uuid.uuid4)
    subject_label = "WILLOW"


class ExportEntryFactory(DjangoModelFactory):
    class Meta:
        model = accounts.ExportEntry

    by = factory.SubFactory(UserFactory)
    register = "foster:children"
    subject_type = "foster.child"
    file_format = "csv"
    filters = factory.LazyFunction(list)
    row_count = 0
    rows = factory.LazyFunction(list)


class AuditEntryFactory(DjangoModelFactory):
    class Meta:
        model = core.AuditEntry

    by_name = "Hana"
    action = "stock.used"
    subject_type = "supply.movement"
    subject_label = "rice"


class OutboxMessageFactory(DjangoModelFactory):
    class Meta:
        model = core.OutboxMessage

    key = factory.Sequence(lambda n: f"mail-{n}")
    kind = "reminder"
    to_address = "yuki@example.org"
    language = "en"
    subject = "There is news"
    body = "Log in to read it."


class LeakFindingFactory(DjangoModelFactory):
    """A shelter's code in a mail, waiting."""

    class Meta:
        model = core.LeakFinding

    channel = "mail"
    text_type = "core.outboxmessage"
    paragraph = 1
    text_label = "text"
    text_fingerprint = factory.Sequence(lambda n: f"text {n}")
    fingerprint = factory.Sequence(lambda n: f"finding {n}")
    subject_type = "shelters.shelter"
    subject_uuid = factory.LazyFunction(uuid.uuid4)
    field = "code"
    level = "sure"
    passage = json.dumps([["In ", "Willow", " it snows."]]).encode()
    sealed_for = factory.SelfAttribute("subject_uuid")


class JobFactory(DjangoModelFactory):
    class Meta:
        model = core.Job

    kind = "report"
    title = "A long piece of work"
    by_id = 1


class DataKeyFactory(DjangoModelFactory):
    class Meta:
        model = core.DataKey

    subject = factory.LazyFunction(uuid.uuid4)
    wrapped = b"not a key"


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = core.ExchangeRate

    on = factory.LazyFunction(timezone.localdate)
    base = "USD"
    quote = "JPY"
    rate = Decimal(150)
    source = "a central bank"


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = supply.Item
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"ITEM{n}")
    name = factory.LazyAttribute(lambda item: item.code.title())
    kind = "food"
    base_unit = "kg"


class PackFactory(DjangoModelFactory):
    class Meta:
        model = supply.Pack

    item = factory.SubFactory(ItemFactory)
    name = factory.Sequence(lambda n: f"bag {n}")
    quantity = Decimal(25)


class LotFactory(DjangoModelFactory):
    class Meta:
        model = supply.Lot

    item = factory.SubFactory(ItemFactory)
    code = factory.Sequence(lambda n: f"LOT{n}")


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = supply.Place
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"PLACE{n}")
    name = factory.LazyAttribute(lambda place: place.code.title())
    kind = PlaceKind.WAREHOUSE


def sink(kind: str) -> supply.Place:
    """The one place of this kind: used up, lost, counted, opening stock or a giver."""
    place = supply.Place.objects.filter(kind=kind).first()
    return place or PlaceFactory(code=kind.upper(), kind=kind)


class RecipientFactory(DjangoModelFactory):
    class Meta:
        model = supply.Recipient

    code = factory.Sequence(lambda n: f"R-{n}")
    kind = "orphanage"
    area = "inside"
    place = factory.SubFactory(PlaceFactory, kind=PlaceKind.RECIPIENT)


class RouteFactory(DjangoModelFactory):
    class Meta:
        model = supply.Route

    kind = "food"
    code = factory.Sequence(lambda n: f"RN-{n:02}")
    regularity = "regular"


class RouteStatusFactory(DjangoModelFactory):
    class Meta:
        model = supply.RouteStatus

    route = factory.SubFactory(RouteFactory)
    state = "open"
    since = date(2020, 1, 1)


class RouteTargetFactory(DjangoModelFactory):
    class Meta:
        model = supply.RouteTarget

    route = factory.SubFactory(RouteFactory)
    from_month = date(2020, 1, 1)
    kilograms_a_month = Decimal(5000)


class RouteSiteFactory(DjangoModelFactory):
    class Meta:
        model = supply.RouteSite

    route = factory.SubFactory(RouteFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = "crossing"
    name = factory.Sequence(lambda n: f"Site {n}")
    since = date(2020, 1, 1)


class MovementFactory(DjangoModelFactory):
    """Straight into the ledger; the balance follows by the database's own trigger."""

    class Meta:
        model = supply.Movement

    item = factory.SubFactory(ItemFactory)
    quantity = Decimal(10)
    source = factory.LazyFunction(lambda: sink(PlaceKind.SUPPLIER))
    destination = factory.SubFactory(PlaceFactory)
    reason = Reason.BOUGHT
    occurred_on = factory.LazyFunction(timezone.localdate)
    by = factory.SubFactory(UserFactory)


def receive(
    place: supply.Place, item: supply.Item, quantity: Decimal | int, *, days_ago: int = 0
) -> supply.Movement:
    day = timezone.localdate() - timedelta(days=days_ago)
    return MovementFactory(item=item, quantity=quantity, destination=place, occurred_on=day)


class StockCountFactory(DjangoModelFactory):
    class Meta:
        model = supply.StockCount

    place = factory.SubFactory(PlaceFactory)
    item = factory.SubFactory(ItemFactory)
    counted_on = factory.LazyFunction(timezone.localdate)
    expected = Decimal(0)
    counted = Decimal(0)
    by = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid.uuid4)


class CountSheetFactory(DjangoModelFactory):
    class Meta:
        model = supply.CountSheet

    place = factory.SubFactory(PlaceFactory)
    counted_on = factory.LazyFunction(timezone.localdate)
    counter = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid.uuid4)


class CountLineFactory(DjangoModelFactory):
    class Meta:
        model = supply.CountLine

    sheet = factory.SubFactory(CountSheetFactory)
    item = factory.SubFactory(ItemFactory)
    expected = Decimal(10)


class LedgerCheckFactory(DjangoModelFactory):
    class Meta:
        model = supply.LedgerCheck

    differences = 0


class StockLevelFactory(DjangoModelFactory):
    class Meta:
        model = supply.StockLevel

    place = factory.SubFactory(PlaceFactory)
    item = factory.SubFactory(ItemFactory)
    minimum = Decimal(50)


class StockAlertFactory(DjangoModelFactory):
    class Meta:
        model = supply.StockAlert

    place = factory.SubFactory(PlaceFactory)
    item = factory.SubFactory(ItemFactory)
    minimum = Decimal(50)
    held = Decimal(10)


class MonthClosingFactory(DjangoModelFactory):
    """Long before anything that tests book."""

    class Meta:
        model = supply.MonthClosing

    month = date(2019, 1, 1)
    state = "closed"
    by = factory.SubFactory(UserFactory)


class ConsignmentFactory(DjangoModelFactory):
    """Planned. What happens to it then, the services do: a state is never set."""

    class Meta:
        model = supply.Consignment

    code = factory.Sequence(lambda n: f"C20-{n + 1:03}")
    source = factory.SubFactory(PlaceFactory)
    transit = factory.SubFactory(PlaceFactory, kind=PlaceKind.TRANSIT)
    planned_on = factory.LazyFunction(timezone.localdate)


class ConsignmentLineFactory(DjangoModelFactory):
    class Meta:
        model = supply.ConsignmentLine

    consignment = factory.SubFactory(ConsignmentFactory)
    item = factory.SubFactory(ItemFactory)
    destination = factory.LazyFunction(lambda: RecipientFactory().place)
    planned = Decimal(10)


class ConsignmentStepFactory(DjangoModelFactory):
    class Meta:
        model = supply.ConsignmentStep

    consignment = factory.SubFactory(ConsignmentFactory)
    kind = "planned"
    on = factory.LazyFunction(timezone.localdate)
    by = factory.SubFactory(UserFactory, role=RoleName.SUPPLY_COORDINATOR)
    key = factory.LazyFunction(uuid.uuid4)


def packed_line(
    destination: supply.Place | None = None, item: supply.Item | None = None, quantity: Decimal | int = 10
) -> supply.ConsignmentLine:
    """One line of a consignment that could be sent: its source has just as much."""
    lines = {"destination": destination} if destination else {}
    line = ConsignmentLineFactory(item=item or ItemFactory(), planned=quantity, packed=quantity, **lines)
    for kind in ("planned", "packed"):
        ConsignmentStepFactory(consignment=line.consignment, kind=kind)
    receive(line.consignment.source, line.item, quantity)
    return line


def sent_line(
    destination: supply.Place | None = None, item: supply.Item | None = None, quantity: Decimal | int = 10
) -> supply.ConsignmentLine:
    """The same, under way."""
    line = packed_line(destination, item, quantity)
    ConsignmentBookingFactory(line=line)
    line.refresh_from_db()
    return line


class ConsignmentBookingFactory(DjangoModelFactory):
    """The sending of its line's packed amount."""

    class Meta:
        model = supply.ConsignmentBooking

    line = factory.LazyFunction(packed_line)
    step = factory.SubFactory(
        ConsignmentStepFactory, kind="sent", consignment=factory.SelfAttribute("..line.consignment")
    )
    kind = "sent"
    movement = factory.SubFactory(
        MovementFactory,
        item=factory.SelfAttribute("..line.item"),
        quantity=factory.SelfAttribute("..line.packed"),
        source=factory.SelfAttribute("..line.consignment.source"),
        destination=factory.SelfAttribute("..line.consignment.transit"),
        reason=Reason.TRANSFER,
    )

    @classmethod
    def _generate(cls, strategy, params):
        """The ledger's row and its booking belong to one transaction."""
        with transaction.atomic():
            return super()._generate(strategy, params)


class ConfirmationFactory(DjangoModelFactory):
    class Meta:
        model = supply.Confirmation

    line = factory.LazyFunction(sent_line)
    received_on = factory.LazyFunction(timezone.localdate)
    receiver = "K-7"
    quantity = Decimal(10)
    quality = "good"
    is_satisfied = True
    by = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid.uuid4)


class ConsignmentCostFactory(DjangoModelFactory):
    class Meta:
        model = supply.ConsignmentCost

    consignment = factory.SubFactory(ConsignmentFactory)
    kind = "transport"
    amount = Decimal(300)
    currency = "CNY"
    paid_on = factory.LazyFunction(timezone.localdate)
    by = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid.uuid4)


class StandingPlanFactory(DjangoModelFactory):
    class Meta:
        model = supply.StandingPlan

    route = factory.SubFactory(RouteFactory)
    source = factory.SubFactory(PlaceFactory)
    day = 5
    from_month = date(2020, 1, 1)
    key = factory.LazyFunction(uuid.uuid4)


class StandingPlanLineFactory(DjangoModelFactory):
    class Meta:
        model = supply.StandingPlanLine

    plan = factory.SubFactory(StandingPlanFactory)
    item = factory.SubFactory(ItemFactory)
    destination = factory.LazyFunction(lambda: RecipientFactory().place)
    quantity = Decimal(75)


class FundFactory(DjangoModelFactory):
    class Meta:
        model = donations.Fund
        django_get_or_create = ("code",)

    code = "GENERAL"
    name = factory.LazyAttribute(lambda fund: fund.code.title())


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = donations.Programme

    code = factory.Sequence(lambda n: f"PROG{n}")
    name = factory.LazyAttribute(lambda programme: programme.code.title())


class DonorFactory(DjangoModelFactory):
    class Meta:
        model = donations.Donor

    code = factory.Sequence(lambda n: f"D-{n:04}")
    name = factory.Sequence(lambda n: f"Donor {n}")


class DonationFactory(DjangoModelFactory):
    class Meta:
        model = donations.Donation

    code = factory.Sequence(lambda n: f"G-{n:05}")
    donor = factory.SubFactory(DonorFactory)
    received_on = factory.LazyFunction(timezone.localdate)
    channel = "bank"
    currency = "JPY"
    gross = Decimal(15000)
    fee = Decimal(0)
    net = factory.LazyAttribute(lambda gift: gift.gross - gift.fee)
    yen = factory.LazyAttribute(lambda gift: gift.gross if gift.currency == "JPY" else None)
    fund = factory.SubFactory(FundFactory)


class ExpenseFactory(DjangoModelFactory):
    class Meta:
        model = donations.Expense

    code = factory.Sequence(lambda n: f"E-{n:05}")
    paid_on = factory.LazyFunction(timezone.localdate)
    fund = factory.SubFactory(FundFactory)
    programme = factory.SubFactory(ProgrammeFactory)
    nature = "rent"
    what = "rent of the office"
    value = Decimal(80000)
    currency = "JPY"
    by = factory.SubFactory(UserFactory)


class ShelterFactory(DjangoModelFactory):
    class Meta:
        model = shelters.Shelter

    code = factory.Sequence(lambda n: f"SHELTER{n}")
    region = "border region"
    capacity = 12
    opened_on = date(2020, 1, 1)
    store = factory.SubFactory(
        PlaceFactory,
        code=factory.LazyAttribute(lambda p: f"ST-{p.factory_parent.code}"),
        kind=PlaceKind.STORE,
    )
    address = "1 Hidden Lane, Nowhere"


class ShelterLockDownFactory(DjangoModelFactory):
    class Meta:
        model = shelters.ShelterLockDown

    shelter = factory.SubFactory(ShelterFactory)
    by = factory.SubFactory(UserFactory)
    reason = "raid"


class ShelterStatusFactory(DjangoModelFactory):
    class Meta:
        model = shelters.ShelterStatus

    shelter = factory.SubFactory(ShelterFactory)
    state = "open"
    since = date(2020, 1, 1)


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = shelters.Posting

    user = factory.SubFactory(UserFactory)
    shelter = factory.SubFactory(ShelterFactory)
    days = DateRange(date(2020, 1, 1), None)


class ResidentFactory(DjangoModelFactory):
    class Meta:
        model = shelters.Resident

    code = factory.Sequence(lambda n: f"X-{n:03}")
    real_name = factory.Sequence(lambda n: f"Secret Person {n}")
    birth_year = 1990


class StayFactory(DjangoModelFactory):
    class Meta:
        model = shelters.Stay

    resident = factory.SubFactory(ResidentFactory)
    shelter = factory.SubFactory(ShelterFactory)
    nights = DateRange(date(2020, 1, 1), None)

    @factory.lazy_attribute
    def outcome(self) -> str:
        is_over = self.nights.upper is not None and not getattr(self, "is_planned", False)
        return shelters_enums.Outcome.UNKNOWN if is_over else ""


class HeadCountFactory(DjangoModelFactory):
    class Meta:
        model = shelters.HeadCount

    shelter = factory.SubFactory(ShelterFactory)
    counted_on = factory.LazyFunction(timezone.localdate)
    people = 10
    by = factory.SubFactory(UserFactory)


class EvacuationFactory(DjangoModelFactory):
    class Meta:
        model = shelters.Evacuation

    shelter = factory.SubFactory(ShelterFactory)
    reason = "the landlord was questioned"
    started_by = factory.SubFactory(UserFactory)


class EvacuationPersonFactory(DjangoModelFactory):
    class Meta:
        model = shelters.EvacuationPerson

    evacuation = factory.SubFactory(EvacuationFactory)
    stay = factory.SubFactory(StayFactory)
    outcome = "unknown"
    by = factory.SubFactory(UserFactory)


class EvacuationChildFactory(DjangoModelFactory):
    class Meta:
        model = shelters.EvacuationChild

    evacuation = factory.SubFactory(EvacuationFactory)
    subject = factory.LazyFunction(uuid.uuid4)
    code = factory.Sequence(lambda number: f"C-9{number}")
    outcome = "unknown"
    by = factory.SubFactory(UserFactory)


class EvacuationCountedFactory(DjangoModelFactory):
    class Meta:
        model = shelters.EvacuationCounted

    evacuation = factory.SubFactory(EvacuationFactory)
    people = 3
    outcome = "unknown"
    by = factory.SubFactory(UserFactory)
    key = factory.LazyFunction(uuid.uuid4)


class EvacuationCallFactory(DjangoModelFactory):
    class Meta:
        model = shelters.EvacuationCall

    evacuation = factory.SubFactory(EvacuationFactory)
    person = factory.SubFactory(UserFactory)


class RationRuleFactory(DjangoModelFactory):
    class Meta:
        model = shelters.RationRule

    item = factory.SubFactory(ItemFactory)
    grams = Decimal(400)
    valid_from = date(2020, 1, 1)


class MedicalCaseFactory(DjangoModelFactory):
    class Meta:
        model = shelters.MedicalCase

    code = factory.Sequence(lambda n: f"M-{n:03}")
    resident = factory.SubFactory(ResidentFactory)
    kind = "illness"
    condition = "a hidden fever"
    opened_on = date(2026, 3, 9)
    by = factory.SubFactory(UserFactory)


class MedicalCostFactory(DjangoModelFactory):
    class Meta:
        model = shelters.MedicalCost

    case = factory.SubFactory(MedicalCaseFactory)
    month = date(2026, 3, 1)
    amount = Decimal(300)
    currency = "CNY"
    by = factory.SubFactory(UserFactory)


class MedicalSupplyFactory(DjangoModelFactory):
    class Meta:
        model = shelters.MedicalSupply

    case = factory.SubFactory(MedicalCaseFactory)
    movement = factory.SubFactory(MovementFactory)


class AllowanceFactory(DjangoModelFactory):
    class Meta:
        model = shelters.Allowance

    resident = factory.SubFactory(ResidentFactory)
    amount = Decimal(500)
    currency = "CNY"
    months = 3
    from_month = date(2026, 3, 1)
    reason = "leaves"
    by = factory.SubFactory(UserFactory)


class AllowanceTakenBackFactory(DjangoModelFactory):
    class Meta:
        model = shelters.AllowanceTakenBack

    allowance = factory.SubFactory(AllowanceFactory)
    reason = "twice"
    by = factory.SubFactory(UserFactory)


class ClothingGivenFactory(DjangoModelFactory):
    class Meta:
        model = shelters.ClothingGiven

    shelter = factory.SubFactory(ShelterFactory)
    season = "winter"
    sets = 10
    people = 5
    movement = factory.SubFactory(MovementFactory)


class IncidentFactory(DjangoModelFactory):
    class Meta:
        model = shelters.Incident

    code = factory.Sequence(lambda n: f"I-{n:03}")
    kind = "raid"
    shelter = factory.SubFactory(ShelterFactory)
    starts_on = date(2026, 3, 9)
    by = factory.SubFactory(UserFactory)


class IncidentPeopleFactory(DjangoModelFactory):
    class Meta:
        model = shelters.IncidentPeople

    incident = factory.SubFactory(IncidentFactory)
    kind = "residents"
    value = Decimal(3)


class IncidentPaymentFactory(DjangoModelFactory):
    class Meta:
        model = shelters.IncidentPayment

    incident = factory.SubFactory(IncidentFactory)
    value = Decimal(3000)
    currency = "CNY"


class IncidentEffectFactory(DjangoModelFactory):
    class Meta:
        model = shelters.IncidentEffect

    incident = factory.SubFactory(IncidentFactory)
    shelter_status = factory.SubFactory(ShelterStatusFactory, state="exposed")


class IncidentNoteFactory(DjangoModelFactory):
    class Meta:
        model = shelters.IncidentNote

    incident = factory.SubFactory(IncidentFactory)
    happened_on = date(2026, 3, 9)
    step = "recorded"
    note = "the cook was taken away"
    by = factory.SubFactory(UserFactory)


class ChildFactory(DjangoModelFactory):
    class Meta:
        model = foster.Child

    code = factory.Sequence(lambda n: f"C-{n:03}")
    called = factory.Sequence(lambda n: f"Child {n}")
    real_name = factory.Sequence(lambda n: f"Secret Child {n}")
    birth_year = 2016


class ChildStatusFactory(DjangoModelFactory):
    class Meta:
        model = foster.ChildStatus

    child = factory.SubFactory(ChildFactory)
    state = "in_care"
    since = date(2020, 1, 1)


class SchoolTermFactory(DjangoModelFactory):
    class Meta:
        model = foster.SchoolTerm

    child = factory.SubFactory(ChildFactory)
    school_year = 2026
    half = "1"
    funded_on = date(2026, 8, 1)


class SponsorFactory(DjangoModelFactory):
    class Meta:
        model = foster.Sponsor

    code = factory.Sequence(lambda n: f"S-{n:03}")
    name = factory.Sequence(lambda n: f"Sponsor {n}")
    donor = factory.SubFactory(DonorFactory)
    email = factory.LazyAttribute(lambda sponsor: f"{sponsor.code.lower()}@example.org")
    language = "en"


class SponsorshipFactory(DjangoModelFactory):
    """A running sponsorship of 15,000 yen a month since 2020."""

    class Meta:
        model = foster.Sponsorship
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"P-{n:03}")
    sponsor = factory.SubFactory(SponsorFactory)
    child = factory.SubFactory(ChildFactory)
    started_on = date(2020, 1, 1)
    rate = factory.RelatedFactory(
        "tests.factories.SponsorshipRateFactory", factory_related_name="sponsorship"
    )


class SponsorshipRateFactory(DjangoModelFactory):
    class Meta:
        model = foster.SponsorshipRate

    sponsorship = factory.SubFactory(SponsorshipFactory, rate=None)
    from_month = date(2020, 1, 1)
    amount = Decimal(15000)


class PauseFactory(DjangoModelFactory):
    class Meta:
        model = foster.Pause

    sponsorship = factory.SubFactory(SponsorshipFactory)
    days = DateRange(date(2026, 1, 1), date(2026, 7, 1))
    reason = "away"


class DueFactory(DjangoModelFactory):
    class Meta:
        model = foster.Due

    sponsorship = factory.SubFactory(SponsorshipFactory)
    month = date(2026, 11, 1)
    amount = Decimal(15000)


class AllocationFactory(DjangoModelFactory):
    class Meta:
        model = foster.Allocation

    due = factory.SubFactory(DueFactory)
    donation = factory.SubFactory(DonationFactory)
    amount = Decimal(15000)


class ReminderRunFactory(DjangoModelFactory):
    class Meta:
        model = foster.ReminderRun

    month = date(2026, 11, 1)
    by = factory.SubFactory(UserFactory, role=RoleName.FOSTER_OFFICER)


class ReminderFactory(DjangoModelFactory):
    class Meta:
        model = foster.Reminder

    sponsor = factory.SubFactory(SponsorFactory)
    month = date(2026, 11, 1)
    run = factory.SubFactory(ReminderRunFactory)


class ReminderOutcomeFactory(DjangoModelFactory):
    class Meta:
        model = foster.ReminderOutcome

    run = factory.SubFactory(ReminderRunFactory)
    sponsor = factory.SubFactory(SponsorFactory)
    result = "posted"


class ChildUpdateFactory(DjangoModelFactory):
    class Meta:
        model = foster.ChildUpdate

    child = factory.SubFactory(ChildFactory)
    written_on = factory.LazyFunction(timezone.localdate)
    author = factory.SubFactory(UserFactory, role=RoleName.FOSTER_OFFICER)
    title = "A new school bag"
    text = "She likes the red one."

    class Params:
        published = factory.Trait(
            state="published",
            cleared_by=factory.SubFactory(UserFactory, role=RoleName.FOSTER_OFFICER),
            published_at=factory.LazyFunction(timezone.now),
        )


class UpdatePhotoFactory(DjangoModelFactory):
    class Meta:
        model = foster.UpdatePhoto

    update = factory.SubFactory(ChildUpdateFactory)
    image = b"not yet a photo"


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = reports.Activity

    code = factory.Sequence(lambda n: f"A-{n:04}")
    kind = "event"
    title = "An event"
    starts_on = date(2026, 10, 10)
    disclosure = "public"


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = reports.Measure

    activity = factory.SubFactory(ActivityFactory)
    name = "people"
    value = Decimal(3)


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = reports.Partner

    code = factory.Sequence(lambda n: f"N-{n:03}")
    started_on = date(2010, 1, 1)


class ExternalStatisticFactory(DjangoModelFactory):
    class Meta:
        model = reports.ExternalStatistic

    code = factory.Sequence(lambda n: f"E-{n:03}")
    topic = "Arrivals"
    publisher = "A ministry"
    source = "Its yearbook"
    starts_on = date(2026, 1, 1)
    starts_precision = "year"
    taken_on = date(2026, 8, 1)
    report_year = 2026
    value = Decimal(1000)


class AnnualReportFactory(DjangoModelFactory):
    class Meta:
        model = reports.AnnualReport

    year = 2026
    label = "fiscal year 2026"
    language = "en"
    by = factory.SubFactory(UserFactory, role=RoleName.ADMINISTRATOR)


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = reports.Section

    report = factory.SubFactory(AnnualReportFactory)
    position = 1
    heading = "Food"
