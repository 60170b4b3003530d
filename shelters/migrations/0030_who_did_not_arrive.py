import django.db.models.deletion
from django.db import migrations, models

# Who was handed on and is not coming would be in nobody's list: they stand at the shelter that handed them on
# until somebody says what became of them.
FIND = """
CREATE FUNCTION shelters_find_missing() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  -- Expected elsewhere, under a roof, or it was said since what became of them.
  IF EXISTS (SELECT FROM public.shelters_stay WHERE resident_id = NEW.resident_id AND id <> NEW.id
             AND cancelled_at IS NULL
             AND (is_planned OR upper_inf(nights) OR lower(nights) >= lower(NEW.nights))) THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.shelters_stay
    (uuid, resident_id, shelter_id, came_from_id, nights, is_planned, is_missing, outcome)
    SELECT gen_random_uuid(), NEW.resident_id, id, id,
           daterange((now() AT TIME ZONE time_zone)::date, NULL), true, true, ''
    FROM public.shelters_shelter WHERE id = NEW.came_from_id;
  RETURN NULL;
END $$;
-- At the end of the transaction: who moves leaves one shelter before they come to the other.
CREATE CONSTRAINT TRIGGER nobody_is_lost AFTER UPDATE ON shelters_stay
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.cancelled_at IS NULL AND NEW.cancelled_at IS NOT NULL AND NEW.came_from_id IS NOT NULL
        AND NEW.outcome = '')
  EXECUTE FUNCTION shelters_find_missing();

CREATE FUNCTION shelters_found_again(resident bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE public.shelters_stay
  SET cancelled_at = now(), outcome = 'moved',
      nights = daterange(lower(nights), greatest(lower(nights) + 1, (now() AT TIME ZONE 'Asia/Tokyo')::date))
  WHERE resident_id = resident AND is_missing AND cancelled_at IS NULL
$$;
REVOKE EXECUTE ON FUNCTION shelters_found_again(bigint) FROM PUBLIC;

-- Who is under a roof is missed nowhere. Whose handing on was a slip is expected there no more.
CREATE FUNCTION shelters_end_search() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM public.shelters_found_again(NEW.resident_id);
  IF TG_OP = 'UPDATE' AND OLD.outcome = 'moved' THEN
    UPDATE public.shelters_stay SET cancelled_at = now()
      WHERE resident_id = NEW.resident_id AND came_from_id = NEW.shelter_id AND shelter_id <> NEW.shelter_id
        AND is_planned AND cancelled_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER search_ends AFTER INSERT OR UPDATE OF nights, is_planned ON shelters_stay FOR EACH ROW
  WHEN (NOT NEW.is_planned AND upper_inf(NEW.nights)) EXECUTE FUNCTION shelters_end_search();

-- Field staff could else make somebody vanish who was handed on to them.
CREATE FUNCTION shelters_keep_origin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF public.core_role() IS DISTINCT FROM 'system' THEN
    RAISE EXCEPTION 'a stay keeps where the person came from'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stay_keeps_where_they_came_from';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER origin_is_kept BEFORE UPDATE ON shelters_stay FOR EACH ROW
  WHEN (OLD.came_from_id IS DISTINCT FROM NEW.came_from_id
        OR (OLD.is_missing AND NOT NEW.is_missing AND NEW.is_planned))
  EXECUTE FUNCTION shelters_keep_origin();
"""
FIND_BACK = """
DROP TRIGGER origin_is_kept ON shelters_stay;
DROP FUNCTION shelters_keep_origin();
DROP TRIGGER search_ends ON shelters_stay;
DROP FUNCTION shelters_end_search();
DROP FUNCTION shelters_found_again(bigint);
DROP TRIGGER nobody_is_lost ON shelters_stay;
DROP FUNCTION shelters_find_missing();
"""

# Who is expected now and was handed on: by the shelter that they left on that day.
HANDED_ON = """
SET CONSTRAINTS ALL IMMEDIATE;  -- nothing waits for the end while the table changes
UPDATE shelters_stay AS plan SET came_from_id = here.shelter_id
FROM shelters_stay AS here
WHERE plan.is_planned AND plan.cancelled_at IS NULL AND here.resident_id = plan.resident_id
  AND here.shelter_id <> plan.shelter_id AND here.outcome = 'moved' AND NOT here.is_planned
  AND upper(here.nights) = lower(plan.nights);
"""

