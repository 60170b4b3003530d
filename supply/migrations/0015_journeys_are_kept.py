from django.db import migrations

# Once it has left, what a consignment says of its journey is history: its route, its day, who carried it.
KEEP = """
CREATE FUNCTION supply_keep_journey() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF core_role() IS DISTINCT FROM 'system' AND (OLD.state NOT IN ('planned', 'packed')
     OR (NEW.code, NEW.plan_id, NEW.plan_month) IS DISTINCT FROM (OLD.code, OLD.plan_id, OLD.plan_month)) THEN
    RAISE EXCEPTION 'a journey is changed until it begins'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'consignment_journey_is_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER journey_is_kept BEFORE UPDATE ON supply_consignment FOR EACH ROW
  WHEN (OLD.code IS DISTINCT FROM NEW.code OR OLD.route_id IS DISTINCT FROM NEW.route_id
        OR OLD.planned_on IS DISTINCT FROM NEW.planned_on OR OLD.courier IS DISTINCT FROM NEW.courier
        OR OLD.plan_id IS DISTINCT FROM NEW.plan_id OR OLD.plan_month IS DISTINCT FROM NEW.plan_month
        OR OLD.note IS DISTINCT FROM NEW.note)
  EXECUTE FUNCTION supply_keep_journey();
"""
BACK = """
DROP TRIGGER journey_is_kept ON supply_consignment;
DROP FUNCTION supply_keep_journey();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0014_counts_by_two")]
    operations = [migrations.RunSQL(KEEP, BACK)]
