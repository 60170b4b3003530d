from django.db import migrations

# Nothing leaves over a route that is lost or closed. The route is held against who changes its state now.
REFUSE = """
CREATE FUNCTION supply_refuse_lost_route() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE over bigint := (SELECT route_id FROM supply_consignment WHERE id = NEW.consignment_id);
BEGIN
  PERFORM FROM supply_route WHERE id = over FOR SHARE;
  IF (SELECT state FROM supply_routestatus
      WHERE route_id = over AND since <= (now() AT TIME ZONE 'Asia/Tokyo')::date
      ORDER BY since DESC, id DESC LIMIT 1) IN ('lost', 'closed') THEN
    RAISE EXCEPTION 'nothing is sent over a route that is lost or closed'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consignment_goes_over_a_passable_route';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER goes_over_a_passable_route BEFORE INSERT ON supply_consignmentstep FOR EACH ROW
  WHEN (NEW.kind = 'sent') EXECUTE FUNCTION supply_refuse_lost_route();
"""
BACK = """
DROP TRIGGER goes_over_a_passable_route ON supply_consignmentstep;
DROP FUNCTION supply_refuse_lost_route();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0019_japanese_names_of_packs")]
    operations = [migrations.RunSQL(REFUSE, BACK)]
