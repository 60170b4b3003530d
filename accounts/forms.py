from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import LockReason, RoleName
from accounts.models import User
from accounts.roles import ROLES
from core.enums import Language

HUMAN_ROLES = [(role.value, role.label) for role in RoleName if role != RoleName.SYSTEM]


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


class LockDownForm(forms.Form):
    """Whom or what to lock down: picked from a short list, or typed; and what happened.

    `known`: key → record for the list, which may be empty.
    """

    known = forms.ChoiceField(label=_("Who"), required=False, widget=forms.RadioSelect)
    typed = forms.CharField(label=_("Or type the name or the e-mail address"), required=False, max_length=100)
    reason = forms.ChoiceField(label=_("What happened"), choices=LockReason, widget=forms.RadioSelect)
    note = forms.CharField(label=_("In your own words (may stay empty)"), required=False, max_length=300)

    def __init__(self, *args: Any, known: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known"].choices = [(key, str(record)) for key, record in known.items()]
        if not known:
            self.fields.pop("known")
            self.fields["typed"].label = self.typed_alone

    typed_alone = _("Name or e-mail address")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("typed") and not cleaned.get("known"):
            self.add_error("typed", _("Say whom you mean."))
        return cleaned

    @property
    def story(self) -> dict[str, str]:
        return {"reason": self.cleaned_data["reason"], "note": self.cleaned_data["note"]}


class LiftForm(forms.Form):
    reason = forms.CharField(label=_("Why it is lifted"), max_length=300)


class DaysForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=366)
