from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.enums import Outcome, RequestKind, RequestState
from accounts.models.people import User
from core.models import Record

UNSETTLED = (RequestState.WAITING, RequestState.AGREED)
# An agreement too may be over before it was used.
_UNANSWERED = (RequestState.WAITING, RequestState.EXPIRED)
_ANSWERED = (RequestState.AGREED, RequestState.DECLINED, RequestState.USED, RequestState.EXPIRED)


class RevealRequest(Record):
    """A wish that needs a second person, and what that person answered. Its agreement serves once.

    A trigger keeps what was asked, and who answers from answering for another.
    """

    personal = True

    kind = models.CharField(_("what"), max_length=12, choices=RequestKind, default=RequestKind.OPEN)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_uuid = models.UUIDField()
    subject_label = models.CharField(_("record"), max_length=200)
    field = models.CharField(_("field"), max_length=60, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300)
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.WAITING)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("second person")
    )
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request for a second person")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="reveal_request_second_is_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, state__in=_UNANSWERED)
                | Q(decided_by__isnull=False, decided_at__isnull=False, state__in=_ANSWERED),
                name="reveal_request_answer_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.USED, used_at__isnull=False)
                | (~Q(state=RequestState.USED) & Q(used_at__isnull=True)),
                name="reveal_request_used_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="") & Q(expires_at__gt=F("asked_at")),
                name="reveal_request_has_a_purpose",
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.FORGET, field="") | (~Q(kind=RequestKind.FORGET) & ~Q(field="")),
                name="reveal_request_names_a_field",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "kind", "subject_uuid", "field"],
                condition=Q(state__in=UNSETTLED),
                name="reveal_request_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_label} {self.field}".strip()

    @property
    def was_agreed_by_who_is_out(self) -> bool:
        second = self.decided_by if self.state == RequestState.AGREED else None
        return second is not None and not second.is_active

    def stands_at(self, now: datetime) -> RequestState:
        """The state as people should read it: what waited too long, or was agreed to by somebody whose log-in
        is closed now, serves no more.
        """
        is_over = self.state in UNSETTLED and (self.expires_at <= now or self.was_agreed_by_who_is_out)
        return RequestState.EXPIRED if is_over else RequestState(self.state)


class RevealEntry(models.Model):
    """One attempt on a sealed value: who, which field of which record, what for, and what became of it.

    The value is never here. `raised_alarm`: this row made the mails to who watches over the openings.
    """

    is_log = True

    append_only = True

    at = models.DateTimeField(_("at"), db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    kind = models.CharField(_("what"), max_length=12, choices=RequestKind, default=RequestKind.OPEN)
    subject_type = models.CharField(_("kind of record"), max_length=60)
    subject_uuid = models.UUIDField()
    subject_label = models.CharField(_("record"), max_length=200, blank=True)
    field = models.CharField(_("field"), max_length=60, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, default=Outcome.OPENED)
    second = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("second person")
    )
    request = models.OneToOneField(
        RevealRequest, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("request")
    )
    raised_alarm = models.BooleanField(_("alarm"), default=False)

    class Meta:
        verbose_name = _("opening")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.OPENED) | ~Q(purpose=""), name="reveal_has_a_purpose"
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("by")), name="reveal_second_is_another"
            ),
            models.CheckConstraint(
                condition=~Q(kind=RequestKind.BREAK_GLASS, outcome=Outcome.OPENED)
                | Q(second__isnull=False, request__isnull=False),
                name="reveal_emergency_has_a_second",
            ),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="reveal_by_person")]

    def __str__(self) -> str:
        return f"{self.subject_label} {self.field}"
