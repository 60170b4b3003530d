from django.db import migrations

# The balance is changed by the database with each row of the ledger, so that no way of writing a movement
# (service, bulk, raw SQL) can leave them apart. It runs with the owner's rights: the app's role may only read
# balances. Refusals carry a constraint name, which supply.services turns into sentences.
#
# It works on whole statements: all rows of a bulk insert change their balances, then every line of stock
# (place, item, lot) that gave something is checked on the earliest of its days and on each day since.
#
# Locks. A statement locks its lines in one order, so crosswise transfers cannot deadlock. Who posts several
# statements in one transaction (an import) holds the whole ledger first: single entries share that lock.
LOCKS = """
CREATE FUNCTION supply_share_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared('supply_movement'::regclass::oid::bigint);
  RETURN NULL;
END $$;

CREATE FUNCTION supply_hold_ledger() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock('supply_movement'::regclass::oid::bigint);
END $$;

-- What a line holds, and nobody else changes it until this transaction ends: for a count.
CREATE FUNCTION supply_hold_line(p_place bigint, p_item bigint, p_lot bigint) RETURNS numeric
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held numeric;
BEGIN
  PERFORM pg_advisory_xact_lock_shared('supply_movement'::regclass::oid::bigint);
  INSERT INTO supply_balance (place_id, item_id, lot_id, quantity) VALUES (p_place, p_item, p_lot, 0)
    ON CONFLICT (place_id, item_id, lot_id) DO NOTHING;
  SELECT quantity INTO held FROM supply_balance
    WHERE place_id = p_place AND item_id = p_item AND lot_id IS NOT DISTINCT FROM p_lot FOR UPDATE;
  RETURN held;
END $$;

CREATE TRIGGER ledger_is_shared BEFORE INSERT ON supply_movement
  FOR EACH STATEMENT EXECUTE FUNCTION supply_share_ledger();
"""
BALANCES = """
-- The first day from p_day on, at whose end the line would have held less than nothing. Backwards from the
-- balance: stock at the end of a day = now - what happened after it.
CREATE FUNCTION supply_uncovered_day(p_place bigint, p_item bigint, p_lot bigint, p_day date)
RETURNS date LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT min(day) FROM (
    SELECT d.day, b.quantity - coalesce(sum(d.change) OVER (
             ORDER BY d.day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS at_end
    FROM (
      SELECT day, sum(change) AS change FROM (
        SELECT occurred_on AS day, quantity AS change FROM supply_movement
          WHERE destination_id = p_place AND item_id = p_item AND lot_id IS NOT DISTINCT FROM p_lot
            AND occurred_on >= p_day
        UNION ALL
        SELECT occurred_on, -quantity FROM supply_movement
          WHERE source_id = p_place AND item_id = p_item AND lot_id IS NOT DISTINCT FROM p_lot
            AND occurred_on >= p_day
      ) AS changes GROUP BY day
    ) AS d,
    LATERAL (SELECT quantity FROM supply_balance WHERE place_id = p_place AND item_id = p_item
             AND lot_id IS NOT DISTINCT FROM p_lot) AS b
  ) AS days WHERE at_end < 0
$$;

CREATE FUNCTION supply_change_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE line record; uncovered date;
BEGIN
  FOR line IN
    SELECT c.place_id, c.item_id, c.lot_id, sum(c.change) AS change,
           min(c.day) FILTER (WHERE c.change < 0) AS gives_from
    FROM (
      SELECT source_id AS place_id, item_id, lot_id, -quantity AS change, occurred_on AS day FROM added
      UNION ALL
      SELECT destination_id, item_id, lot_id, quantity, occurred_on FROM added
    ) AS c JOIN supply_place AS p ON p.id = c.place_id AND p.kind IN ('store', 'warehouse', 'transit')
    GROUP BY c.place_id, c.item_id, c.lot_id ORDER BY c.place_id, c.item_id, c.lot_id NULLS FIRST
  LOOP
    IF line.change >= 0 THEN
      INSERT INTO supply_balance (place_id, item_id, lot_id, quantity)
        VALUES (line.place_id, line.item_id, line.lot_id, line.change)
        ON CONFLICT (place_id, item_id, lot_id)
        DO UPDATE SET quantity = supply_balance.quantity + EXCLUDED.quantity;
    ELSE
      UPDATE supply_balance SET quantity = quantity + line.change
        WHERE place_id = line.place_id AND item_id = line.item_id
          AND lot_id IS NOT DISTINCT FROM line.lot_id AND quantity + line.change >= 0;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'there is not that much at the place'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_never_negative';
      END IF;
    END IF;
    IF line.gives_from IS NOT NULL THEN
      uncovered := supply_uncovered_day(line.place_id, line.item_id, line.lot_id, line.gives_from);
      IF uncovered IS NOT NULL THEN
        RAISE EXCEPTION 'on % there was not that much at the place', uncovered
          USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_covered_every_day',
                DETAIL = uncovered::text;
      END IF;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER balances_follow AFTER INSERT ON supply_movement
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION supply_change_balances();
"""
# What a row of the ledger must be, where that lies in more than its own columns.
ROWS = """
CREATE FUNCTION supply_check_movement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE original supply_movement;
BEGIN
  IF NEW.reverses_id IS NOT NULL THEN
    SELECT * INTO original FROM supply_movement WHERE id = NEW.reverses_id;
    IF original.reverses_id IS NOT NULL
       OR (original.item_id, original.quantity, original.source_id, original.destination_id)
          IS DISTINCT FROM (NEW.item_id, NEW.quantity, NEW.destination_id, NEW.source_id)
       OR original.lot_id IS DISTINCT FROM NEW.lot_id THEN
      RAISE EXCEPTION 'a reversal mirrors the row it reverses'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_reversal_mirrors';
    END IF;
  END IF;
  IF NEW.lot_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM supply_lot WHERE id = NEW.lot_id AND item_id = NEW.item_id) THEN
    RAISE EXCEPTION 'the lot is of another item'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_lot_of_its_item';
  END IF;
  IF NEW.quantity <> trunc(NEW.quantity)
     AND EXISTS (SELECT FROM supply_item WHERE id = NEW.item_id AND base_unit IN ('piece', 'set', 'kit')) THEN
    RAISE EXCEPTION 'part of a unit that does not come in parts'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_whole_units';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER agrees_with_its_records AFTER INSERT ON supply_movement
  FOR EACH ROW EXECUTE FUNCTION supply_check_movement();

-- Once in the ledger, an item keeps its base unit, a lot its item and a place its kind: every old row and
-- every balance was written in their sense.
CREATE FUNCTION supply_keep_if_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moved boolean;
BEGIN
  EXECUTE 'SELECT EXISTS (SELECT FROM supply_movement WHERE $1 IN (' || TG_ARGV[0] || '))'
    INTO moved USING OLD.id;
  IF moved THEN
    RAISE EXCEPTION 'the ledger leans on it'
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[1];
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER unit_is_kept BEFORE UPDATE ON supply_item FOR EACH ROW
  WHEN (OLD.base_unit IS DISTINCT FROM NEW.base_unit)
  EXECUTE FUNCTION supply_keep_if_moved('item_id', 'item_unit_is_kept');
CREATE TRIGGER item_is_kept BEFORE UPDATE ON supply_lot FOR EACH ROW
  WHEN (OLD.item_id IS DISTINCT FROM NEW.item_id)
  EXECUTE FUNCTION supply_keep_if_moved('lot_id', 'lot_item_is_kept');
CREATE TRIGGER kind_is_kept BEFORE UPDATE ON supply_place FOR EACH ROW
  WHEN (OLD.kind IS DISTINCT FROM NEW.kind)
  EXECUTE FUNCTION supply_keep_if_moved('source_id, destination_id', 'place_kind_is_kept');
"""
BACK = """
DROP TRIGGER kind_is_kept ON supply_place;
DROP TRIGGER item_is_kept ON supply_lot;
DROP TRIGGER unit_is_kept ON supply_item;
DROP TRIGGER agrees_with_its_records ON supply_movement;
DROP TRIGGER balances_follow ON supply_movement;
DROP TRIGGER ledger_is_shared ON supply_movement;
DROP FUNCTION supply_keep_if_moved();
DROP FUNCTION supply_check_movement();
DROP FUNCTION supply_change_balances();
DROP FUNCTION supply_uncovered_day(bigint, bigint, bigint, date);
DROP FUNCTION supply_hold_line(bigint, bigint, bigint);
DROP FUNCTION supply_hold_ledger();
DROP FUNCTION supply_share_ledger();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0002_append_only")]
    operations = [migrations.RunSQL(LOCKS + BALANCES + ROWS, BACK)]
