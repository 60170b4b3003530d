import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Right
from core.dates import printed
from core.enums import Precision
from core.models import PAYABLE, AmountField, CurrencyField, Qualified, Record, payable
from core.money import Money, told
from donations.enums import Channel, DonorKind, Nature, Source


class Fund(Record):
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    settles_dues = models.BooleanField(_("settles sponsors' dues"), default=False)

    class Meta:
        verbose_name = _("fund")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_dues(self) -> bool:
        """A gift for something else alone is no payment of what a sponsor owes."""
        return self.settles_dues or not self.is_restricted


class Programme(Record):
    """A programme under its name in the articles of association: filings need it letter by letter."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_ja = models.CharField(_("name in the articles"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("programme")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DonorQuerySet(models.QuerySet["Donor"]):
    def visible_to(self, user: User) -> "DonorQuerySet":
        return self.all() if user.may(Right.DONATIONS_READ) else self.none()


class Donor(Record):
    """Who pays. Who corresponds and who logs in may be others: see `foster.Sponsor`."""

    leak_own_names = ("name", "name_kana")

    personal = True

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=DonorKind, default=DonorKind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    name_kana = models.CharField(_("name in kana"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)

    objects = DonorQuerySet.as_manager()

    class Meta:
        verbose_name = _("donor")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class DonationQuerySet(models.QuerySet["Donation"]):
    def gifts(self) -> "DonationQuerySet":
        """Refunds lower the sum, not the number of gifts."""
        return self.filter(refund_of__isnull=True)

    def visible_to(self, user: User) -> "DonationQuerySet":
        return self.all() if user.may(Right.DONATIONS_READ) else self.none()


class Donation(Record):
    """Money in: gross, the channel's fee, and what arrived; a refund is a linked negative row."""

    personal = True

    code = models.CharField(_("number"), max_length=30, unique=True)
    key = models.UUIDField(default=uuid.uuid4)  # of the form: the same submit twice is one row
    donor = models.ForeignKey(
        Donor, models.PROTECT, related_name="donations", null=True, blank=True,
        verbose_name=_("donor"), help_text=_("Empty: anonymous."),
    )  # fmt: skip
    received_on = models.DateField(pgettext_lazy("money", "received"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    currency = CurrencyField()
    gross = AmountField(verbose_name=_("gross"))
    fee = AmountField(verbose_name=_("fee"), default=0)
    net = AmountField(verbose_name=_("net"))
    rate = models.DecimalField(_("yen a unit"), max_digits=18, decimal_places=8, null=True, blank=True)
    yen = models.DecimalField(_("value in yen"), max_digits=18, decimal_places=0, null=True, blank=True)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="donations", verbose_name=_("fund"))
    is_recurring = models.BooleanField(_("recurring"), default=False)
    external_id = models.CharField(_("number of the channel"), max_length=60, blank=True)
    refund_of = models.ForeignKey(
        "self", models.PROTECT, related_name="refunds", null=True, blank=True,
        verbose_name=_("refund of"),
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("donation")
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="donation_one_per_key"),
            models.CheckConstraint(
                condition=Q(net=F("gross") - F("fee")),
                name="donation_net_is_gross_less_fee",
                violation_error_message=_("Net must be gross less the fee."),
            ),
            models.CheckConstraint(
                condition=Q(refund_of__isnull=True, gross__gt=0) | Q(refund_of__isnull=False, gross__lt=0),
                name="donation_refund_is_negative",
                violation_error_message=_("A gift is above zero, a refund below it."),
            ),
            models.CheckConstraint(
                condition=~Q(currency="JPY") | Q(yen=F("gross"), rate__isnull=True),
                name="donation_yen_need_no_rate",
                violation_error_message=_("A gift in yen has no rate; its value in yen is its gross."),
            ),
            models.UniqueConstraint(
                fields=["channel", "external_id", "currency"],
                condition=~Q(external_id=""),
                name="donation_once_per_channel_number",
                violation_error_message=_("This number of the channel is already booked."),
            ),
        ]
        indexes = [models.Index(fields=["received_on", "channel"], name="donation_by_day")]

    def __str__(self) -> str:
        return self.code

    @property
    def money(self) -> Money:
        return Money(self.gross, self.currency)


