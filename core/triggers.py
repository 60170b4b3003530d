"""The triggers that every table of ours has, put up anew after each migrate: none is forgotten.

- `trail`: every row written leaves an entry, whatever wrote it (core/migrations/0004_trail.py).
- `uuid_is_kept`: a row keeps the UUID that its seals are bound to, and the key that others name it by.
- `append_only`: history takes no change (core/migrations/0002_append_only.py).
"""

from django.conf import settings
from django.db import models

from core.models import Record

# What a person's text can stand in; a choice or a code says nothing of them.
TEXT = (models.CharField, models.TextField, models.JSONField)
# Columns that only say that somebody is still there: no news.
PULSE = ("seen_at", "last_used_at", "last_login")


def is_tracked(model: type[models.Model]) -> bool:
    """Logs are their own trail; a balance follows the ledger; a job is only watched."""
    return not (
        getattr(model, "is_log", False)
        or getattr(model, "written_by_trigger", False)
        or getattr(model, "is_passing", False)
    )


def withheld(model: type[models.Model]) -> list[str]:
    """Columns whose values never enter the trail: ciphertext, and what is told of persons.

    The trail is never emptied, so what must be forgotten with a person may not get into it.
    """
    # `trail_withholds`: columns that a model keeps out itself.
    # What a library keeps for a log-in is nobody's to read either.
    is_personal = getattr(model, "personal", model._meta.app_label not in settings.HOUSE_APPS)
    return [
        field.column
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
        or field.name in ("password", "birth_year")
        or (
            is_personal
            and isinstance(field, TEXT)
            and not field.choices
            and field.name not in ("code", "kind")
        )
        or field.name in getattr(model, "trail_withholds", ())
    ]


def hides_its_code(model: type[models.Model]) -> bool:
    """Its rows stand in the trail without a label."""
    return "code" in withheld(model)


def statements(model: type[models.Model]) -> list[str]:
    """The DDL for one table."""
    table, found = model._meta.db_table, []
    if is_tracked(model):
        arguments = [
            model._meta.label_lower,
            ",".join(withheld(model)),
            ",".join(PULSE),
            "immutable" if getattr(model, "append_only", False) else "",
        ]
        quoted = ", ".join(f"'{argument}'" for argument in arguments)
        found.append(
            f'CREATE OR REPLACE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION core_write_trail({quoted})"
        )
    if issubclass(model, Record):
        found.append(
            f'CREATE OR REPLACE TRIGGER uuid_is_kept BEFORE UPDATE ON "{table}" FOR EACH ROW '
            "WHEN ((OLD.id, OLD.uuid) IS DISTINCT FROM (NEW.id, NEW.uuid)) EXECUTE FUNCTION core_keep_uuid()"
        )
    if getattr(model, "append_only", False):
        found.append(
            f'CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    return found


def missing(model: type[models.Model], there: set[str]) -> set[str]:
    """Names of triggers that the table should have and has not. `there`: names of its enabled triggers."""
    wanted = {"trail"} if is_tracked(model) else set()
    if issubclass(model, Record):
        wanted.add("uuid_is_kept")
    if getattr(model, "append_only", False):
        wanted.add("append_only")
    return wanted - there
