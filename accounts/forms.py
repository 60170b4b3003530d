from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.roles import ROLES
from core.enums import Language

HUMAN_ROLES = [(role.value, role.label) for role in RoleName if role != RoleName.SYSTEM]


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the app"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name, so that you know it again"), max_length=60, required=False, empty_value=""
    )
    passkey = forms.CharField(widget=forms.HiddenInput)


class WhichFactorForm(forms.Form):
    factor = forms.IntegerField(min_value=1)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=100)
    role = forms.ChoiceField(label=_("Role"), choices=HUMAN_ROLES, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=Language, initial=Language.JAPANESE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _with_sentences()


class LogInForm(forms.Form):
    """Another role, or the log-in closed: with the reason, which stands in the trail."""

    role = forms.ChoiceField(label=_("Role"), choices=HUMAN_ROLES, widget=forms.RadioSelect)
    is_active = forms.BooleanField(label=_("May log in"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"role": person.role, "is_active": person.is_active}
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _with_sentences()


def _with_sentences() -> list[tuple[str, str]]:
    return [(value, f"{label}: {ROLES[value].sentence}") for value, label in HUMAN_ROLES]
