import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.models

# What no constraint of one table can say, also for two people at once.
# SECURITY DEFINER: the rules hold whatever rows the writer may see.
RULES = """
CREATE FUNCTION accounts_locked_down_stays_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.is_active
     AND EXISTS (SELECT FROM accounts_lockdown WHERE person_id = NEW.id AND lifted_at IS NULL) THEN
    RAISE EXCEPTION 'a person who is locked down may not log in'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'user_locked_down_stays_out';
  END IF;
  IF NEW.log_ins_ended < OLD.log_ins_ended THEN
    RAISE EXCEPTION 'log-ins that were ended do not come to life again'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'user_ended_log_ins_stay_ended';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stays_out BEFORE UPDATE OF is_active, log_ins_ended ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION accounts_locked_down_stays_out();

CREATE FUNCTION accounts_lock_down_closes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  may_log_in boolean;
BEGIN
  SELECT is_active INTO may_log_in FROM accounts_user WHERE id = NEW.person_id FOR NO KEY UPDATE;
  IF may_log_in AND NEW.lifted_at IS NULL THEN
    RAISE EXCEPTION 'close the log-in before the lock-down begins'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'lockdown_closes_the_log_in';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER closes BEFORE INSERT ON accounts_lockdown
  FOR EACH ROW EXECUTE FUNCTION accounts_lock_down_closes();

CREATE FUNCTION accounts_keep_lock_down() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  its_end text[] := ARRAY['lifted_at', 'lifted_by_id', 'lift_reason'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD.lifted_at IS NOT NULL
     OR to_jsonb(NEW) - its_end IS DISTINCT FROM to_jsonb(OLD) - its_end THEN
    RAISE EXCEPTION 'a lock-down is lifted once and otherwise never changed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'lockdown_only_ends';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON accounts_lockdown
  FOR EACH ROW EXECUTE FUNCTION accounts_keep_lock_down();
"""
NO_RULES = """
DROP TRIGGER kept ON accounts_lockdown;
DROP FUNCTION accounts_keep_lock_down();
DROP TRIGGER closes ON accounts_lockdown;
DROP FUNCTION accounts_lock_down_closes();
DROP TRIGGER stays_out ON accounts_user;
DROP FUNCTION accounts_locked_down_stays_out();
"""
APPEND_ONLY = ["accounts_accessentry", "accounts_exportentry"]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_row_identity"),
        ("core", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="log_ins_ended",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="first at"
                    ),
                ),
                ("day", models.DateField(db_default=core.models.TokyoToday(), verbose_name="day")),
                ("subject_type", models.CharField(max_length=60, verbose_name="kind of record")),
                ("subject_uuid", models.UUIDField()),
                ("subject_label", models.CharField(max_length=200, verbose_name="record")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "access entry",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("by", "day", "subject_uuid"), name="access_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
                ("register", models.CharField(max_length=200, verbose_name="register")),
                ("subject_type", models.CharField(max_length=60, verbose_name="kind of record")),
                ("file_format", models.CharField(max_length=10, verbose_name="file")),
                (
                    "filters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None, verbose_name="filters"
                    ),
                ),
                ("row_count", models.PositiveIntegerField(verbose_name="rows")),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None, verbose_name="records"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "export entry",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("row_count__gte", models.F("rows__len"))),
                        name="export_counts_its_rows",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LockDown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "began_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="since"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("arrested", "arrested or taken away"),
                            ("raid", "raid or search"),
                            ("forced", "forced to log in or to show something"),
                            ("phone_lost", "phone lost or taken"),
                            ("missing", "cannot be reached"),
                            ("mistake", "showed or sent something by mistake"),
                            ("dismissed", "does not work with us any more"),
                            ("other", "something else"),
                        ],
                        max_length=12,
                        verbose_name="what happened",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="in your own words")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "lift_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="why it is lifted"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked down by",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lock_downs",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "lock-down",
                "ordering": ["-id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lift_reason", ""), ("lifted_at__isnull", True), ("lifted_by__isnull", True)
                            ),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="lockdown_lifted_by_somebody_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True),
                            ("lifted_at__gte", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="lockdown_lifted_after_it_began",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("person",),
                        name="lockdown_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_by__isnull", True),
                            models.Q(("lifted_by", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="lockdown_nobody_lifts_their_own",
                    ),
                ],
            },
        ),
        migrations.RunSQL(RULES, NO_RULES),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in APPEND_ONLY
        ),
    ]
