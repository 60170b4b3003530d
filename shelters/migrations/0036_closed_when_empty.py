from django.db import migrations

# As before (0009_who_writes_a_stay): nobody closes a shelter while somebody stays there or has arrived for
# later nights; nor while people are counted there, guests are expected, or stock lies in its store. The
# system loads whole registers, in which a count of long ago may stand for the last.
CLOSING = """
CREATE OR REPLACE FUNCTION shelters_refuse_closing(shelter bigint, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM public.shelters_stay
             WHERE shelter_id = shelter AND NOT is_planned AND nights && daterange(day, NULL)) THEN
    RAISE EXCEPTION 'somebody stays there'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shelter_closes_when_nobody_stays';
  END IF;{more}
END $$;
"""
MORE = """
  IF public.core_role() = 'system' THEN RETURN; END IF;
  IF public.shelters_person_days(shelter, day, day) > 0 THEN
    RAISE EXCEPTION 'people are counted there'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shelter_closes_when_nobody_is_counted';
  END IF;
  IF EXISTS (SELECT FROM public.shelters_stay
             WHERE shelter_id = shelter AND is_planned AND is_missing AND cancelled_at IS NULL) THEN
    RAISE EXCEPTION 'somebody handed on from there did not arrive'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shelter_closes_when_nobody_is_missed';
  END IF;
  IF EXISTS (SELECT FROM public.shelters_stay
             WHERE shelter_id = shelter AND is_planned AND NOT is_missing AND cancelled_at IS NULL) THEN
    RAISE EXCEPTION 'somebody is expected there'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shelter_closes_when_nobody_is_expected';
  END IF;
  IF EXISTS (SELECT FROM public.supply_balance AS line JOIN public.shelters_shelter AS closing
             ON closing.store_id = line.place_id WHERE closing.id = shelter AND line.quantity > 0) THEN
    RAISE EXCEPTION 'stock lies in its store'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shelter_closes_when_its_store_is_empty';
  END IF;"""


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0035_children_of_an_evacuation"),
        ("supply", "0024_states_of_a_route_wait"),
    ]
    operations = [migrations.RunSQL(CLOSING.format(more=MORE), CLOSING.format(more=""))]
