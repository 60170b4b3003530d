from django.db import migrations

# Which children live at a shelter, whoever asks: an evacuation counts them for who may not read their codes.
# Who came of age may be there still; who is reunited, resettled, lost, arrested or dead is not.
CHILDREN = """
CREATE FUNCTION foster_children_at(home bigint) RETURNS bigint[]
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
"""


class Migration(migrations.Migration):
    dependencies = [("foster", "0008_cleared_by_two"), ("shelters", "0034_expected_guests")]
    operations = [migrations.RunSQL(CHILDREN, "DROP FUNCTION foster_children_at(bigint)")]
