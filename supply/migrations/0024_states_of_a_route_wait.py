from django.db import migrations

# Whoever says what became of a route, by whatever way, waits for what is just being sent over it; who sends
# after that sees it (0020 holds the route against this). Before, a row of the workbook waited for nobody.
HOLD = """
CREATE FUNCTION supply_hold_route() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM supply_route WHERE id = NEW.route_id FOR NO KEY UPDATE;
  RETURN NEW;
END $$;

CREATE TRIGGER holds_its_route BEFORE INSERT ON supply_routestatus
  FOR EACH ROW EXECUTE FUNCTION supply_hold_route();
"""
BACK = """
DROP TRIGGER holds_its_route ON supply_routestatus;
DROP FUNCTION supply_hold_route();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0023_day_of_sending")]
    operations = [migrations.RunSQL(HOLD, BACK)]
