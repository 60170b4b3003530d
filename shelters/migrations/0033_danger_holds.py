from django.db import migrations

# What was told of a danger holds until an administrator lowers it: field staff, whose page may be an old one,
# say only that it is exposed once it was (0009_who_writes_a_stay). The shelter is held first: of two who tell
# at one moment the second is measured against the first. The system loads whole registers.
STATUS = """
CREATE OR REPLACE FUNCTION shelters_keep_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM public.shelters_shelter WHERE id = NEW.shelter_id FOR NO KEY UPDATE;
  IF NEW.state = 'closed' THEN
    PERFORM public.shelters_refuse_closing(NEW.shelter_id, NEW.since);
  END IF;{holds}
  RETURN NEW;
END $$;
"""
HOLDS = """
  IF NEW.state <> 'exposed' AND public.core_role() = 'field_staff'
     AND (SELECT state FROM public.shelters_shelterstatus WHERE shelter_id = NEW.shelter_id
          ORDER BY since DESC, id DESC LIMIT 1) IN ('exposed', 'closed') THEN
    RAISE EXCEPTION 'a danger is lowered by administrators alone'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shelter_danger_holds';
  END IF;"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0032_incidents_corrected")]
    operations = [migrations.RunSQL(STATUS.format(holds=HOLDS), STATUS.format(holds=""))]
