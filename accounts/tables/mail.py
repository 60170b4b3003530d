"""Tables and filters of mail: what could not be sent, and what was sent to whom."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from core.enums import MessageState
from core.lists import LONG, UNBROKEN, Filters, MomentColumn, Table
from core.models import OutboxMessage
from core.outbox import ACCOUNT_MAIL, ALARM_MAIL, LEDGER_MAIL, NEED_A_PERSON, SECOND_PERSON_MAIL, STOCK_MAIL

UNSENT = (*NEED_A_PERSON, MessageState.HELD)
# What a mail is about, in words; a kind that is not among them shows its code.
MAIL_KINDS = {
    ACCOUNT_MAIL: _("log-in"),
    ALARM_MAIL: _("alarm about openings"),
    SECOND_PERSON_MAIL: _("call for a second person"),
    LEDGER_MAIL: _("call to look at the ledger"),
    STOCK_MAIL: _("call to look at the stock"),
    "reminder": _("reminder"),
}


class UnsentTable(Table):
    posted_at = MomentColumn(attrs=UNBROKEN)
    subject = columns.Column(attrs=LONG)
    trouble = columns.Column(attrs=LONG)
    steps = columns.TemplateColumn(
        template_name="accounts/settle.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(Table.Meta):
        model = OutboxMessage
        fields = ("posted_at", "kind", "subject", "state", "trouble", "steps")
        empty_text = _("Nothing waits for you: every mail went its way.")

    def render_kind(self, value: str) -> str:
        return str(MAIL_KINDS.get(value, value))


class UnsentFilters(Filters):
    searched = ("subject", "trouble")
    state = django_filters.ChoiceFilter(choices=[(state.value, state.label) for state in UNSENT])

    class Meta:
        model = OutboxMessage
        fields = ("q", "state")


class MailboxTable(Table):
    subject = columns.Column(linkify=("accounts:mail", {"uuid": columns.A("uuid")}), attrs=LONG)
    to_address = columns.Column(attrs=LONG)

    class Meta(Table.Meta):
        model = OutboxMessage
        fields = ("subject", "to_address", "posted_at", "language", "state")


class MailboxFilters(Filters):
    searched = ("subject", "to_address")
    state = django_filters.ChoiceFilter(choices=MessageState)

    class Meta:
        model = OutboxMessage
        fields = ("q", "state")
