from django.db import migrations

# Nothing leaves for a shelter that is exposed, closed or being evacuated. What is under way may still arrive,
# come back or be lost. The shelter is held against who reports it at this moment.
REFUSE = """
CREATE FUNCTION shelters_refuse_sending() RETURNS trigger
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

CREATE TRIGGER goes_to_safe_shelters BEFORE INSERT ON supply_consignmentstep FOR EACH ROW
  WHEN (NEW.kind = 'sent') EXECUTE FUNCTION shelters_refuse_sending();
"""
BACK = """
DROP TRIGGER goes_to_safe_shelters ON supply_consignmentstep;
DROP FUNCTION shelters_refuse_sending();
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0022_time_zones"), ("supply", "0019_japanese_names_of_packs")]
    operations = [migrations.RunSQL(REFUSE, BACK)]
