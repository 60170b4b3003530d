from django.db import migrations

# Nothing is moved out of a store or a warehouse to a shelter that is exposed, closed or being evacuated. What
# is under way may arrive or come back (it lies in transit), a mistake is taken back, and an import of old
# registers (the system) tells what was so. The shelter is held against who reports it at this moment; whoever
# begins an evacuation waits for what is just being moved there.
#
# Locks: who moves goods has the ledger first, then the shelter. Who holds a shelter and goes on to the ledger
# in one transaction takes the ledger first (an import).
MOVING = """
-- The shelters of these stores, held: whether one of them is shut.
CREATE FUNCTION shelters_are_shut(stores bigint[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM public.shelters_shelter WHERE store_id = ANY(stores) ORDER BY id FOR SHARE;
  RETURN EXISTS (
    SELECT FROM public.shelters_shelter AS shelter WHERE store_id = ANY(stores) AND (
      NOT public.shelters_takes_people(id, (now() AT TIME ZONE time_zone)::date)
      OR EXISTS (SELECT FROM public.shelters_evacuation
                 WHERE shelter_id = shelter.id AND finished_at IS NULL)));
END $$;
REVOKE EXECUTE ON FUNCTION shelters_are_shut(bigint[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION shelters_refuse_sending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.shelters_are_shut(array(SELECT destination_id FROM public.supply_consignmentline
                                    WHERE consignment_id = NEW.consignment_id AND packed > 0)) THEN
    RAISE EXCEPTION 'nothing is sent to a shelter that is exposed, closed or being evacuated'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_goes_to_safe_shelters';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION shelters_refuse_moving() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.supply_place AS source, public.supply_place AS target
                 WHERE source.id = NEW.source_id AND source.kind IN ('store', 'warehouse')
                   AND target.id = NEW.destination_id AND target.kind = 'store')
     OR public.core_role() = 'system' THEN
    RETURN NEW;
  END IF;
  IF public.shelters_are_shut(ARRAY[NEW.destination_id]) THEN
    RAISE EXCEPTION 'nothing is moved to a shelter that is exposed, closed or being evacuated'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_goes_to_safe_shelters';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER goes_to_safe_shelters BEFORE INSERT ON supply_movement FOR EACH ROW
  WHEN (NEW.reverses_id IS NULL) EXECUTE FUNCTION shelters_refuse_moving();

CREATE FUNCTION shelters_hold_shelter() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM public.shelters_shelter WHERE id = NEW.shelter_id FOR NO KEY UPDATE;
  RETURN NEW;
END $$;
CREATE TRIGGER holds_its_shelter BEFORE INSERT ON shelters_evacuation
  FOR EACH ROW EXECUTE FUNCTION shelters_hold_shelter();
"""
BACK = """
DROP TRIGGER holds_its_shelter ON shelters_evacuation;
DROP FUNCTION shelters_hold_shelter();
DROP TRIGGER goes_to_safe_shelters ON supply_movement;
DROP FUNCTION shelters_refuse_moving();

CREATE OR REPLACE FUNCTION shelters_refuse_sending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE loaded bigint[] := array(
  SELECT destination_id FROM public.supply_consignmentline
  WHERE consignment_id = NEW.consignment_id AND packed > 0);
BEGIN
  PERFORM FROM public.shelters_shelter WHERE store_id = ANY(loaded) ORDER BY id FOR SHARE;
  IF EXISTS (
    SELECT FROM public.shelters_shelter AS shelter WHERE store_id = ANY(loaded) AND (
      NOT public.shelters_takes_people(id, (now() AT TIME ZONE time_zone)::date)
      OR EXISTS (SELECT FROM public.shelters_evacuation
                 WHERE shelter_id = shelter.id AND finished_at IS NULL)))
  THEN
    RAISE EXCEPTION 'nothing is sent to a shelter that is exposed, closed or being evacuated'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_goes_to_safe_shelters';
  END IF;
  RETURN NEW;
END $$;

DROP FUNCTION shelters_are_shut(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0026_others_are_counted"), ("supply", "0023_day_of_sending")]
    operations = [migrations.RunSQL(MOVING, BACK)]
