import uuid
import uuid_utils
import uuid_utils.compat


def check():
    named = uuid_utils.uuid5(uuid_utils.NAMESPACE_DNS, "python.org")
    assert str(named) == str(uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"))
    assert uuid_utils.uuid4() != uuid_utils.uuid4() and uuid_utils.uuid7().version == 7
    assert isinstance(uuid_utils.compat.uuid4(), uuid.UUID)
    first, second = uuid_utils.uuid7(), uuid_utils.uuid7()
    assert first.int >> 80 <= second.int >> 80
    assert uuid_utils.UUID("12345678-1234-5678-1234-567812345678").int == 24197857161011715162171839636988778104
