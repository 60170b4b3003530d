from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.enums import LockReason, RoleName
from accounts.models import User
from accounts.openings import forgettable_models, sealed_columns, to_forget
from accounts.roles import ROLES
from core.enums import FindingState, Language
from core.forms import WholeNumberField

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
    factor = WholeNumberField(min_value=1)


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


class SettleForm(forms.Form):
    """What a finding of the leak guard is."""

    state = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (FindingState.TAKE_OUT, _("A leak: it has to come out.")),
            (FindingState.NO_LEAK, _("Not a leak: this very text may leave.")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), max_length=300)


class LogInForm(forms.Form):
    """Another role, or the log-in closed: with the reason, which stands in the trail."""

    role = forms.ChoiceField(label=_("Role"), choices=HUMAN_ROLES, widget=forms.RadioSelect)
    is_active = forms.BooleanField(label=_("May log in"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"role": person.role, "is_active": person.is_active}
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _with_sentences()


class OpeningForm(forms.Form):
    """Which sealed value, and what for: one tap, or in one's own words, or both."""

    reasons = (
        ("illness", _("Somebody is ill or hurt")),
        ("way", _("Fetching or bringing somebody")),
        ("delivery", _("A delivery")),
        ("papers", _("Papers, school or an office")),
    )
    field = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    why = forms.ChoiceField(label=_("What do you need it for?"), required=False, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=300,
        help_text=_("It is written down with your name and the time. No names of people, no addresses."),
    )

    def __init__(self, *args: Any, model: type[Model], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = sealed_columns(model)
        self.fields["field"].choices = [(field.name, field.verbose_name) for field in columns]
        self.fields["field"].initial = columns[0].name
        self.fields["why"].choices = self.reasons

    def clean(self) -> dict[str, Any]:
        """`purpose` as one text; the choice that led to it goes."""
        cleaned = super().clean() or self.cleaned_data
        reason = str(dict(self.reasons).get(cleaned.pop("why", ""), ""))
        words = cleaned.get("purpose", "")
        if not self.errors and not (reason or words):
            self.add_error("purpose", _("Say what you need this for; it is written down beside your name."))
        cleaned["purpose"] = ": ".join(part for part in (reason, words) if part)[:300]
        return cleaned


class EmergencyForm(OpeningForm):
    reasons = (
        ("raid", _("The people there are in danger")),
        ("silence", _("Nobody there answers")),
        ("illness", _("Somebody is ill or hurt")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].label = _("What happened")


class ForgetForm(forms.Form):
    """A person by the kind and code of their record: who forgets them never sees the record."""

    subject_type = forms.ChoiceField(label=_("Kind of record"), widget=forms.RadioSelect)
    code = forms.CharField(label=_("Code"), max_length=20)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays in the trail. No name of a person.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        kinds = [(model._meta.label_lower, model._meta.verbose_name) for model in forgettable_models()]
        self.fields["subject_type"].choices = kinds

    def clean(self) -> dict[str, Any]:
        """Adds `subject`, the record."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            cleaned["subject"] = to_forget(self.by, cleaned["subject_type"], code=cleaned["code"])
            if cleaned["subject"] is None:
                self.add_error("code", _("There is no record of this kind with this code."))
        return cleaned


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
        self.known = known
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
    days = WholeNumberField(label=_("Days"), min_value=1, max_value=366)
