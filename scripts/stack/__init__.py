"""The servers and processes of one checkout: PostgreSQL, Valkey, web, worker and beat.

`python -m scripts.stack up` runs the whole product, `exec -- CMD` runs one command against
throw-away servers, `clean` removes the data; manage.py borrows the servers. Everything lives
in `.local/`; no port is open but the one of the web server.

Rooms, each may import the ones before it:
    places       folders and sockets of a checkout
    processes    one child process: started, watched, stopped
    locks        who may run what
    environment  the settings given to every process
    roles        the roles of the database and what each may do
    programs     which PostgreSQL and Valkey programs, run as which account
    servers      the two servers, the roles and the database
    keeper       the servers kept while anyone needs them, and the lease by which one needs them
    throwaway    servers for one command, gone with it
    running      the whole product
    cleaning     all of it removed
    django       what manage.py needs before Django starts
"""
