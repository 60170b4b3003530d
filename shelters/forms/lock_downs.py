from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import LockReason
from accounts.forms import LockDownForm

# What happens to a house; a lost phone or a dismissal is one person's, who is locked down alone.
REASONS = (LockReason.RAID, LockReason.ARRESTED, LockReason.MISSING, LockReason.MISTAKE, LockReason.OTHER)


class ShelterLockDownForm(LockDownForm):
    """Which shelter, and what happened there."""

    known = forms.ChoiceField(label=_("Which shelter"), required=False, widget=forms.RadioSelect)
    typed = forms.CharField(label=_("Or type the code of the shelter"), required=False, max_length=20)
    reason = forms.ChoiceField(
        label=_("What happened"),
        choices=[(one.value, one.label) for one in REASONS],
        widget=forms.RadioSelect,
    )
    typed_alone = _("Code of the shelter")
