"""What a production installation must never start with."""

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 40


def refuse_unsafe_production(
    *, debug: bool, sample: bool, secret_key: str, sealing_key_file: str, email_url: str
) -> None:
    """Stop the start, with one sentence a fault, unless this is the sample set-up.

    Raises ImproperlyConfigured listing every fault at once.
    """
    faults = []
    if not secret_key:
        faults.append("SECRET_KEY is missing: set a random one of at least 40 characters.")
    if not sealing_key_file:
        # The file itself may come later or go again: sealed pages then say that they are locked.
        faults.append("SEALING_KEY_FILE is missing: name the file that holds the key of sealed fields.")
    if not sample:
        if debug:
            faults.append("DEBUG is on: it shows settings and records to strangers. Remove it.")
        if secret_key and (len(secret_key) < SHORTEST_SECRET or "change-me" in secret_key):
            faults.append("SECRET_KEY is a sample or too short: set a random one of 40 or more.")
        if not email_url:
            faults.append("EMAIL_URL is missing: without it no reminder leaves the outbox.")
    if faults:
        raise ImproperlyConfigured("This installation must not start. " + " ".join(faults))
