import datetime
import decimal
import enum
import json
import os
import typing
import uuid

import pydantic
import pydantic_settings
from pydantic import BaseModel, ConfigDict, EmailStr, Field, TypeAdapter, computed_field, field_validator, model_validator


class Kind(enum.StrEnum):
    BOOK = "book"
    PEN = "pen"


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1, max_length=20)
    price: decimal.Decimal = Field(gt=0, max_digits=8, decimal_places=2)
    kind: Kind
    tags: set[str] = set()

    @field_validator("name")
    @classmethod
    def stripped(cls, name: str) -> str:
        return name.strip()


class Order(BaseModel):
    id: uuid.UUID
    made: datetime.datetime
    email: EmailStr
    items: list[Item] = Field(min_length=1)
    note: str | None = Field(None, alias="remark")

    @computed_field
    @property
    def total(self) -> decimal.Decimal:
        return sum(item.price for item in self.items)

    @model_validator(mode="after")
    def has_few(self) -> typing.Self:
        if len(self.items) > 3:
            raise ValueError("too many items")
        return self


class Cat(BaseModel):
    pet: typing.Literal["cat"]
    lives: int


class Dog(BaseModel):
    pet: typing.Literal["dog"]
    friends: "list[Pet]" = []


Pet = typing.Annotated[Cat | Dog, Field(discriminator="pet")]
PETS = TypeAdapter(list[Pet])
Value = typing.TypeVar("Value")


class Page(BaseModel, typing.Generic[Value]):
    values: tuple[Value, ...]


class Settings(pydantic_settings.BaseSettings):
    model_config = pydantic_settings.SettingsConfigDict(env_prefix="SHOP_", env_nested_delimiter="__")
    debug: bool = False
    limits: dict[str, int] = {}


TEXT = """{"id": "00000000-0000-0000-0000-000000000007", "made": "2024-02-29T12:00:00Z", "email": "a@example.com", "remark": "ž",
 "items": [{"name": " Atlas ", "price": "12.50", "kind": "book", "tags": ["b", "a", "b"]}, {"name": "x", "price": 1, "kind": "pen"}]}"""


def check_models():
    order = Order.model_validate_json(TEXT)
    assert order.total == decimal.Decimal("13.50") and order.items[0].name == "Atlas" and order.items[0].tags == {"a", "b"}
    assert order == Order.model_validate(json.loads(TEXT)) and order.note == "ž" and order.made.tzinfo is not None
    dumped = order.model_dump(mode="json", by_alias=True)
    assert dumped["total"] == "13.50" and dumped["made"] == "2024-02-29T12:00:00Z" and dumped["remark"] == "ž"
    again = Order.model_validate_json(order.model_dump_json(by_alias=True, exclude={"total"}))
    assert again == order and again.model_copy(update={"note": None}) != order
    assert PETS.validate_python([{"pet": "dog", "friends": [{"pet": "cat", "lives": "9"}]}])[0].friends[0].lives == 9
    assert Page[int](values=["1", 2]).values == (1, 2) and Page[int].__name__ == "Page[int]"
    schema = Order.model_json_schema()
    assert schema["properties"]["email"]["format"] == "email" and schema["$defs"]["Kind"]["enum"] == ["book", "pen"]
    assert pydantic.create_model("Made", size=(int, 3))().size == 3

    @pydantic.validate_call
    def double(number: typing.Annotated[int, Field(ge=0)]) -> int:
        return 2 * number

    assert double("4") == 8


def check_errors():
    wrong = json.loads(TEXT)
    wrong["items"][0] = {"name": "", "price": "-1", "kind": "cup", "size": 1}
    wrong |= {"email": "nobody", "made": "yesterday"}
    try:
        Order.model_validate(wrong)
    except pydantic.ValidationError as error:
        found = {(".".join(map(str, part["loc"])), part["type"]) for part in error.errors()}
        assert found == {
            ("made", "datetime_from_date_parsing"), ("email", "value_error"), ("items.0.name", "string_too_short"),
            ("items.0.price", "greater_than"), ("items.0.kind", "enum"), ("items.0.size", "extra_forbidden")}, found
        assert "6 validation errors for Order" in str(error)
    else:
        raise AssertionError("a wrong order")
    for call, kind in (
        (lambda: Order.model_validate_json("[1"), "json_invalid"),
        (lambda: setattr(Item(name="a", price=1, kind="pen"), "name", "b"), "frozen_instance"),
        (lambda: PETS.validate_python([{"pet": "fish"}]), "union_tag_invalid"),
    ):
        try:
            call()
        except pydantic.ValidationError as error:
            assert error.errors()[0]["type"] == kind, error
            continue
        raise AssertionError(kind)


def check_settings():
    os.environ |= {"SHOP_DEBUG": "yes", "SHOP_LIMITS__A": "3"}
    settings = Settings()
    assert settings.debug and settings.limits == {"a": 3}


def check():
    check_models()
    check_errors()
    check_settings()