class ExpenseQuerySet(models.QuerySet["Expense"]):
    def visible_to(self, user: User) -> "ExpenseQuerySet":
        return self.all() if user.may(Right.DONATIONS_READ) else self.none()

    def that_stand(self) -> "ExpenseQuerySet":
        """Without what was taken back, and without the rows that took it back."""
        return self.filter(stands=True)

    def waiting(self) -> "ExpenseQuerySet":
        """Paid, and not yet booked to a fund and a programme."""
        return self.that_stand().filter(Q(fund__isnull=True) | Q(programme__isnull=True))


class Expense(Record, Qualified):
    """Money out, as exactly as it is known: a ransom may be a range.

    Typed by the finance officer, or made by trigger of what another app wrote down (`source`, docs/adr/0029):
    then it waits for what is missing of fund and programme, which are named once. Nothing else changes. A
    mistake is taken back by its mirror, a row of the same content; neither counts, and `stands` says so.
    """

    code = models.CharField(_("number"), max_length=30, unique=True)
    key = models.UUIDField(default=uuid.uuid4)  # of the form: the same submit twice is one row
    paid_on = models.DateField(_("paid on"))
    paid_precision = models.CharField(_("precision"), max_length=5, choices=Precision, default=Precision.DAY)
    fund = models.ForeignKey(
        Fund, models.PROTECT, related_name="expenses", null=True, blank=True, verbose_name=_("fund")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="expenses", null=True, blank=True,
        verbose_name=_("programme"),
    )  # fmt: skip
    nature = models.CharField(_("nature"), max_length=12, choices=Nature)
    what = models.CharField(
        _("what it paid"), max_length=200, blank=True, help_text=_("No names of people, no addresses.")
    )
    currency = CurrencyField()
    source = models.CharField(_("written down as"), max_length=12, choices=Source, blank=True)
    source_key = models.UUIDField(null=True, blank=True, editable=False)  # the key of that row
    stands = models.BooleanField(_("counts"), default=True, editable=False)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True,
        verbose_name=_("takes back"),
    )  # fmt: skip
    reason = models.CharField(_("why it is taken back"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("expense")
        ordering = ["-paid_on", "-id"]
        constraints = [
            *Qualified.Meta.constraints,
            models.UniqueConstraint(fields=["key"], name="expense_one_per_key"),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=Q(stands=True) & ~Q(source=""),
                name="expense_once_a_payment",
            ),
            models.CheckConstraint(
                condition=Q(source="", source_key__isnull=True)
                | (~Q(source="") & Q(source_key__isnull=False)),
                name="expense_source_has_its_key",
            ),
            models.CheckConstraint(
                condition=~Q(source="")
                | (~Q(what="") & Q(fund__isnull=False, programme__isnull=False))
                | Q(corrects__isnull=False),
                name="expense_by_hand_is_booked",
                violation_error_message=_("Name the fund and the programme, and say what it paid."),
            ),
            # Below zero: part of a medical cost taken back, and what was corrected before there were mirrors.
            models.CheckConstraint(
                condition=Q(value__isnull=True)
                | Q(value__gt=0)
                | (Q(value__lt=0, qualifier="exact") & ~Q(source="")),
                name="expense_is_something",
                violation_error_message=_("Write an amount above zero."),
            ),
            models.CheckConstraint(
                condition=~Q(source="") | Q(corrects__isnull=False) | Q(qualifier="exact"),
                name="expense_by_hand_is_exact",
            ),
            models.CheckConstraint(
                condition=payable("value", "value_upper") | ~Q(source="") | Q(corrects__isnull=False),
                name="expense_is_payable",
                violation_error_message=PAYABLE,
            ),
            models.CheckConstraint(
                condition=Q(paid_precision=Precision.DAY)
                | Q(paid_precision=Precision.MONTH, paid_on__day=1)
                | Q(paid_precision=Precision.YEAR, paid_on__day=1, paid_on__month=1),
                name="expense_no_invented_day",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | (Q(stands=False) & (~Q(reason="") | ~Q(source=""))),
                name="expense_is_taken_back_with_a_reason",
                violation_error_message=_("Say why."),
            ),
        ]
        indexes = [models.Index(fields=["paid_on", "nature"], name="expense_by_day")]

    def __str__(self) -> str:
        return self.code

    @property
    def when(self) -> str:
        return printed(self.paid_on, self.paid_precision)

    @property
    def told(self) -> str:
        return told(self.quantity, self.currency)

    @property
    def is_waiting(self) -> bool:
        """As `ExpenseQuerySet.waiting`."""
        return self.stands and (self.fund_id is None or self.programme_id is None)
