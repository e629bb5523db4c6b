// The example resources: the host's own resources, the component's checks of them, and the component's resources.

const DISPOSE = Symbol.dispose ?? Symbol.for("dispose");

/** What is alive of the host's resources. */
export const living = { counters: 0, things: 0 };

/** A resource of the host, which is dropped once. */
function resource(count) {
  return class {
    constructor() {
      living[count] += 1;
      this.dropped = false;
    }

    [DISPOSE]() {
      if (this.dropped) throw new Error("it was dropped twice");
      this.dropped = true;
      living[count] -= 1;
    }
  };
}

const drop = (thing) => thing[DISPOSE]();

class Counter extends resource("counters") {
  constructor(start) {
    super();
    this.number = start;
  }

  value() {
    return this.number;
  }

  add(by) {
    this.number += by;
    return this.number;
  }

  static join(a, b) {
    drop(a);
    drop(b);
    return new Counter(a.number + b.number);
  }

  static parse(text) {
    if (!/^[0-9]+$/.test(text)) {
      throw Object.assign(new Error(), { payload: `${text} is no number` });
    }
    return new Counter(Number(text));
  }
}

class Meter extends resource("counters") {
  static around(counter) {
    const meter = new Meter();
    meter.counter = counter;
    return meter;
  }

  show() {
    return String(this.counter.number);
  }

  [DISPOSE]() {
    super[DISPOSE]();
    drop(this.counter);
  }
}

class Thing extends resource("things") {
  constructor(text) {
    super();
    this.text = text;
  }

  get() {
    return this.text;
  }

  set(text) {
    this.text = text;
  }

  twin(really) {
    return really ? new Thing(this.text) : undefined;
  }

  same(other) {
    return this === other;
  }

  static join(a, b) {
    return new Thing(`${take(a)} and ${take(b)}`);
  }
}

class Token extends resource("things") {
  constructor(name) {
    super();
    this.text = name;
  }

  name() {
    return this.text;
  }

  static mint(count) {
    return Array.from({ length: count }, (_, number) => new Token(String(number)));
  }
}

/** The text of what the host owns from now on: it is gone afterwards. */
function take(thing) {
  drop(thing);
  return thing.text;
}

function everywhere(one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen) {
  const chosen = ({ tag, val }) => (tag === "owned" ? take(val) : tag === "lent" ? val.text : "nothing");
  const texts = [take(one.thing), two.thing.text, three.lent.text, take(three.owned), take(four[0])];
  texts.push(take(four[1].thing), five[0].text, chosen(six), chosen(seven), ...eight.map(take));
  texts.push(...nine.map((thing) => thing.text));
  if (ten) texts.push(take(ten));
  if (eleven) texts.push(eleven.text);
  if (twelve.tag === "ok") texts.push(take(twelve.val));
  texts.push(thirteen.tag === "ok" ? thirteen.val : thirteen.val.text);
  return { text: texts.join(" ") };
}

function back(text) {
  const [one, two, three, four, five, six] = [1, 2, 3, 4, 5, 6].map((number) => new Thing(`${text}${number}`));
  const nested = { tag: "some", val: five };
  return [{ thing: one }, { tag: "here", val: two }, [three, four], nested, { tag: "err", val: { thing: six } }];
}

function fail(text) {
  if (text === "") return [{ thing: new Thing("fine") }];
  throw Object.assign(new Error(), { payload: new Thing(text) });
}

/** The imports of the world. */
export const imports = {
  "example:resources/counters": {
    Counter,
    Meter,
    watch: (counter) => Meter.around(counter),
    sum: (counters) => counters.reduce((sum, counter) => sum + BigInt(counter.number), 0n),
    living: () => living.counters,
  },
  "example:resources/things": { Thing, everywhere, back, fail },
  "example:resources/aliases": { swap: (a, b) => [b.thing, { thing: a }] },
  spend: { default: (token) => `spent ${take(token)}` },
  token: { default: Token },
};

/** The component's own checks, then its resources from outside; gives how many expectations there were, and a line for each that failed. */
export function run(component) {
  const differences = [];
  let calls = 0;
  const expect = (what, found, expected) => {
    calls += 1;
    const [one, other] = [found, expected].map((value) => JSON.stringify(value));
    if (one !== other) differences.push(`${what}: expected ${other}, found ${one}`);
  };
  for (const name of component.checks()) {
    expect(name, failure(() => component.check(name)), undefined);
  }
  things(component["example:resources/things"], expect);
  gauges(component["example:resources/gauges"], expect);
  const token = new Token("lent");
  expect("read-token", component.readToken(token), "lent");
  expect("pass-token", component.passToken(token) === token, true);
  drop(token);
  const handle = new component.inline.Handle("text");
  expect("inline", handle.text(), "text");
  drop(handle);
  expect("what is left of the host's resources", living, { counters: 0, things: 0 });
  return { calls, differences };
}

/** The payload of a function's error. */
function failure(call) {
  try {
    call();
  } catch (error) {
    if ("payload" in error) return error.payload;
    throw error;
  }
}

function things({ Thing, back, fail }, expect) {
  const text = (thing) => {
    const text = thing.get();
    drop(thing);
    return text;
  };
  const thing = new Thing("a");
  thing.set("b");
  expect("no twin", thing.twin(false), undefined);
  expect("join", text(Thing.join(thing, new Thing("c"))), "b set and c made got");
  const [owner, found, shelf, ten, twelve] = back("n");
  const five = ten.val;
  const texts = [owner.thing, found.val, five, twelve.val.thing].map(text);
  expect("back", texts, [1, 2, 5, 6].map((number) => `n${number} got`));
  // They are moved, not dropped: in jco 1.35 the elements of a list share the function that drops the last one.
  expect("a list of things", text(Thing.join(...shelf)), "n3 and n4 got");
  expect("fail", text(failure(() => fail("broken"))), "broken got");
  expect("no failure", text(fail("")[0].thing), "fine got");
  expect("things after dropping all", living.things, 0);
}

function gauges({ Gauge, keep, give }, expect) {
  const [first, second] = [new Gauge(1.5), Gauge.make(2.5)];
  expect("make", failure(() => Gauge.make(-1)), "-1.0 is below zero");
  expect("level", first.level(), 1.5);
  const mark = first.mark();
  expect("a mark is the same object", first.isMine(mark), true);
  keep(first);
  drop(second);
  expect("gauges, one of them the component's own", Gauge.living(), 1);
  const given = give();
  expect("only one was kept", give(), undefined);
  drop(given);
  drop(mark);
  expect("gauges after dropping all", Gauge.living(), 0);
}
