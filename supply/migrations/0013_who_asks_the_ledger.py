from django.db import migrations

# Who holds a line or a consignment reads its row under their own row policies: asked with the owner's rights,
# these functions told anybody what lies at any place and how far any consignment is.
HOLD = """
DROP FUNCTION supply_hold_line(bigint, bigint, bigint);
CREATE FUNCTION supply_hold_line(p_place bigint, p_item bigint, p_lot bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF core_role() IS NULL OR core_role() NOT IN ('field_staff', 'supply_coordinator', 'system') THEN
    RAISE EXCEPTION 'no line of theirs' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock_shared('supply_movement'::regclass::oid::bigint);
  INSERT INTO supply_balance (place_id, item_id, lot_id, quantity) VALUES (p_place, p_item, p_lot, 0)
    ON CONFLICT (place_id, item_id, lot_id) DO NOTHING;
  PERFORM FROM supply_balance
    WHERE place_id = p_place AND item_id = p_item AND lot_id IS NOT DISTINCT FROM p_lot FOR UPDATE;
END $$;

-- Field staff may not lock the row itself.
CREATE FUNCTION supply_lock_consignment(p_consignment bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT FROM supply_consignment WHERE id = p_consignment FOR UPDATE
$$;
CREATE OR REPLACE FUNCTION supply_hold_consignment(p_consignment bigint) RETURNS text
LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM supply_lock_consignment(p_consignment);
  RETURN (SELECT state FROM supply_consignment WHERE id = p_consignment);
END $$;

CREATE OR REPLACE FUNCTION supply_next_consignment(p_year text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF core_role() IS NULL OR core_role() NOT IN ('supply_coordinator', 'system') THEN
    RAISE EXCEPTION 'consignments are planned by the coordinator' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock('supply_consignment'::regclass::oid::bigint);
  RETURN (SELECT coalesce(max(substr(code, 5)::integer), 0) + 1 FROM supply_consignment
          WHERE code ~ ('^C' || p_year || '-[0-9]+$'));
END $$;
"""
BACK = """
DROP FUNCTION supply_hold_line(bigint, bigint, bigint);
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
CREATE OR REPLACE FUNCTION supply_hold_consignment(p_consignment bigint) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT state FROM supply_consignment WHERE id = p_consignment FOR UPDATE
$$;
DROP FUNCTION supply_lock_consignment(bigint);
CREATE OR REPLACE FUNCTION supply_next_consignment(p_year text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock('supply_consignment'::regclass::oid::bigint);
  RETURN (SELECT coalesce(max(substr(code, 5)::integer), 0) + 1 FROM supply_consignment
          WHERE code ~ ('^C' || p_year || '-[0-9]+$'));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0012_lines_taken_out")]
    operations = [migrations.RunSQL(HOLD, BACK)]
