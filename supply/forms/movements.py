from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supply.forms.doubts import TakingBack


class TakeBackForm(TakingBack):
    """Cleans into `reason` and, where there is a `choice` of days, `dated_today`."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("No names of people, no addresses."),
        error_messages={"required": _("Say why this entry is taken back.")},
    )
    dated_today = forms.BooleanField(
        label=_("Date it today, not on the day of the mistake"),
        required=False,
        help_text=_("Stock of the days between then stays as it was reported."),
    )

    def __init__(self, *args: Any, choice: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not choice:
            del self.fields["dated_today"]
