// The example asynchronous: calls at once, a call that wakes another, a stream in each direction, and an import that is cancelled.

const ANSWERS = { Oslo: 4.5, Lima: 19, Cairo: 31.5 };

/** Whether WebAssembly can wait for JavaScript here. */
export const isPossible = "Suspending" in WebAssembly;

async function measure(place) {
  await new Promise((resolve) => setTimeout(resolve, 1));
  if (place === "Pluto") await new Promise(() => {});
  if (place in ANSWERS) return ANSWERS[place];
  throw Object.assign(new Error(), { payload: `there is no thermometer in ${place}` });
}

/** The imports of the world. */
export const imports = { "example:asynchronous/thermometers": { measure } };

async function* places() {
  yield* ["Lima", "Atlantis"];
  yield "Oslo";
}

/** Makes all calls; gives pairs of what was found and what was expected. */
export async function run({ alarm, follow, warmest }) {
  const lima = { place: "Lima", celsius: 19 };
  const cairo = { place: "Cairo", celsius: 31.5 };
  const calls = Array.from({ length: 10 }, () => warmest(["Oslo", "Atlantis", "Lima", "Pluto"], 500));
  const found = (await Promise.all(calls)).map((reading) => [reading, lima]);
  const none = await warmest(["Atlantis"], 500).catch((error) => error.payload);
  const [woken, other] = await Promise.all([alarm(30), warmest(["Cairo"], 500)]);
  const followed = [];
  for await (const { celsius } of await follow(places())) followed.push(celsius);
  return [
    ...found,
    [none, "no thermometer has answered"],
    [woken, cairo],
    [other, cairo],
    [followed.sort((one, other) => one - other), [4.5, 19]],
  ];
}
