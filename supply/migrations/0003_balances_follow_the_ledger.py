from django.db import migrations

# The balance is changed by the database with each row of the ledger, so that no way of writing a movement
# (service, bulk, raw SQL) can leave them apart. It runs with the owner's rights: the app's role may only read
# balances. Refusals carry a constraint name, which supply.services turns into sentences.
#
# Order: the two balance rows are locked by place id, lower first, so crosswise transfers cannot deadlock.
# A row dated back is covered on its own day and on every later day, or refused with the day named.
FUNCTIONS = """
CREATE FUNCTION supply_change_balance(p_place bigint, p_item bigint, p_lot bigint, p_change numeric)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM supply_place WHERE id = p_place
                 AND kind IN ('store', 'warehouse', 'transit')) THEN
    RETURN;
  END IF;
  IF p_change > 0 THEN
    INSERT INTO supply_balance (place_id, item_id, lot_id, quantity)
      VALUES (p_place, p_item, p_lot, p_change)
      ON CONFLICT (place_id, item_id, lot_id)
      DO UPDATE SET quantity = supply_balance.quantity + EXCLUDED.quantity;
  ELSE
    UPDATE supply_balance SET quantity = quantity + p_change
      WHERE place_id = p_place AND item_id = p_item AND lot_id IS NOT DISTINCT FROM p_lot
        AND quantity + p_change >= 0;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'there is not that much at the place'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_never_negative';
    END IF;
  END IF;
END $$;

CREATE FUNCTION supply_refuse_uncovered_day(p_place bigint, p_item bigint, p_lot bigint, p_day date)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE uncovered date;
BEGIN
  IF NOT EXISTS (SELECT FROM supply_place WHERE id = p_place
                 AND kind IN ('store', 'warehouse', 'transit')) THEN
    RETURN;
  END IF;
  -- Backwards from today's balance: stock at the end of a day = now - what happened after it.
  SELECT min(day) INTO uncovered FROM (
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
  ) AS days WHERE at_end < 0;
  IF uncovered IS NOT NULL THEN
    RAISE EXCEPTION 'on % there was not that much at the place', uncovered
      USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_covered_every_day',
            DETAIL = uncovered::text;
  END IF;
END $$;

CREATE FUNCTION supply_apply_movement() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF NEW.source_id < NEW.destination_id THEN
    PERFORM supply_change_balance(NEW.source_id, NEW.item_id, NEW.lot_id, -NEW.quantity);
    PERFORM supply_change_balance(NEW.destination_id, NEW.item_id, NEW.lot_id, NEW.quantity);
  ELSE
    PERFORM supply_change_balance(NEW.destination_id, NEW.item_id, NEW.lot_id, NEW.quantity);
    PERFORM supply_change_balance(NEW.source_id, NEW.item_id, NEW.lot_id, -NEW.quantity);
  END IF;
  PERFORM supply_refuse_uncovered_day(NEW.source_id, NEW.item_id, NEW.lot_id, NEW.occurred_on);
  RETURN NULL;
END $$;

CREATE TRIGGER balances_follow AFTER INSERT ON supply_movement
  FOR EACH ROW EXECUTE FUNCTION supply_apply_movement();
"""
BACK = """
DROP TRIGGER balances_follow ON supply_movement;
DROP FUNCTION supply_apply_movement();
DROP FUNCTION supply_refuse_uncovered_day(bigint, bigint, bigint, date);
DROP FUNCTION supply_change_balance(bigint, bigint, bigint, numeric);
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0002_append_only")]
    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
