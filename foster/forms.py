import uuid
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.meanwhile import ChangeForm
from foster.models import ChildUpdate

if TYPE_CHECKING:
    from shelters.models import Shelter


def _bare_helper() -> FormHelper:
    """Fields alone: the page writes the form tag, the token and the buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class HomeForm(ChangeForm):
    compared = ("shelter",)
    shelter = forms.ModelChoiceField(
        label=_("Shelter"), queryset=None, to_field_name="uuid", required=False,
        empty_label=_("none of ours, or not known"),
        error_messages={"invalid_choice": _("Choose one of the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, shelters: "QuerySet[Shelter]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shelter"].queryset = shelters


class UpdateForm(forms.ModelForm):
    class Meta:
        model = ChildUpdate
        fields = ("written_on", "title", "text", "title_ja", "text_ja")
        widgets = {
            "written_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "text": forms.Textarea(attrs={"rows": 8}),
            "text_ja": forms.Textarea(attrs={"rows": 8, "lang": "ja"}),
            "title_ja": forms.TextInput(attrs={"lang": "ja"}),
        }
        help_texts = {
            "text": _("No real name, no place, no code. Sponsors read every word."),
            "text_ja": _("Empty: Japanese sponsors read the text above."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _bare_helper()


class NewUpdateForm(UpdateForm):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class PhotoForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        help_text=_("At most 15 MB. Place and device are taken out of the file; faces and signs are not."),
        # A larger file is dropped before it reaches the form: nothing of it is ever written to a disk.
        error_messages={"required": _("Choose a photo of at most 15 MB."), "empty": _("This file is empty.")},
    )
    caption = forms.CharField(label=_("Caption"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _bare_helper()


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _bare_helper()


class MonthForm(forms.Form):
    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
        error_messages={
            "invalid": _("Write the month as 2026-11."),
            "required": _("Write the month as 2026-11."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _bare_helper()
