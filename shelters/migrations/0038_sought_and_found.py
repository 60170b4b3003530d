from django.db import migrations

# As before (0009_who_writes_a_stay); what was said of somebody who did not arrive can be a slip as well, and
# is taken back on that day. A day of leeway: a day ends elsewhere in the world before it ends in Tokyo.
KEEP = """
CREATE OR REPLACE FUNCTION shelters_keep_stay() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.resident_id, NEW.shelter_id) IS DISTINCT FROM (OLD.resident_id, OLD.shelter_id) THEN
      RAISE EXCEPTION 'a stay keeps its person and its shelter'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_keeps_person_and_shelter';
    END IF;
    IF OLD.cancelled_at IS NOT NULL AND NEW IS DISTINCT FROM OLD{taken_back} THEN
      RAISE EXCEPTION 'what was called off stays so'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_called_off_stays_so';
    END IF;
    IF NOT OLD.is_planned AND NEW.is_planned AND NEW.cancelled_at IS NULL THEN
      RAISE EXCEPTION 'who came is no plan any more'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_came_about';
    END IF;
    IF NEW.cancelled_at IS NOT NULL AND OLD.cancelled_at IS NULL THEN
      NEW.cancelled_at := clock_timestamp();
    END IF;
    -- Else an old stay could be made the newest, and its shelter the last one.
    IF NOT OLD.is_planned AND lower(NEW.nights) <> lower(OLD.nights)
       AND public.core_role() IS DISTINCT FROM 'system' THEN
      RAISE EXCEPTION 'a stay keeps its first night'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_keeps_its_first_night';
    END IF;
  END IF;
  IF NOT NEW.is_planned AND (TG_OP = 'INSERT' OR OLD.is_planned) THEN
    -- Held against who closes or reports the shelter at this moment.
    PERFORM FROM public.shelters_shelter WHERE id = NEW.shelter_id FOR SHARE;
    IF NOT public.shelters_takes_people(NEW.shelter_id, lower(NEW.nights)) THEN
      RAISE EXCEPTION 'the shelter takes nobody on this day'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'stay_begins_at_an_open_shelter';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""
TAKEN_BACK = """
       AND NOT (OLD.is_missing AND NEW.is_missing AND OLD.said_at > now() - interval '2 days'
                AND NEW.cancelled_at IS NULL AND NEW.outcome = '' AND upper_inf(NEW.nights)
                AND lower(NEW.nights) = lower(OLD.nights) AND NEW.note IS NOT DISTINCT FROM OLD.note)"""

# Whom they handed on anew they expect there no more; who has come under a roof, or is expected elsewhere, is
# not missed.
SEEK = """
CREATE FUNCTION shelters_go_on_seeking() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE public.shelters_stay SET cancelled_at = now()
    WHERE OLD.outcome = 'moved' AND resident_id = NEW.resident_id AND came_from_id = NEW.shelter_id
      AND shelter_id <> NEW.shelter_id AND is_planned AND cancelled_at IS NULL;
  IF EXISTS (SELECT FROM public.shelters_stay WHERE resident_id = NEW.resident_id AND id <> NEW.id
             AND cancelled_at IS NULL AND (is_planned OR upper_inf(nights))) THEN
    RAISE EXCEPTION 'who is under a roof or expected is not missed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_missing_is_nowhere_else';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER search_goes_on AFTER UPDATE OF cancelled_at ON shelters_stay FOR EACH ROW
  WHEN (OLD.cancelled_at IS NOT NULL AND NEW.cancelled_at IS NULL)
  EXECUTE FUNCTION shelters_go_on_seeking();
"""
SEEK_BACK = """
DROP TRIGGER search_goes_on ON shelters_stay;
DROP FUNCTION shelters_go_on_seeking();
"""

# Somebody handed on to a shelter was called off there, is sought, and stands at its door after all: expected
# there anew by the code that they bring. Nobody else is found so. Returns the stay, or nothing.
EXPECT = """
CREATE FUNCTION shelters_expect_again(home bigint, typed text, day date, form uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  resident bigint;
  origin bigint;
  written bigint;
BEGIN
  IF public.core_role() IS DISTINCT FROM 'field_staff' OR NOT home = ANY(public.shelters_mine()) THEN
    RAISE EXCEPTION 'not theirs to expect' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT off.resident_id, off.came_from_id INTO resident, origin
  FROM public.shelters_stay AS off
  JOIN public.shelters_stay AS sought
    ON sought.resident_id = off.resident_id AND sought.shelter_id = off.came_from_id
    AND sought.is_missing AND sought.cancelled_at IS NULL
  WHERE off.resident_id = (SELECT id FROM public.shelters_resident WHERE code = typed)
    AND off.shelter_id = home AND off.is_planned AND NOT off.is_missing AND off.cancelled_at IS NOT NULL
  LIMIT 1 FOR UPDATE OF sought;
  IF resident IS NULL THEN RETURN NULL; END IF;
  PERFORM public.shelters_found_again(resident);
  INSERT INTO public.shelters_stay
    (uuid, resident_id, shelter_id, came_from_id, nights, is_planned, is_missing, outcome, key)
    VALUES (gen_random_uuid(), resident, home, origin, daterange(day, NULL), true, false, '', form)
    RETURNING id INTO written;
  RETURN written;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0037_evacuations_by_form")]
    operations = [
        migrations.RunSQL(KEEP.format(taken_back=TAKEN_BACK), KEEP.format(taken_back="")),
        migrations.RunSQL(SEEK, SEEK_BACK),
        migrations.RunSQL(EXPECT, "DROP FUNCTION shelters_expect_again(bigint, text, date, uuid)"),
    ]
