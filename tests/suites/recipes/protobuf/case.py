import copy
import pickle

from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, duration_pb2, json_format, message
from google.protobuf import message_factory, struct_pb2, text_format, timestamp_pb2, unknown_fields
from google.protobuf.internal import api_implementation

FILE = """
name: "case.proto" package: "case" syntax: "proto3" dependency: "google/protobuf/timestamp.proto"
enum_type { name: "Kind" value { name: "NONE" number: 0 } value { name: "SOME" number: 5 } }
message_type {
  name: "Item"
  field { name: "id" number: 1 type: TYPE_INT64 label: LABEL_OPTIONAL }
  field { name: "name" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
  field { name: "sizes" number: 3 type: TYPE_SINT32 label: LABEL_REPEATED }
  field { name: "items" number: 4 type: TYPE_MESSAGE type_name: ".case.Item" label: LABEL_REPEATED }
  field { name: "kind" number: 5 type: TYPE_ENUM type_name: ".case.Kind" label: LABEL_OPTIONAL }
  field { name: "at" number: 6 type: TYPE_MESSAGE type_name: ".google.protobuf.Timestamp" label: LABEL_OPTIONAL }
  field { name: "counts" number: 7 type: TYPE_MESSAGE type_name: ".case.Item.CountsEntry" label: LABEL_REPEATED }
  field { name: "text" number: 8 type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0 }
  field { name: "number" number: 9 type: TYPE_DOUBLE label: LABEL_OPTIONAL oneof_index: 0 }
  oneof_decl { name: "value" }
  nested_type {
    name: "CountsEntry" options { map_entry: true }
    field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "value" number: 2 type: TYPE_UINT64 label: LABEL_OPTIONAL }
  }
}
"""


def check():
    assert api_implementation.Type() == "upb"
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(text_format.Parse(FILE, descriptor_pb2.FileDescriptorProto()))
    Item = message_factory.GetMessageClass(pool.FindMessageTypeByName("case.Item"))
    assert Item(id=150).SerializeToString() == b"\x08\x96\x01"
    item = Item(id=-(2**62), name="é", sizes=[1, -1, 300], items=[Item(name="inner")], kind=5, number=2.5)
    item.counts["a"] = 2**64 - 1
    item.at.FromJsonString("2024-02-29T12:00:00.5Z")
    again = Item.FromString(item.SerializeToString(deterministic=True))
    assert again == item and again.WhichOneof("value") == "number" and again.HasField("at")
    assert again.items[0].name == "inner"
    again.text = "x"
    assert again.number == 0 and again != item and list(again.sizes) == [1, -1, 300] and again.sizes[-1] == 300
    value = json_format.MessageToDict(item)
    assert value["id"] == str(-(2**62)) and value["kind"] == "SOME" and value["at"] == "2024-02-29T12:00:00.500Z"
    assert json_format.ParseDict(value, Item()) == item == copy.deepcopy(item)
    assert text_format.Parse(text_format.MessageToString(item, as_utf8=True), Item()) == item
    (unknown,) = unknown_fields.UnknownFieldSet(Item.FromString(b"\x98\x06\x07"))
    assert (unknown.field_number, unknown.data) == (99, 7)
    merged = Item(sizes=[1])
    merged.MergeFrom(Item(sizes=[2], name="n"))
    assert merged == Item(sizes=[1, 2], name="n") and merged.ByteSize() == len(merged.SerializeToString())
    wrapped = any_pb2.Any()
    wrapped.Pack(duration_pb2.Duration(seconds=90))
    assert wrapped.Is(duration_pb2.Duration.DESCRIPTOR) and pickle.loads(pickle.dumps(wrapped)) == wrapped
    structure = struct_pb2.Struct()
    structure.update({"a": [1, None, {"b": "c"}]})
    assert json_format.MessageToDict(structure) == {"a": [1, None, {"b": "c"}]}
    for wrong in (
        lambda: Item(id="1"), lambda: Item.FromString(b"\x0a\xff"), lambda: Item(other=1), lambda: Item(id=2**63),
    ):
        try:
            wrong()
        except (TypeError, ValueError, message.DecodeError):
            continue
        raise AssertionError("it is no item")
