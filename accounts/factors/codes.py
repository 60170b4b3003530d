"""Six-digit codes of an app (RFC 6238), each good once: only a later one than the last counts."""

import secrets
import unicodedata
from datetime import datetime

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

STEP_SECONDS = 30

new_seed = generate_totp_secret


def step_at(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def code_at(seed: str, step: int) -> str:
    return format_hotp_value(hotp_value(seed, step))


def typed(code: str) -> str:
    """As an app shows it, whatever the keyboard made of it: full-width digits, spaces, dashes."""
    return normalize_user_code(unicodedata.normalize("NFKC", code))


def step_of(seed: str, code: str, *, now: datetime, after: int) -> int | None:
    """The step whose code this is, at most one step beside now (clocks differ) and later than `after`."""
    here = step_at(now)
    fitting = (step for step in (here - 1, here, here + 1) if step > after)
    return next((step for step in fitting if _are_equal(code_at(seed, step), code)), None)


def _are_equal(expected: str, code: str) -> bool:
    return secrets.compare_digest(expected.encode(), code.encode())
