TYPE_STRING = "string"

query_runners = {}


class BaseQueryRunner:
    def __init__(self, configuration):
        self.configuration = configuration

    @classmethod
    def name(cls):
        return cls.__name__

    @classmethod
    def type(cls):
        return cls.__name__.lower()

    @classmethod
    def enabled(cls):
        return True

    @classmethod
    def configuration_schema(cls):
        return {}

    def test_connection(self):
        return self.run_query("SELECT 1", None)

    def run_query(self, query, user):
        raise NotImplementedError()


class BaseSQLQueryRunner(BaseQueryRunner):
    def get_schema(self):
        return []


def register(query_runner_class):
    query_runners[query_runner_class.type()] = query_runner_class
