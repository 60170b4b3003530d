from django.db import migrations, models

# The workbook knows a site by its route and its key, and its sealed place is bound to both.
KEEP = """
CREATE FUNCTION supply_keep_site() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'a site keeps its key and its route'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'route_site_keeps_key_and_route';
END $$;
CREATE TRIGGER key_is_kept BEFORE UPDATE ON supply_routesite FOR EACH ROW
  WHEN ((OLD.key, OLD.route_id) IS DISTINCT FROM (NEW.key, NEW.route_id))
  EXECUTE FUNCTION supply_keep_site();
"""
BACK = """
DROP TRIGGER key_is_kept ON supply_routesite;
DROP FUNCTION supply_keep_site();
"""


class Migration(migrations.Migration):
    dependencies = [("supply", "0017_route_sites")]
    operations = [
        migrations.AlterConstraint(
            model_name="routesite",
            name="route_site_one_per_key",
            constraint=models.UniqueConstraint(
                fields=("key",),
                name="route_site_one_per_key",
                violation_error_message=(
                    "Another site has this number. Give this one a number of its own, or its own route."
                ),
            ),
        ),
        migrations.RunSQL(KEEP, BACK),
    ]
