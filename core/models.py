import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.dates import printed
from core.enums import Disclosure, JobState, Language, MessageState, Precision, Qualifier
from core.money import CURRENCIES
from core.quantities import Quantity


class Record(models.Model):
    """Every record has, beside its integer key, a UUID made in Python: addresses and seals use it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class DisclosureField(models.CharField):
    def __init__(self, **kwargs):
        kwargs |= {"max_length": 10, "choices": Disclosure, "default": Disclosure.INTERNAL}
        kwargs.setdefault("verbose_name", _("disclosure"))
        super().__init__(**kwargs)

    def deconstruct(self):
        name, _path, args, _kwargs = super().deconstruct()
        return name, "core.models.DisclosureField", args, {}


class CurrencyField(models.CharField):
    def __init__(self, **kwargs):
        kwargs |= {"max_length": 3, "choices": [(code, code) for code in CURRENCIES]}
        kwargs.setdefault("default", "JPY")
        kwargs.setdefault("verbose_name", _("currency"))
        super().__init__(**kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "core.models.CurrencyField", args, {"default": kwargs["default"]}


class AmountField(models.DecimalField):
    """An amount of money: exact, four digits after the decimal point."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_digits": 18, "decimal_places": 4})


class QuantityField(models.DecimalField):
    """An amount of goods in the item's base unit, to the thousandth."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"max_digits": 18, "decimal_places": 3})


class Spanned(models.Model):
    """A day, month or year, or a span of them. `ends_on` empty: it happened at the start alone."""

    starts_on = models.DateField(pgettext_lazy("days", "from"))
    starts_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    ends_on = models.DateField(pgettext_lazy("days", "to"), null=True, blank=True)
    ends_precision = models.CharField(
        _("precision of the end"), max_length=5, choices=Precision, default=Precision.DAY
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="%(class)s_ends_after_it_starts",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_precision=Precision.DAY)
                | models.Q(starts_precision=Precision.MONTH, starts_on__day=1)
                | models.Q(starts_precision=Precision.YEAR, starts_on__day=1, starts_on__month=1),
                name="%(class)s_no_invented_day",
                violation_error_message=_("A date known by its month is kept as the month's first day."),
            ),
        ]

    @property
    def when(self) -> str:
        start = printed(self.starts_on, self.starts_precision)
        if self.ends_on is None:
            return start
        return f"{start} – {printed(self.ends_on, self.ends_precision)}"


class Qualified(models.Model):
    """A number that says how exact it is."""

    value = models.DecimalField(_("value"), max_digits=18, decimal_places=3, null=True, blank=True)
    value_upper = models.DecimalField(
        _("upper value"), max_digits=18, decimal_places=3, null=True, blank=True
    )
    qualifier = models.CharField(_("qualifier"), max_length=12, choices=Qualifier, default=Qualifier.EXACT)
    unit = models.CharField(_("unit"), max_length=40, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    qualifier=Qualifier.RANGE,
                    value_upper__isnull=False,  # a comparison with NULL would let the row pass
                    value_upper__gt=models.F("value"),
                )
                | (~models.Q(qualifier=Qualifier.RANGE) & models.Q(value_upper__isnull=True)),
                name="%(class)s_range_has_two_ends",
                violation_error_message=_("A range has a lower and a higher value; nothing else has two."),
            ),
            models.CheckConstraint(
                condition=models.Q(qualifier=Qualifier.NOT_COUNTED, value__isnull=True)
                | models.Q(qualifier=Qualifier.WITHHELD)
                | (
                    ~models.Q(qualifier__in=[Qualifier.NOT_COUNTED, Qualifier.WITHHELD])
                    & models.Q(value__isnull=False)
                ),
                name="%(class)s_value_unless_uncounted",
                violation_error_message=_("Give a value, or say that it was not counted."),
            ),
        ]

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.value, Qualifier(self.qualifier), self.value_upper)


class DataKey(models.Model):
    """The wrapped key of one person, shelter or route; deleting the row forgets the subject."""

    subject = models.UUIDField(primary_key=True)
    key_number = models.PositiveIntegerField(default=1)  # which key-encryption key wraps it
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return str(self.subject)


class AuditEntry(models.Model):
    """Who changed what, when, from what to what, and why. No foreign keys: it outlives its subjects."""

    append_only = True

    at = models.DateTimeField(_("at"), db_default=Now())
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("by"), max_length=200)
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_uuid = models.UUIDField(null=True)
    subject_label = models.CharField(_("record"), max_length=200)
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_uuid"], name="audit_by_subject"),
            models.Index(fields=["by_id", "-id"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"


class OutboxMessage(Record):
    """One mail. The row is the queue: `key` says person, event and date, so that no event mails twice."""

    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    to_user_id = models.BigIntegerField(null=True)
    to_address = models.EmailField(pgettext_lazy("mail", "to"))
    language = models.CharField(_("language"), max_length=5, choices=Language)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.QUEUED)
    trouble = models.CharField(_("trouble"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("posted"), db_default=Now())
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("mail")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="outbox_one_mail_per_key"),
            models.CheckConstraint(
                condition=models.Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~models.Q(state=MessageState.SENT) & models.Q(sent_at__isnull=True)),
                name="outbox_sent_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="outbox_open",
                condition=models.Q(state__in=[MessageState.QUEUED, MessageState.CLAIMED]),
            )
        ]

    def __str__(self) -> str:
        return self.key


class Job(Record):
    """A long piece of work a person started and watches."""

    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    trouble = models.CharField(_("trouble"), max_length=500, blank=True)
    by_id = models.BigIntegerField()
    queued_at = models.DateTimeField(_("queued"), db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("total")), name="job_done_within_total"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)


class ExchangeRate(Record):
    """One unit of `base` in `quote` on a day, and who published it."""

    on = models.DateField(_("day"))
    base = CurrencyField(verbose_name=_("from currency"))
    quote = CurrencyField(verbose_name=_("to currency"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering = ["-on", "base"]
        constraints = [
            models.UniqueConstraint(fields=["on", "base", "quote"], name="exchange_rate_one_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.on}"
