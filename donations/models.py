import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Right
from core.models import AmountField, CurrencyField, Record
from core.money import Money
from donations.enums import Channel, DonorKind


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
