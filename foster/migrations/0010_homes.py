from django.db import migrations

# Which children live at a shelter: for who reads the register of children, and at their own shelters. Who
# came of age may be there still; who is reunited, resettled, lost, arrested or dead is not.
LIVING = """
CREATE FUNCTION foster_living_at(home bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(child.id ORDER BY child.code), '{}') FROM public.foster_child AS child
  WHERE child.shelter_id = home
    AND coalesce(
      (SELECT state FROM public.foster_childstatus
       WHERE child_id = child.id AND since <= (now() AT TIME ZONE 'Asia/Tokyo')::date
       ORDER BY since DESC, id DESC LIMIT 1), 'in_care')
      IN ('waiting', 'in_care', 'of_age')
$$;
REVOKE EXECUTE ON FUNCTION foster_living_at(bigint) FROM PUBLIC;

CREATE OR REPLACE FUNCTION foster_children_at(home bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN public.core_role() IN ('system', 'foster_officer') OR home = ANY(public.shelters_mine())
         THEN public.foster_living_at(home) ELSE '{}' END
$$;

-- Nobody moves a child to where nobody goes. The system loads whole registers.
CREATE FUNCTION foster_keep_home() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  -- Held against who closes or reports the shelter at this moment.
  PERFORM FROM public.shelters_shelter WHERE id = NEW.shelter_id FOR SHARE;
  IF NOT public.shelters_takes_people(NEW.shelter_id, (now() AT TIME ZONE 'Asia/Tokyo')::date) THEN
    RAISE EXCEPTION 'nobody moves there'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'child_moves_to_an_open_shelter';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER home_is_open BEFORE UPDATE OF shelter_id ON foster_child FOR EACH ROW
  WHEN (NEW.shelter_id IS NOT NULL AND NEW.shelter_id IS DISTINCT FROM OLD.shelter_id)
  EXECUTE FUNCTION foster_keep_home();
"""
# As in 0009_children_at.
BACK = """
DROP TRIGGER home_is_open ON foster_child;
DROP FUNCTION foster_keep_home();
CREATE OR REPLACE FUNCTION foster_children_at(home bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(child.id ORDER BY child.code), '{}') FROM public.foster_child AS child
  WHERE child.shelter_id = home
    AND (public.core_role() NOT IN ('field_staff', 'sponsor') OR home = ANY(public.shelters_mine()))
    AND coalesce(
      (SELECT state FROM public.foster_childstatus
       WHERE child_id = child.id AND since <= (now() AT TIME ZONE 'Asia/Tokyo')::date
       ORDER BY since DESC, id DESC LIMIT 1), 'in_care')
      IN ('waiting', 'in_care', 'of_age')
$$;
DROP FUNCTION foster_living_at(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("foster", "0009_children_at"), ("shelters", "0037_evacuations_by_form")]
    operations = [migrations.RunSQL(LIVING, BACK)]
