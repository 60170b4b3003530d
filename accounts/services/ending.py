"""All log-ins of a person at once: what every service does that puts somebody out."""

from accounts.models import User
from accounts.services.devices import end_quietly
from accounts.services.links import void_links


def end_log_ins(person: User) -> int:
    """Every log-in of the person is dead for the next request, and every link in their mailbox is void."""
    ended = end_quietly(person=person)
    void_links(person=person)
    return ended
