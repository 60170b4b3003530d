import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.models

# What was finished or set aside stays as it was, whoever writes.
KEEPING = """
CREATE FUNCTION supply_keep_count_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the count is over'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'count_sheet_is_kept';
END $$;

CREATE TRIGGER is_kept BEFORE UPDATE ON supply_countsheet FOR EACH ROW
  WHEN (OLD.state IN ('finished', 'set_aside')) EXECUTE FUNCTION supply_keep_count_sheet();

CREATE FUNCTION supply_keep_count_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM supply_countsheet
             WHERE id = NEW.sheet_id AND state IN ('finished', 'set_aside')) THEN
    RAISE EXCEPTION 'the count is over'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'count_line_is_kept';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER is_kept BEFORE INSERT OR UPDATE ON supply_countline
  FOR EACH ROW EXECUTE FUNCTION supply_keep_count_line();
"""
BACK = """
DROP TRIGGER is_kept ON supply_countline;
DROP TRIGGER is_kept ON supply_countsheet;
DROP FUNCTION supply_keep_count_line();
DROP FUNCTION supply_keep_count_sheet();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0009_ledger_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("counted_on", models.DateField(verbose_name="counted")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("counting", "being counted"),
                            ("counted", "waits for a second person"),
                            ("finished", "finished"),
                            ("set_aside", "set aside"),
                        ],
                        default="counting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "begun_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="begun"
                    ),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("key", models.UUIDField()),
                (
                    "counter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="counted by",
                    ),
                ),
                (
                    "finisher",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="finished by",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of a place",
                "ordering": ["-begun_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CountLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "expected",
                    core.models.QuantityField(decimal_places=3, max_digits=18, verbose_name="expected"),
                ),
                ("last_movement", models.BigIntegerField(default=0)),
                (
                    "counted",
                    core.models.QuantityField(
                        blank=True, decimal_places=3, max_digits=18, null=True, verbose_name="found"
                    ),
                ),
                ("typed", models.CharField(blank=True, max_length=60, verbose_name="as typed")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.item",
                        verbose_name="item",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.lot",
                        verbose_name="lot",
                    ),
                ),
                (
                    "result",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line",
                        to="supply.stockcount",
                        verbose_name="booked",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="supply.countsheet",
                        verbose_name="count",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a count",
                "ordering": ["item__kind", "item__code", "lot__expires_on", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="countsheet",
            constraint=models.UniqueConstraint(fields=("key",), name="count_sheet_one_per_key"),
        ),
        migrations.AddConstraint(
            model_name="countsheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("counting", "counted"))),
                fields=("place",),
                name="count_sheet_one_open_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="countsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finisher__isnull", True),
                    models.Q(("finisher", models.F("counter")), _negated=True),
                    _connector="OR",
                ),
                name="count_sheet_finished_by_another",
                violation_error_message="A count is finished by somebody else than who counted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="countsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_at__isnull", False), ("finisher__isnull", False), ("state", "finished")
                    ),
                    models.Q(
                        models.Q(("state", "finished"), _negated=True),
                        ("finished_at__isnull", True),
                        ("finisher__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="count_sheet_finished_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(
                fields=("sheet", "item", "lot"), name="count_line_one_each", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted__isnull", True), ("counted__gte", 0), _connector="OR"),
                name="count_line_not_negative",
            ),
        ),
        migrations.RunSQL(KEEPING, BACK),
    ]
