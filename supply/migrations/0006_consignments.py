import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.models
import core.sealed

# The state of a consignment is what its steps make of it, and the sums of its lines are what its bookings add
# up to: written here alone, whoever inserts a step or a booking, so that no way of writing leaves them apart.
# Refusals carry a constraint name, which supply.services turns into sentences.
STEPS = """
-- Nobody else takes a step with it until this transaction ends. Field staff may not lock the row itself.
CREATE FUNCTION supply_hold_consignment(p_consignment bigint) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT state FROM supply_consignment WHERE id = p_consignment FOR UPDATE
$$;

-- The next number of a year's consignments; who asks next waits until this transaction ends.
CREATE FUNCTION supply_next_consignment(p_year text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock('supply_consignment'::regclass::oid::bigint);
  RETURN (SELECT coalesce(max(substr(code, 5)::integer), 0) + 1 FROM supply_consignment
          WHERE code ~ ('^C' || p_year || '-[0-9]+$'));
END $$;

CREATE FUNCTION supply_take_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before text := supply_hold_consignment(NEW.consignment_id);
  after text;
BEGIN
  after := CASE
    WHEN NEW.kind = 'planned' AND before = 'planned' THEN 'planned'
    WHEN NEW.kind = 'packed' AND before IN ('planned', 'packed') THEN 'packed'
    WHEN NEW.kind = 'sent' AND before = 'packed' THEN 'sent'
    WHEN NEW.kind = 'received' AND before IN ('sent', 'arrived') THEN 'arrived'
    WHEN NEW.kind IN ('lost', 'returned', 'corrected') AND before IN ('sent', 'arrived') THEN before
    WHEN NEW.kind = 'found' AND before IN ('sent', 'arrived', 'settled') THEN before
    WHEN NEW.kind = 'found' AND before = 'lost' THEN 'settled'
    WHEN NEW.kind = 'settled' AND before IN ('sent', 'arrived') THEN 'settled'
    WHEN NEW.kind = 'all_lost' AND before = 'sent' THEN 'lost'
    WHEN NEW.kind = 'cancelled' AND before IN ('planned', 'packed') THEN 'cancelled'
  END;
  IF after IS NULL THEN
    RAISE EXCEPTION 'no step % from %', NEW.kind, before
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_step_in_order', DETAIL = before;
  END IF;
  UPDATE supply_consignment SET state = after WHERE id = NEW.consignment_id AND state <> after;
  RETURN NULL;
END $$;

CREATE TRIGGER takes_the_consignment_on AFTER INSERT ON supply_consignmentstep
  FOR EACH ROW EXECUTE FUNCTION supply_take_step();

-- Once settled or lost, nothing is under way any more: whatever wrote the state or the sums.
CREATE FUNCTION supply_check_settled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE consignment bigint;
BEGIN
  IF TG_TABLE_NAME = 'supply_consignment' THEN consignment := NEW.id;
  ELSE consignment := NEW.consignment_id;
  END IF;
  IF (SELECT state FROM supply_consignment WHERE id = consignment) IN ('settled', 'lost')
     AND (EXISTS (SELECT FROM supply_consignmentline WHERE consignment_id = consignment
                  AND sent <> received + lost + returned)
          OR EXISTS (SELECT FROM supply_balance AS b JOIN supply_consignment AS c ON c.transit_id = b.place_id
                     WHERE c.id = consignment AND b.quantity <> 0)) THEN
    RAISE EXCEPTION 'part of it is still under way'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_settles_when_even';
  END IF;
  RETURN NULL;
END $$;

-- At the end of the transaction: what is found after settling stands in transit for a moment.
CREATE CONSTRAINT TRIGGER is_even AFTER INSERT OR UPDATE ON supply_consignment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('settled', 'lost'))
  EXECUTE FUNCTION supply_check_settled();
CREATE CONSTRAINT TRIGGER is_even AFTER INSERT OR UPDATE ON supply_consignmentline
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supply_check_settled();

CREATE FUNCTION supply_keep_by_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() > 1 THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'written by the steps and bookings of a consignment alone'
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
END $$;

-- Conditions stand column by column: a restore compares triggers as PostgreSQL prints them, and it prints the
-- comparison of two rows otherwise once it has read it back.
CREATE TRIGGER state_follows_steps BEFORE UPDATE ON supply_consignment FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.source_id IS DISTINCT FROM NEW.source_id
        OR OLD.transit_id IS DISTINCT FROM NEW.transit_id)
  EXECUTE FUNCTION supply_keep_by_trigger('consignment_state_follows_steps');
CREATE TRIGGER begins_as_planned BEFORE INSERT ON supply_consignment FOR EACH ROW
  WHEN (NEW.state <> 'planned')
  EXECUTE FUNCTION supply_keep_by_trigger('consignment_state_follows_steps');
CREATE TRIGGER sums_follow_bookings BEFORE UPDATE ON supply_consignmentline FOR EACH ROW
  WHEN (OLD.sent IS DISTINCT FROM NEW.sent OR OLD.received IS DISTINCT FROM NEW.received
        OR OLD.lost IS DISTINCT FROM NEW.lost OR OLD.returned IS DISTINCT FROM NEW.returned)
  EXECUTE FUNCTION supply_keep_by_trigger('consignment_line_sums_follow_bookings');
CREATE TRIGGER begins_at_nothing BEFORE INSERT ON supply_consignmentline FOR EACH ROW
  WHEN (NEW.sent <> 0 OR NEW.received <> 0 OR NEW.lost <> 0 OR NEW.returned <> 0)
  EXECUTE FUNCTION supply_keep_by_trigger('consignment_line_sums_follow_bookings');
"""
LINES = """
-- What is packed is what was sent: a line changes until then only.
CREATE FUNCTION supply_check_consignment_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF supply_hold_consignment(NEW.consignment_id) NOT IN ('planned', 'packed') THEN
    RAISE EXCEPTION 'the consignment has left'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_line_changes_before_sending';
  END IF;
  IF NEW.lot_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM supply_lot WHERE id = NEW.lot_id AND item_id = NEW.item_id) THEN
    RAISE EXCEPTION 'the lot is of another item'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_line_lot_of_its_item';
  END IF;
  IF NOT EXISTS (SELECT FROM supply_place AS p, supply_consignment AS c WHERE p.id = NEW.destination_id
                 AND c.id = NEW.consignment_id AND p.id <> c.source_id
                 AND p.kind IN ('store', 'warehouse', 'recipient')) THEN
    RAISE EXCEPTION 'goods are carried to another store, a warehouse or a recipient'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_line_goes_somewhere';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER is_still_here BEFORE INSERT OR UPDATE OF consignment_id, item_id, lot_id, destination_id,
  planned, typed, packed ON supply_consignmentline
  FOR EACH ROW EXECUTE FUNCTION supply_check_consignment_line();

CREATE FUNCTION supply_check_consignment_places() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT kind FROM supply_place WHERE id = NEW.transit_id) IS DISTINCT FROM 'transit'
     OR (SELECT kind FROM supply_place WHERE id = NEW.source_id) NOT IN ('store', 'warehouse') THEN
    RAISE EXCEPTION 'goods are carried from a store or a warehouse, over a place in transit'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_over_a_place_in_transit';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER places_fit AFTER INSERT OR UPDATE OF source_id, transit_id ON supply_consignment
  FOR EACH ROW EXECUTE FUNCTION supply_check_consignment_places();
"""
BOOKINGS = """
-- A booking is of its line's item and lot and of its step, between the places that its kind says; a reversal
-- takes off what the booking it mirrors put on.
CREATE FUNCTION supply_book_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  m supply_movement; l supply_consignmentline; c supply_consignment;
  gives bigint; gets bigint; change numeric; step text;
BEGIN
  SELECT * INTO m FROM supply_movement WHERE id = NEW.movement_id;
  SELECT * INTO l FROM supply_consignmentline WHERE id = NEW.line_id;
  PERFORM supply_hold_consignment(l.consignment_id);
  SELECT * INTO c FROM supply_consignment WHERE id = l.consignment_id;
  SELECT kind INTO step FROM supply_consignmentstep WHERE id = NEW.step_id AND consignment_id = c.id;
  change := m.quantity;
  gives := m.source_id;
  gets := m.destination_id;
  IF m.reverses_id IS NOT NULL THEN
    change := -change;
    gives := m.destination_id;
    gets := m.source_id;
  END IF;
  IF (m.item_id, m.lot_id) IS DISTINCT FROM (l.item_id, l.lot_id)
     OR NOT coalesce(CASE NEW.kind
       WHEN 'sent' THEN gives = c.source_id AND gets = c.transit_id
       WHEN 'received' THEN gives = c.transit_id AND gets = l.destination_id
       WHEN 'returned' THEN gives = c.transit_id AND gets = c.source_id
       WHEN 'lost' THEN gives = c.transit_id AND gets = (SELECT id FROM supply_place WHERE kind = 'lost')
       WHEN 'found' THEN gets = c.transit_id AND gives = (SELECT id FROM supply_place WHERE kind = 'lost')
     END, false)
     OR NOT coalesce(CASE step
       WHEN 'corrected' THEN m.reverses_id IS NOT NULL AND NEW.kind IN ('received', 'lost', 'returned')
         AND EXISTS (SELECT FROM supply_consignmentbooking AS b
                     WHERE b.movement_id = m.reverses_id AND b.line_id = l.id AND b.kind = NEW.kind)
       WHEN 'all_lost' THEN NEW.kind = 'lost' AND m.reverses_id IS NULL
       WHEN 'found' THEN NEW.kind IN ('found', 'received', 'returned') AND m.reverses_id IS NULL
       ELSE NEW.kind = step AND m.reverses_id IS NULL
     END, false) THEN
    RAISE EXCEPTION 'the movement is not what the line says'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_booking_fits_its_line';
  END IF;
  UPDATE supply_consignmentline SET
    sent = sent + CASE NEW.kind WHEN 'sent' THEN change ELSE 0 END,
    received = received + CASE NEW.kind WHEN 'received' THEN change ELSE 0 END,
    returned = returned + CASE NEW.kind WHEN 'returned' THEN change ELSE 0 END,
    lost = lost + CASE NEW.kind WHEN 'lost' THEN change WHEN 'found' THEN -change ELSE 0 END
    WHERE id = l.id;
  RETURN NULL;
END $$;

CREATE TRIGGER adds_to_its_line AFTER INSERT ON supply_consignmentbooking
  FOR EACH ROW EXECUTE FUNCTION supply_book_line();

-- Nothing comes into or out of a consignment's place but by its steps.
CREATE FUNCTION supply_check_in_transit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM supply_consignment WHERE transit_id IN (NEW.source_id, NEW.destination_id))
     AND NOT EXISTS (SELECT FROM supply_consignmentbooking WHERE movement_id = NEW.id) THEN
    RAISE EXCEPTION 'goods in transit are moved by the steps of their consignment'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_in_transit_is_a_step';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER in_transit_by_steps AFTER INSERT ON supply_movement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supply_check_in_transit();
"""
BACK = """
DROP TRIGGER in_transit_by_steps ON supply_movement;
DROP TRIGGER adds_to_its_line ON supply_consignmentbooking;
DROP TRIGGER places_fit ON supply_consignment;
DROP TRIGGER is_still_here ON supply_consignmentline;
DROP TRIGGER begins_at_nothing ON supply_consignmentline;
DROP TRIGGER sums_follow_bookings ON supply_consignmentline;
DROP TRIGGER begins_as_planned ON supply_consignment;
DROP TRIGGER state_follows_steps ON supply_consignment;
DROP TRIGGER is_even ON supply_consignmentline;
DROP TRIGGER is_even ON supply_consignment;
DROP TRIGGER takes_the_consignment_on ON supply_consignmentstep;
DROP FUNCTION supply_check_in_transit();
DROP FUNCTION supply_book_line();
DROP FUNCTION supply_check_consignment_places();
DROP FUNCTION supply_check_consignment_line();
DROP FUNCTION supply_keep_by_trigger();
DROP FUNCTION supply_check_settled();
DROP FUNCTION supply_take_step();
DROP FUNCTION supply_next_consignment(text);
DROP FUNCTION supply_hold_consignment(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supply", "0005_closed_months"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="movement",
            name="reason",
            field=models.CharField(
                choices=[
                    ("opening", "opening stock"),
                    ("bought", "bought"),
                    ("given", "given"),
                    ("delivered", "came with a delivery"),
                    ("used", "used"),
                    ("handed_out", "handed out"),
                    ("transfer", "moved to another place"),
                    ("lost", "lost"),
                    ("spoiled", "spoiled"),
                    ("taken", "taken or confiscated"),
                    ("counted", "difference of a count"),
                    ("found", "found again"),
                    ("corrected", "correction of a mistake"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
        migrations.CreateModel(
            name="Consignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("planned_on", models.DateField(verbose_name="planned for")),
                ("courier", core.sealed.SealedTextField(blank=True, null=True, verbose_name="courier")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("packed", "packed"),
                            ("sent", "under way"),
                            ("arrived", "arriving"),
                            ("settled", "settled"),
                            ("cancelled", "cancelled"),
                            ("lost", "lost"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("plan_month", models.DateField(blank=True, null=True, verbose_name="month of the plan")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "route",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consignments",
                        to="supply.route",
                        verbose_name="route",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.place",
                        verbose_name="from",
                    ),
                ),
                (
                    "transit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consignment",
                        to="supply.place",
                        verbose_name="in transit",
                    ),
                ),
            ],
            options={
                "verbose_name": "consignment",
                "ordering": ["-planned_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ConsignmentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "planned",
                    core.models.QuantityField(decimal_places=3, max_digits=18, verbose_name="planned"),
                ),
                ("typed", models.CharField(blank=True, max_length=60, verbose_name="as typed")),
                (
                    "packed",
                    core.models.QuantityField(
                        blank=True, decimal_places=3, max_digits=18, null=True, verbose_name="packed"
                    ),
                ),
                (
                    "sent",
                    core.models.QuantityField(
                        decimal_places=3, default=0, editable=False, max_digits=18, verbose_name="sent"
                    ),
                ),
                (
                    "received",
                    core.models.QuantityField(
                        decimal_places=3, default=0, editable=False, max_digits=18, verbose_name="arrived"
                    ),
                ),
                (
                    "lost",
                    core.models.QuantityField(
                        decimal_places=3, default=0, editable=False, max_digits=18, verbose_name="lost"
                    ),
                ),
                (
                    "returned",
                    core.models.QuantityField(
                        decimal_places=3, default=0, editable=False, max_digits=18, verbose_name="came back"
                    ),
                ),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="supply.consignment",
                        verbose_name="consignment",
                    ),
                ),
                (
                    "destination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.place",
                        verbose_name="to",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "line of a consignment",
                "ordering": ["consignment", "id"],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("received_on", models.DateField(verbose_name="received on")),
                ("receiver", models.CharField(max_length=20, verbose_name="received by (code)")),
                (
                    "quantity",
                    core.models.QuantityField(decimal_places=3, max_digits=18, verbose_name="amount"),
                ),
                (
                    "quality",
                    models.CharField(
                        choices=[("good", "good"), ("partly", "partly spoiled"), ("bad", "bad")],
                        max_length=10,
                        verbose_name="quality",
                    ),
                ),
                ("is_satisfied", models.BooleanField(verbose_name="satisfied")),
                ("people", models.PositiveIntegerField(blank=True, null=True, verbose_name="people reached")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded"
                    ),
                ),
                ("key", models.UUIDField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="supply.consignmentline",
                        verbose_name="line",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation of a receiver",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ConsignmentStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("packed", "packed"),
                            ("sent", "sent"),
                            ("received", "arrived"),
                            ("lost", "lost on the way"),
                            ("returned", "came back"),
                            ("found", "found later"),
                            ("corrected", "taken back"),
                            ("settled", "settled"),
                            ("cancelled", "cancelled"),
                            ("all_lost", "all of it lost"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("key", models.UUIDField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="supply.consignment",
                        verbose_name="consignment",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a consignment",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ConsignmentBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent", "sent"),
                            ("received", "arrived"),
                            ("lost", "lost"),
                            ("returned", "came back"),
                            ("found", "found"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "movement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consignment_booking",
                        to="supply.movement",
                        verbose_name="movement",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="supply.consignmentline",
                        verbose_name="line",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="supply.consignmentstep",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "booking of a consignment",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="StandingPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("day", models.PositiveSmallIntegerField(verbose_name="day of the month")),
                ("from_month", models.DateField(verbose_name="from month")),
                ("until_month", models.DateField(blank=True, null=True, verbose_name="until month")),
                ("key", models.UUIDField()),
                (
                    "route",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="supply.route",
                        verbose_name="route",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.place",
                        verbose_name="from",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing plan",
                "ordering": ["route", "day", "id"],
            },
        ),
        migrations.AddField(
            model_name="consignment",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consignments",
                to="supply.standingplan",
                verbose_name="standing plan",
            ),
        ),
        migrations.CreateModel(
            name="StandingPlanLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "quantity",
                    core.models.QuantityField(decimal_places=3, max_digits=18, verbose_name="quantity"),
                ),
                ("typed", models.CharField(blank=True, max_length=60, verbose_name="as typed")),
                (
                    "destination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supply.place",
                        verbose_name="to",
                    ),
                ),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="supply.standingplan",
                        verbose_name="standing plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a standing plan",
                "ordering": ["plan", "id"],
            },
        ),
        migrations.CreateModel(
            name="ConsignmentCost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transport", "transport"),
                            ("courier", "courier's pay"),
                            ("side_payment", "side payment"),
                            ("lodging", "food and lodging"),
                            ("packing", "packing"),
                            ("other", "other"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("amount", core.models.AmountField(decimal_places=4, max_digits=18, verbose_name="amount")),
                ("currency", core.models.CurrencyField(default="JPY")),
                ("paid_on", models.DateField(verbose_name="paid on")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="recorded"
                    ),
                ),
                ("key", models.UUIDField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costs",
                        to="supply.consignment",
                        verbose_name="consignment",
                    ),
                ),
            ],
            options={
                "verbose_name": "cost of a consignment",
                "ordering": ["paid_on", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="consignment_cost_one_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            models.Q(("amount__lt", 0), models.Q(("note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="consignment_cost_is_an_amount",
                        violation_error_message="Write an amount, not zero; below zero say what it corrects.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="consignmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned__gt", 0)),
                name="consignment_line_plans_something",
                violation_error_message="Plan an amount above zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("packed__isnull", True), ("packed__gte", 0), _connector="OR"),
                name="consignment_line_packs_no_less_than_nothing",
                violation_error_message="Pack nothing or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("lost__gte", 0), ("received__gte", 0), ("returned__gte", 0)),
                name="consignment_line_sums_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "sent__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("received"), "+", models.F("lost")
                            ),
                            "+",
                            models.F("returned"),
                        ),
                    )
                ),
                name="consignment_line_no_more_than_sent",
                violation_error_message="No more can arrive, be lost or come back than was sent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.UniqueConstraint(fields=("key",), name="confirmation_one_per_key"),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 0)), name="confirmation_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="consignmentstep",
            constraint=models.UniqueConstraint(fields=("key",), name="consignment_step_one_per_key"),
        ),
        migrations.AddConstraint(
            model_name="consignmentstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("planned", "sent", "settled", "cancelled", "all_lost"))),
                fields=("consignment", "kind"),
                name="consignment_step_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignmentstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("lost", "returned", "found", "corrected", "all_lost", "cancelled")),
                        _negated=True,
                    ),
                    models.Q(("note", ""), _negated=True),
                    _connector="OR",
                ),
                name="consignment_step_difference_has_a_reason",
                violation_error_message="Say why.",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingplan",
            constraint=models.UniqueConstraint(fields=("key",), name="standing_plan_one_per_key"),
        ),
        migrations.AddConstraint(
            model_name="standingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__gte", 1), ("day__lte", 28)),
                name="standing_plan_on_a_day_of_every_month",
                violation_error_message="Choose a day from 1 to 28: every month has those.",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_month__day", 1),
                    models.Q(("until_month__isnull", True), ("until_month__day", 1), _connector="OR"),
                ),
                name="standing_plan_of_whole_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_month__isnull", True),
                    ("until_month__gte", models.F("from_month")),
                    _connector="OR",
                ),
                name="standing_plan_ends_after_it_starts",
                violation_error_message="The last month lies before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignment",
            constraint=models.UniqueConstraint(
                fields=("plan", "plan_month"),
                name="consignment_once_a_plan_and_month",
                violation_error_message="This plan has a consignment for this month already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("plan__isnull", True), ("plan_month__isnull", True)),
                    models.Q(("plan__isnull", False), ("plan_month__day", 1), ("plan_month__isnull", False)),
                    _connector="OR",
                ),
                name="consignment_plan_has_its_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingplanline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)),
                name="standing_plan_line_carries_something",
                violation_error_message="Plan an amount above zero.",
            ),
        ),
        migrations.RunSQL(STEPS + LINES + BOOKINGS, BACK),
    ]
