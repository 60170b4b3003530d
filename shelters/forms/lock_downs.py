from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import LockDownForm


class ShelterLockDownForm(LockDownForm):
    """Which shelter, and what happened there."""

    known = forms.ChoiceField(label=_("Which shelter"), required=False, widget=forms.RadioSelect)
    typed = forms.CharField(label=_("Or type the code of the shelter"), required=False, max_length=20)
    typed_alone = _("Code of the shelter")
