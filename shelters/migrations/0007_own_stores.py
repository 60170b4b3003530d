from django.db import migrations

# Whose stock field staff see and move: the stores of where they are posted (lfnkr/walls/table.py).
OWN = """
CREATE FUNCTION shelters_my_stores() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(store_id), '{}') FROM public.shelters_shelter
  WHERE id = ANY(public.shelters_mine())
$$;
"""
BACK = "DROP FUNCTION shelters_my_stores() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("shelters", "0006_spellings")]
    operations = [migrations.RunSQL(OWN, BACK)]
