from django.db import migrations

# What a stay said once it was over is not said again, and nights that somebody spent do not vanish: who was
# never here stayed elsewhere in that night, unless they came today. Field staff could else make a person, an
# arrest or a death disappear. The system loads and corrects whole registers.
KEEP = """
CREATE FUNCTION shelters_keep_nights() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF NEW.cancelled_at IS NULL
     AND (NEW.outcome, upper(NEW.nights), NEW.note)
         IS DISTINCT FROM (OLD.outcome, upper(OLD.nights), OLD.note)
     -- Handed on or moved with a day before: they had left later than it was written.
     AND NOT (NEW.outcome = 'moved' AND upper(NEW.nights) < upper(OLD.nights)
              AND NEW.note IS NOT DISTINCT FROM OLD.note) THEN
    RAISE EXCEPTION 'a stay that is over stays as it was told'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_over_stays_so';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER nights_are_kept BEFORE UPDATE ON shelters_stay FOR EACH ROW
  WHEN (NOT OLD.is_planned AND OLD.outcome <> '') EXECUTE FUNCTION shelters_keep_nights();

CREATE FUNCTION shelters_find_nights() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  is_gone boolean := NEW.cancelled_at IS NOT NULL;
  night date := CASE WHEN is_gone THEN lower(OLD.nights) ELSE upper(NEW.nights) END;
BEGIN
  -- A day of leeway: a day ends elsewhere in the world before it ends in Tokyo.
  IF public.core_role() = 'system' OR (is_gone AND night >= (now() AT TIME ZONE 'Asia/Tokyo')::date - 1) THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT FROM public.shelters_stay WHERE resident_id = NEW.resident_id AND id <> NEW.id
                 AND cancelled_at IS NULL AND nights @> night) THEN
    RAISE EXCEPTION 'the night was spent somewhere'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_nights_do_not_vanish';
  END IF;
  RETURN NULL;
END $$;
-- At the end of the transaction: who moves leaves one shelter before they come to the other.
CREATE CONSTRAINT TRIGGER nights_are_somewhere AFTER UPDATE ON shelters_stay
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NOT OLD.is_planned AND (NEW.cancelled_at IS NOT NULL
        OR (OLD.outcome <> '' AND upper(NEW.nights) < upper(OLD.nights))))
  EXECUTE FUNCTION shelters_find_nights();
"""
BACK = """
DROP TRIGGER nights_are_somewhere ON shelters_stay;
DROP FUNCTION shelters_find_nights();
DROP TRIGGER nights_are_kept ON shelters_stay;
DROP FUNCTION shelters_keep_nights();
"""
# As before (0009_who_writes_a_stay); who came and left today and is handed on today has no outcome here.
HAND_OVER = """
CREATE OR REPLACE FUNCTION shelters_hand_over(resident bigint, to_code text, day date, form uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE target bigint;
BEGIN
  IF public.core_role() IS DISTINCT FROM 'field_staff' OR NOT public.shelters_may_take(resident) THEN
    RAISE EXCEPTION 'not theirs to hand on' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT id INTO target FROM public.shelters_shelter WHERE upper(code) = upper(trim(to_code)) FOR SHARE;
  IF target IS NULL THEN RETURN 'unknown'; END IF;
  IF NOT public.shelters_takes_people(target, day) OR EXISTS (
    SELECT FROM public.shelters_shelterlockdown WHERE shelter_id = target AND lifted_at IS NULL)
  THEN RETURN 'shut'; END IF;
  INSERT INTO public.shelters_stay (uuid, resident_id, shelter_id, nights, is_planned, outcome, key)
    VALUES (gen_random_uuid(), resident, target, daterange(day, NULL), true, '', form);
  UPDATE public.shelters_stay SET nights = daterange(lower(nights), day), outcome = 'moved'
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
      AND NOT is_planned AND nights @> day AND lower(nights) < day;
  UPDATE public.shelters_stay SET is_planned = true, cancelled_at = now(){outcome}
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
      AND NOT is_planned AND lower(nights) = day;
  RETURN '';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0015_field_staff_write_the_place")]
    operations = [
        migrations.RunSQL(KEEP, BACK),
        migrations.RunSQL(HAND_OVER.format(outcome=", outcome = ''"), HAND_OVER.format(outcome="")),
    ]