# As before (0016_stays_are_kept), and it says where they came from, and ends what was expected here.
HAND_OVER = """
CREATE OR REPLACE FUNCTION shelters_hand_over(resident bigint, to_code text, day date, form uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  target bigint;
  origin bigint;
BEGIN
  IF public.core_role() IS DISTINCT FROM 'field_staff' OR NOT public.shelters_may_take(resident) THEN
    RAISE EXCEPTION 'not theirs to hand on' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT id INTO target FROM public.shelters_shelter WHERE upper(code) = upper(trim(to_code)) FOR SHARE;
  IF target IS NULL THEN RETURN 'unknown'; END IF;
  IF NOT public.shelters_takes_people(target, day) OR EXISTS (
    SELECT FROM public.shelters_shelterlockdown WHERE shelter_id = target AND lifted_at IS NULL)
  THEN RETURN 'shut'; END IF;
  SELECT shelter_id INTO origin FROM public.shelters_stay
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
    ORDER BY cancelled_at IS NULL DESC, lower(nights) <= day DESC, lower(nights) DESC, id DESC LIMIT 1;
  INSERT INTO public.shelters_stay
    (uuid, resident_id, shelter_id, came_from_id, nights, is_planned, is_missing, outcome, key)
    VALUES (gen_random_uuid(), resident, target, origin, daterange(day, NULL), true, false, '', form);
  UPDATE public.shelters_stay SET nights = daterange(lower(nights), day), outcome = 'moved'
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
      AND NOT is_planned AND nights @> day AND lower(nights) < day;
  UPDATE public.shelters_stay SET is_planned = true, cancelled_at = now(), outcome = ''
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
      AND NOT is_planned AND lower(nights) = day;
  -- Nor are they expected here any more.
  UPDATE public.shelters_stay SET cancelled_at = now()
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
      AND is_planned AND NOT is_missing AND cancelled_at IS NULL AND key IS DISTINCT FROM form;
  PERFORM public.shelters_found_again(resident);
  RETURN '';
END $$;
"""
HAND_OVER_BEFORE = """
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
  UPDATE public.shelters_stay SET is_planned = true, cancelled_at = now(), outcome = ''
    WHERE resident_id = resident AND shelter_id = ANY(public.shelters_mine())
      AND NOT is_planned AND lower(nights) = day;
  RETURN '';
END $$;
"""
SAID = "Only a stay that came about and is over has an outcome."


def _outcome_once_over(*others: models.Q) -> models.CheckConstraint:
    over = models.Q(("is_planned", False), ("nights__upper_inf", False))
    return models.CheckConstraint(
        condition=models.Q(("outcome", ""), over, *others, _connector="OR"),
        name="stay_outcome_once_over",
        violation_error_message=SAID,
    )


class Migration(migrations.Migration):
    dependencies = [("shelters", "0029_outcomes_taken_back")]
    operations = [
        migrations.AddField(
            "stay",
            "came_from",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="shelters.shelter",
                verbose_name="handed on from",
            ),
        ),
        migrations.AddField(
            "stay", "is_missing", models.BooleanField(default=False, verbose_name="did not arrive")
        ),
        migrations.RemoveConstraint("stay", "stay_outcome_once_over"),
        migrations.AddConstraint(
            "stay",
            _outcome_once_over(
                models.Q(("cancelled_at__isnull", False), ("is_missing", True), ("nights__upper_inf", False))
            ),
        ),
        migrations.AddConstraint(
            "stay",
            models.CheckConstraint(
                condition=models.Q(("is_missing", False), ("is_planned", True), _connector="OR"),
                name="stay_missing_is_no_night",
                violation_error_message="Who did not arrive spends no night.",
            ),
        ),
        migrations.AddConstraint(
            "stay",
            models.CheckConstraint(
                condition=models.Q(
                    ("is_missing", False),
                    ("cancelled_at__isnull", True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="stay_missing_until_it_is_said",
                violation_error_message="Say what became of them: “not known” is an answer.",
            ),
        ),
        migrations.RunSQL(HANDED_ON, migrations.RunSQL.noop),
        migrations.RunSQL(FIND, FIND_BACK),
        migrations.RunSQL(HAND_OVER, HAND_OVER_BEFORE),
    ]
