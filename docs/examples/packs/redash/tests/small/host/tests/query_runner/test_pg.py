from redash.query_runner.pg import PostgreSQL


def test_type():
    assert PostgreSQL.type() == "pg"
