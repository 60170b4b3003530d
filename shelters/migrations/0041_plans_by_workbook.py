from django.db import migrations

# As before (0034_expected_guests); the system loads whole registers, and who planned a stay stands in them.
SIGN = """
CREATE OR REPLACE FUNCTION shelters_sign_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  {loads}NEW.planned_by_id := CASE WHEN TG_OP = 'UPDATE' THEN OLD.planned_by_id
                            WHEN NEW.is_planned AND NOT NEW.is_missing AND public.core_role() = 'field_staff'
                            THEN public.core_who() END;
  RETURN NEW;
END $$;
"""
LOADS = """IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  """


class Migration(migrations.Migration):
    dependencies = [("shelters", "0040_medical_costs_taken_back")]
    operations = [migrations.RunSQL(SIGN.format(loads=LOADS), SIGN.format(loads=""))]
