"""What a person proves themselves with beside the password: added, used, taken away.

A factor that comes or goes ends every other log-in of its person: whoever sits there may have made it.
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.factors import codes, seeds
from accounts.factors.adapter import seeds_of
from accounts.models import User
from accounts.selectors import APP, PASSKEY, RECOVERY
from accounts.services.devices import end_quietly
from core import audit
from core.identity import acting_as


class WrongCode(Exception):
    def __str__(self) -> str:
        return _("This code does not fit, or it was used already. Wait for the next one and type that.")


class AppThereAlready(Exception):
    def __str__(self) -> str:
        return _("You have an app for codes already. Remove it first if you want to use another.")


class LastFactor(Exception):
    def __str__(self) -> str:
        return _("This is your only second factor. Add another one first, then remove this.")


class PasskeyCopied(Exception):
    """Its counter went back: two devices hold the same passkey, or an old answer was sent again."""

    def __str__(self) -> str:
        return _(
            "This passkey was refused because it may have been copied. "
            "Log in another way and tell the administrator."
        )


@transaction.atomic
def add_app(*, by: User, seed: str, code: str, now: datetime, here: str) -> list[str]:
    """An app for codes, proven by its first code. Returns new recovery codes when there were none.

    Raises AppThereAlready, WrongCode.
    """
    _lock(by)
    if Authenticator.objects.filter(user=by, type=APP).exists():
        raise AppThereAlready
    step = codes.step_of(seed, codes.typed(code), now=now, after=0)
    if step is None:
        raise WrongCode
    data = {"secret": seeds.seal(seed, by), "last_step": step}
    Authenticator.objects.create(user=by, type=APP, data=data)
    return _added(by, "app", here)


@transaction.atomic
def add_passkey(*, by: User, name: str, credential: dict, sign_count: int, here: str) -> list[str]:
    """A passkey whose making was checked. Returns new recovery codes when there were none."""
    _lock(by)
    data = {"name": name, "credential": credential, "sign_count": sign_count}
    Authenticator.objects.create(user=by, type=PASSKEY, data=data)
    return _added(by, "passkey", here)


@transaction.atomic
def remove_factor(*, by: User, factor: Authenticator, here: str) -> None:
    """One's own. Raises LastFactor: who must have one keeps one."""
    _lock(by)
    others = Authenticator.objects.filter(user=by, type__in=(APP, PASSKEY)).exclude(pk=factor.pk)
    if by.is_staff_member and not others.exists():
        raise LastFactor
    Authenticator.objects.filter(pk=factor.pk, user=by).delete()
    if not others.exists():
        Authenticator.objects.filter(user=by, type=RECOVERY).delete()
    end_quietly(person=by, but=here)
    audit.record(by=by, action="accounts.factor_removed", subject=by, changes=_told(factor.type, added=False))


@transaction.atomic
def make_recovery_codes(*, by: User, here: str) -> list[str]:
    """Ten new ones, to be shown once; the former ones are void."""
    _lock(by)
    Authenticator.objects.filter(user=by, type=RECOVERY).delete()
    end_quietly(person=by, but=here)
    audit.record(by=by, action="accounts.recovery_codes_made", subject=by)
    return _new_recovery_codes(by)


@transaction.atomic
def use_code(*, by: User, code: str, now: datetime) -> Authenticator:
    """A code of the app or a recovery code, each good once. Raises WrongCode, SeedCannotBeOpened."""
    code = codes.typed(code)
    own = Authenticator.objects.select_for_update().filter(user=by)
    for factor in own.filter(type=APP):
        if _fits(factor, by, code, now):
            return factor
    for factor in own.filter(type=RECOVERY):
        with seeds_of(by), acting_as(by):
            if RecoveryCodes(factor).validate_code(code):
                audit.record(by=by, action="accounts.recovery_code_used", subject=by)
                return factor
    raise WrongCode


@transaction.atomic
def use_passkey(*, by: User, passkey: Authenticator, sign_count: int) -> None:
    """Its signature was checked; its counter must have grown, where it counts. Raises PasskeyCopied."""
    found = Authenticator.objects.select_for_update().get(pk=passkey.pk, user=by)
    before = found.data.get("sign_count", 0)
    if (before or sign_count) and sign_count <= before:
        raise PasskeyCopied
    found.data["sign_count"] = sign_count
    with acting_as(by):  # the signature has proven who it is, though nobody is logged in
        found.save(update_fields=["data"])


@transaction.atomic
def reseal_seeds(*, by: User) -> int:
    """After a change of SECRET_KEY: every seed under the new one. Returns how many were under an old one.

    Raises SeedCannotBeOpened when a seed opens with none.
    """
    moved = 0
    for factor in Authenticator.objects.select_for_update().select_related("user"):
        for name in {"secret", "seed"} & set(factor.data):
            if seeds.is_under_an_old_key(factor.data[name], factor.user):
                seed = seeds.unseal(factor.data[name], factor.user)
                factor.data[name] = seeds.seal(seed, factor.user)
                factor.save(update_fields=["data"])
                moved += 1
    audit.record(by=by, action="accounts.seeds_resealed", subject=by, changes={"seeds": [None, moved]})
    return moved


def _fits(app: Authenticator, person: User, code: str, now: datetime) -> bool:
    seed = seeds.unseal(app.data["secret"], person)
    step = codes.step_of(seed, code, now=now, after=app.data.get("last_step", 0))
    if step is None:
        return False
    app.data["last_step"] = step
    with acting_as(person):  # the code has proven who it is, though nobody is logged in
        app.save(update_fields=["data"])
    return True


def _lock(person: User) -> None:
    User.objects.select_for_update().get(pk=person.pk)


def _added(person: User, what: str, here: str) -> list[str]:
    end_quietly(person=person, but=here)
    kind = APP if what == "app" else PASSKEY
    audit.record(by=person, action="accounts.factor_added", subject=person, changes=_told(kind, added=True))
    has_codes = Authenticator.objects.filter(user=person, type=RECOVERY).exists()
    # A sponsor's way back is a link, not a code.
    return [] if has_codes or not person.is_staff_member else _new_recovery_codes(person)


def _new_recovery_codes(person: User) -> list[str]:
    with seeds_of(person):
        return RecoveryCodes.activate(person).get_unused_codes()


def _told(kind: str, *, added: bool) -> dict[str, Any]:
    return {"factor": [None, kind] if added else [kind, None]}
