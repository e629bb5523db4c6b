// The example echo: makes the calls of a table, with imports that give their arguments back.

import { camel, decode, encode } from "./values.js";

/** The imports, and what the component logs. */
export function imports(table) {
  const found = {};
  const log = [];
  for (const { interface: interfaceName, function: functionName, parameters, result } of table) {
    const name = unversioned(interfaceName);
    const echo = (...values) => {
      const value = parameters.length > 1 ? values : values[0];
      return result?.result ? returned(value) : value;
    };
    if (name === null) {
      found[functionName] = { default: echo };
    } else {
      found[name] ??= {};
      found[name][camel(functionName)] = echo;
    }
  }
  found.log = { default: (message) => void log.push(message) };
  found.inward = { echoTicket: (ticket) => ticket };
  return { found, log };
}

/** An interface's name without its version, as jco has it. */
function unversioned(name) {
  return name && name.replace(/@.*/, "");
}

/** A function's result as JavaScript has it: the value is returned, the error thrown. */
function returned({ tag, val }) {
  if (tag === "err") {
    throw Object.assign(new Error("an error of the table"), { payload: val });
  }
  return val;
}

/** Makes all calls; gives how many there were, and a line for each that gave something else back. */
export function run(component, table, log) {
  const differences = [];
  for (const call of table) {
    const functions = call.interface === null ? component : component[call.interface];
    const given = call.arguments.map((value, place) => decode(call.parameters[place], value));
    const expected = call.arguments.length > 1 ? call.arguments : call.arguments[0];
    let value;
    try {
      value = outcome(call.result, () => functions[camel(call.function)](...given));
    } catch (error) {
      differences.push(`${call.function}: ${error.message}`);
      continue;
    }
    const found = call.result === null ? undefined : encode(call.result, value);
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      differences.push(`${call.function}: gave ${JSON.stringify(expected)?.slice(0, 200)}, got ${JSON.stringify(found)?.slice(0, 200)}`);
    }
  }
  const own = [
    [component.join(["a", "蛇"], undefined), "a, 蛇"],
    [component.outward.echoReply({ tag: "accepted", val: 2n ** 64n - 1n }).val, 2n ** 64n - 1n],
    [component.outward.shout(["zwölf 🐍"]), 1],
    [log.join(), "ZWÖLF 🐍"],
  ];
  for (const [found, expected] of own) {
    if (found !== expected) differences.push(`expected ${expected}, found ${found}`);
  }
  return { calls: table.length + own.length, differences };
}

/** What a call gave: of a function that can fail, a result. */
function outcome(type, call) {
  if (!type?.result) {
    return call();
  }
  try {
    return { tag: "ok", val: call() };
  } catch (error) {
    if (!("payload" in error)) throw error;
    return { tag: "err", val: error.payload };
  }
}
