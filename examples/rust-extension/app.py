"""Names that are like another: what is asked for is checked by pydantic, and compared in Rust."""

import pydantic
import similarity
from componentize_py_types import Err
from wit_world import Match
from wit_world import WitWorld as World


class Question(pydantic.BaseModel):
    name: str = pydantic.Field(min_length=1, max_length=100)
    among: list[str] = pydantic.Field(max_length=1000)


class WitWorld(World):
    def rank(self, question: str) -> list[Match]:
        try:
            asked = Question.model_validate_json(question)
        except pydantic.ValidationError as error:
            raise Err("; ".join(f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors())) from error
        found = (Match(name, similarity.distance(asked.name, name)) for name in asked.among)
        return sorted(found, key=lambda match: (match.distance, match.name))
