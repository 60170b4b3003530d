"""Backups that only a key kept elsewhere opens, and the way back (docs/backup.md, docs/adr/0018).

A backup is a folder named by its UTC time:
    database.age    pg_dump of everything but the rows of the data keys; photos are in it, sealed
    keys.age        the rows of the data keys alone: pruned after 30 days, or forgetting would not be true
    roles.age       database roles without passwords, memberships and settings
    contents.age    rows and checksum of each table, definition of each object, and the proof of all this
    manifest.json   not secret: when, of what version, and the SHA-256 of each part

Rooms, each may import the ones before it:
    problems        every refusal, with its sentence
    servers         addresses, connections and the programs of PostgreSQL
    age             streams into and out of the age format; nothing is ever written in clear
    inventory       what a database holds, read from its catalogue
    comparing       two inventories, and what differs
    roles           roles and the database itself, saved and made again
    proof           whether our own server made a backup
    folders         the folders of backups: named, listed, read, pruned
    making          one backup
    restoring       one backup into an empty database, compared with what it must be
    alarm           the mail when a backup failed or is late
"""
