TABLES = {"a": 1}
TABLES["b"]
