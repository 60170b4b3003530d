"""All log-ins of a person at once: what every service does that puts somebody out."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import F

from accounts.models import User


def end_log_ins(person: User) -> int:
    """Every session of the person is dead for the next request, also one that is just being made."""
    User.objects.filter(pk=person.pk).update(log_ins_ended=F("log_ins_ended") + 1)
    person.refresh_from_db(fields=["log_ins_ended"])
    # A session names its person only inside its signed text; there are some dozens of rows.
    own = [row.pk for row in Session.objects.all() if row.get_decoded().get(SESSION_KEY) == str(person.pk)]
    return Session.objects.filter(pk__in=own).delete()[0]
