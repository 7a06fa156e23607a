import os

default_query_runners = [
    "redash.query_runner.mysql",
    "redash.query_runner.pg",
    "redash.query_runner.url",
]

enabled_query_runners = os.environ.get("REDASH_ENABLED_QUERY_RUNNERS", ",".join(default_query_runners))
