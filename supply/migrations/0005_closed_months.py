import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# A closed month takes no movement, whatever writes it. Closing holds the whole ledger, which every booking
# shares: a booking under way ends first, a later one sees the month closed.
TURNING = """
CREATE FUNCTION supply_turn_month() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE now_is text;
BEGIN
  PERFORM supply_hold_ledger();
  IF NEW.month >= date_trunc('month', now() AT TIME ZONE 'Asia/Tokyo')::date THEN
    RAISE EXCEPTION 'the month is not over'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'month_closing_when_over';
  END IF;
  SELECT state INTO now_is FROM supply_monthclosing WHERE month = NEW.month ORDER BY id DESC LIMIT 1;
  IF NEW.state = coalesce(now_is, 'reopened') THEN
    RAISE EXCEPTION 'the month is % already', NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'month_closing_turns';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER turns_month BEFORE INSERT ON supply_monthclosing
  FOR EACH ROW EXECUTE FUNCTION supply_turn_month();
"""
REFUSING = """
CREATE FUNCTION supply_refuse_closed_months() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE closed date;
BEGIN
  SELECT min(dated.month) INTO closed
    FROM (SELECT DISTINCT date_trunc('month', occurred_on::timestamp)::date AS month FROM added) AS dated
    WHERE (SELECT state FROM supply_monthclosing WHERE month = dated.month ORDER BY id DESC LIMIT 1)
          = 'closed';
  IF closed IS NOT NULL THEN
    RAISE EXCEPTION '% is closed', to_char(closed, 'YYYY-MM')
      USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_month_is_open', DETAIL = closed::text;
  END IF;
  RETURN NULL;
END $$;

-- Triggers fire by name: this one before the balances are asked.
CREATE TRIGGER are_in_open_months AFTER INSERT ON supply_movement
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION supply_refuse_closed_months();
"""
BACK = """
DROP TRIGGER are_in_open_months ON supply_movement;
DROP TRIGGER turns_month ON supply_monthclosing;
DROP FUNCTION supply_refuse_closed_months();
DROP FUNCTION supply_turn_month();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0004_couriers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("month", models.DateField(verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[("closed", "month closed"), ("reopened", "month opened again")],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded"
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
                "verbose_name": "closing of a month",
                "ordering": ["-month", "-id"],
                "indexes": [models.Index(fields=["month", "-id"], name="month_closing_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="month_closing_from_a_first",
                        violation_error_message="A month is kept as its first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "closed"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="month_reopened_for_a_reason",
                        violation_error_message="Say why the month is opened again.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TURNING + REFUSING, BACK),
    ]
