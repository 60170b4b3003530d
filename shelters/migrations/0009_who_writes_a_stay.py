from django.db import migrations

# A stay is what makes a resident visible at a shelter, so it is written only for whom one sees already, and
# by handing somebody on: docs/adr/0025.
MY_RESIDENTS = """
CREATE OR REPLACE FUNCTION shelters_my_residents() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(id), '{}') FROM (
    SELECT resident_id AS id FROM public.shelters_stay
    WHERE shelter_id = ANY(public.shelters_mine()) AND cancelled_at IS NULL
    UNION
    SELECT id FROM public.shelters_resident AS resident
    WHERE registered_by_id = public.core_who() AND public.shelters_mine() <> '{}'
      AND NOT EXISTS (SELECT FROM public.shelters_stay AS stay
                      WHERE stay.resident_id = resident.id AND stay.cancelled_at IS NULL)
  ) AS mine
$$;
"""
MY_RESIDENTS_BEFORE = """
CREATE OR REPLACE FUNCTION shelters_my_residents() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT resident_id), '{}') FROM public.shelters_stay
  WHERE shelter_id = ANY(public.shelters_mine())
$$;
"""
RULES = """
-- Whom field staff may write a stay for: who stays at a shelter of theirs or was last there, and whom they
-- wrote down themselves and who has been nowhere yet.
CREATE FUNCTION shelters_may_take(resident bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(
    (SELECT shelter_id = ANY(public.shelters_mine()) FROM public.shelters_stay
     WHERE resident_id = resident AND (NOT is_planned OR (
       cancelled_at >= now() AND shelter_id = ANY(public.shelters_mine())))  -- taken back just now
     ORDER BY lower(nights) DESC, id DESC LIMIT 1),
    (SELECT registered_by_id = public.core_who() AND public.shelters_mine() <> '{}'
     FROM public.shelters_resident WHERE id = resident),
    false)
$$;

-- Whether a shelter is open to who comes on a day. The caller has locked its row.
CREATE FUNCTION shelters_takes_people(shelter bigint, day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(closed_on > day, true) AND coalesce(
    (SELECT state NOT IN ('exposed', 'closed') FROM public.shelters_shelterstatus
     WHERE shelter_id = shelter AND since <= day ORDER BY since DESC, id DESC LIMIT 1), true)
  FROM public.shelters_shelter WHERE id = shelter
$$;

CREATE FUNCTION shelters_keep_stay() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.resident_id, NEW.shelter_id) IS DISTINCT FROM (OLD.resident_id, OLD.shelter_id) THEN
      RAISE EXCEPTION 'a stay keeps its person and its shelter'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_keeps_person_and_shelter';
    END IF;
    IF OLD.cancelled_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
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
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON shelters_stay
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_stay();

-- Who wrote a resident down is not for others to say, nor is a UUID that another record's key is kept under.
CREATE FUNCTION shelters_keep_registration() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() = 'system' THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND (NEW.code, NEW.registered_by_id, NEW.registered_at)
     IS DISTINCT FROM (OLD.code, OLD.registered_by_id, OLD.registered_at) THEN
    RAISE EXCEPTION 'who wrote a resident down, when and under which code is kept'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'resident_registration_is_kept';
  END IF;
  IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM public.core_datakey WHERE owner = NEW.uuid) THEN
    RAISE EXCEPTION 'this UUID is taken'
      USING ERRCODE = 'unique_violation', CONSTRAINT = 'resident_has_a_uuid_of_their_own';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registration_is_kept BEFORE INSERT OR UPDATE ON shelters_resident
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_registration();

-- Nobody closes a shelter while somebody stays there or has arrived for later nights.
CREATE FUNCTION shelters_refuse_closing(shelter bigint, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.shelters_stay
             WHERE shelter_id = shelter AND NOT is_planned AND nights && daterange(day, NULL)) THEN
    RAISE EXCEPTION 'somebody stays there'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shelter_closes_when_nobody_stays';
  END IF;
END $$;
CREATE FUNCTION shelters_keep_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM FROM public.shelters_shelter WHERE id = NEW.shelter_id FOR NO KEY UPDATE;
  IF NEW.state = 'closed' THEN PERFORM public.shelters_refuse_closing(NEW.shelter_id, NEW.since); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE INSERT ON shelters_shelterstatus
  FOR EACH ROW EXECUTE FUNCTION shelters_keep_status();
CREATE FUNCTION shelters_keep_closing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM public.shelters_refuse_closing(NEW.id, NEW.closed_on);
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE OF closed_on ON shelters_shelter FOR EACH ROW
  WHEN (NEW.closed_on IS NOT NULL AND NEW.closed_on IS DISTINCT FROM OLD.closed_on)
  EXECUTE FUNCTION shelters_keep_closing();

-- Who has somebody hands them on: they are expected there from the day on, and gone from here. Returns '' or
-- why not: 'unknown' (no such shelter), 'shut' (it takes nobody).
CREATE FUNCTION shelters_hand_over(resident bigint, to_code text, day date, form uuid) RETURNS text
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
  UPDATE public.shelters_stay SET is_planned = true, cancelled_at = now()
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
      AND NOT is_planned AND lower(nights) = day;
  RETURN '';
END $$;

-- What the triggers alone ask: to anybody else the answers would speak of shelters that are not theirs.
REVOKE EXECUTE ON FUNCTION shelters_takes_people(bigint, date), shelters_refuse_closing(bigint, date)
  FROM PUBLIC;
"""
BACK = """
DROP FUNCTION shelters_hand_over(bigint, text, date, uuid);
DROP TRIGGER kept ON shelters_shelter;
DROP FUNCTION shelters_keep_closing();
DROP TRIGGER kept ON shelters_shelterstatus;
DROP FUNCTION shelters_keep_status();
DROP FUNCTION shelters_refuse_closing(bigint, date);
DROP TRIGGER registration_is_kept ON shelters_resident;
DROP FUNCTION shelters_keep_registration();
DROP TRIGGER kept ON shelters_stay;
DROP FUNCTION shelters_keep_stay();
DROP FUNCTION shelters_takes_people(bigint, date);
DROP FUNCTION shelters_may_take(bigint) CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("shelters", "0008_stays_in_the_field")]
    operations = [migrations.RunSQL(MY_RESIDENTS, MY_RESIDENTS_BEFORE), migrations.RunSQL(RULES, BACK)]
