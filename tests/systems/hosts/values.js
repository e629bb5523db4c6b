// The values of a table of calls (tests/support/table.rs), as jco has them, and back.

const ARRAYS = {
  u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, u64: BigUint64Array,
  s8: Int8Array, s16: Int16Array, s32: Int32Array, s64: BigInt64Array,
  f32: Float32Array, f64: Float64Array,
};

const view = new DataView(new ArrayBuffer(8));

export function camel(name) {
  return name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/** Whether `undefined` is a value of the type: an option of such a type is an object with a tag. */
function isNullable(type) {
  return type?.option !== undefined && !isNullable(type.option);
}

/** A value of the table in the form that jco takes. */
export function decode(type, json) {
  if (typeof type === "string") {
    return scalar(type, json);
  }
  const [[kind, inner]] = Object.entries(type);
  const payload = (type, json) => (type === null ? undefined : decode(type, json));
  switch (kind) {
    case "list": {
      const items = json.map((item) => decode(inner, item));
      return ARRAYS[inner] ? ARRAYS[inner].from(items) : items;
    }
    case "map":
      return new Map(json.map(([key, value]) => [decode(inner[0], key), decode(inner[1], value)]));
    case "record":
      return Object.fromEntries(inner.map(([name, field], place) => [camel(name), decode(field, json[place])]));
    case "tuple":
      return inner.map((item, place) => decode(item, json[place]));
    case "variant": {
      const [tag, value] = json;
      return { tag, val: payload(new Map(inner).get(tag), value) };
    }
    case "enum":
      return json;
    case "option": {
      const value = json === null ? undefined : decode(inner, json[0]);
      return isNullable(inner) ? (json === null ? { tag: "none" } : { tag: "some", val: value }) : value;
    }
    case "result":
      return { tag: json[0], val: payload(inner[json[0] === "ok" ? 0 : 1], json[1]) };
    case "flags":
      return Object.fromEntries(inner.map((name) => [camel(name), json.includes(name)]));
  }
}

function scalar(type, json) {
  switch (type) {
    case "u64":
    case "s64":
      return BigInt(json);
    case "f32":
      view.setUint32(0, parseInt(json, 16));
      return view.getFloat32(0);
    case "f64":
      view.setBigUint64(0, BigInt(`0x${json}`));
      return view.getFloat64(0);
    default:
      return json;
  }
}

/** What jco gave, in the form of the table. */
export function encode(type, value) {
  if (typeof type === "string") {
    return scalarBack(type, value);
  }
  const [[kind, inner]] = Object.entries(type);
  const payload = (type, value) => (type === null ? null : encode(type, value));
  switch (kind) {
    case "list":
      return Array.from(value, (item) => encode(inner, item));
    case "map":
      return Array.from(value, ([key, item]) => [encode(inner[0], key), encode(inner[1], item)]);
    case "record":
      return inner.map(([name, field]) => encode(field, value[camel(name)]));
    case "tuple":
      return inner.map((item, place) => encode(item, value[place]));
    case "variant":
      return [value.tag, payload(new Map(inner).get(value.tag), value.val)];
    case "enum":
      return value;
    case "option":
      if (isNullable(inner)) {
        return value.tag === "none" ? null : [encode(inner, value.val)];
      }
      return value === undefined ? null : [encode(inner, value)];
    case "result":
      return [value.tag, payload(inner[value.tag === "ok" ? 0 : 1], value.val)];
    case "flags":
      return inner.filter((name) => value[camel(name)]);
  }
}

function scalarBack(type, value) {
  switch (type) {
    case "u64":
    case "s64":
      if (typeof value !== "bigint") throw new TypeError(`${typeof value} for ${type}`);
      return value.toString();
    case "f32":
      view.setFloat32(0, value);
      return view.getUint32(0).toString(16).padStart(8, "0");
    case "f64":
      view.setFloat64(0, value);
      return view.getBigUint64(0).toString(16).padStart(16, "0");
    default:
      return value;
  }
}
