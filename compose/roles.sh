#!/bin/sh
# Runs once, when the database is new: the three roles of scripts/stack/servers.py, with passwords.
# The superuser of the image is for set-up and a restore alone; nothing else connects as it.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=lfnkr \
    --set=owner_password="$OWNER_DATABASE_PASSWORD" --set=app_password="$APP_DATABASE_PASSWORD" \
    --set=backup_password="$BACKUP_DATABASE_PASSWORD" <<'SQL'
create role lfnkr_owner login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
    password :'owner_password';
create role lfnkr_app login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
    password :'app_password';
create role lfnkr_backup login nosuperuser nocreatedb nocreaterole noreplication bypassrls
    password :'backup_password';
grant pg_read_all_data to lfnkr_backup;
alter role lfnkr_backup set default_transaction_read_only = on;
-- Its statements say for whom it acts, with the proof: no other connection may read them.
alter role lfnkr_app set track_activities = off;
alter database lfnkr owner to lfnkr_owner;
alter schema public owner to lfnkr_owner;
revoke create on schema public from public;
SQL
