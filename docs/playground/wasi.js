// What the component imports: WASI for browsers, with clocks that let a worker wait, as threads do.

import { createCli } from "./made/wasi/cli.js";
import { monotonicClock, wallClock } from "./made/wasi/clocks.js";
import { InMemoryFilesystemAdapter, createFilesystem } from "./made/wasi/filesystem.js";
import * as io from "./made/wasi/io.js";
import { random } from "./made/wasi/random.js";
import * as sockets from "./made/wasi/sockets.js";

/** WASI for one instance. What is printed goes to `write(stream, bytes)`; `idle()` is called before each time it waits. */
export function wasi({ write, idle }) {
  const printer = (stream) => ({ write: (bytes) => write(stream, bytes) });
  const cli = createCli({ stdout: printer("stdout"), stderr: printer("stderr") });
  const files = createFilesystem({ adapter: new InMemoryFilesystemAdapter(), preopens: {} });
  return {
    "wasi:cli/environment": cli.environment,
    "wasi:cli/exit": cli.exit,
    "wasi:cli/stderr": cli.stderr,
    "wasi:cli/stdin": cli.stdin,
    "wasi:cli/stdout": cli.stdout,
    "wasi:cli/terminal-input": cli.terminalInput,
    "wasi:cli/terminal-output": cli.terminalOutput,
    "wasi:cli/terminal-stderr": cli.terminalStderr,
    "wasi:cli/terminal-stdin": cli.terminalStdin,
    "wasi:cli/terminal-stdout": cli.terminalStdout,
    "wasi:clocks/monotonic-clock": { ...monotonicClock, ...timers(idle) },
    "wasi:clocks/wall-clock": wallClock,
    "wasi:filesystem/preopens": files.preopens,
    "wasi:filesystem/types": files.types,
    "wasi:io/error": io.error,
    "wasi:io/poll": { Pollable: io.poll.Pollable, poll: (pollables) => poll(pollables, idle) },
    "wasi:io/streams": io.streams,
    "wasi:random/random": random,
    "wasi:sockets/instance-network": sockets.instanceNetwork,
    "wasi:sockets/ip-name-lookup": sockets.ipNameLookup,
    "wasi:sockets/network": sockets.network,
    "wasi:sockets/tcp": sockets.tcp,
    "wasi:sockets/tcp-create-socket": sockets.tcpCreateSocket,
    "wasi:sockets/udp": sockets.udp,
    "wasi:sockets/udp-create-socket": sockets.udpCreateSocket,
  };
}

/** The clock's pollables. The shim's own are waited for by promises, for which the stack of the component has to be switched. */
function timers(idle) {
  const timer = (end) => {
    const ready = () => performance.now() >= end;
    const block = () => void poll([{ ready, end }], idle);
    return Object.assign(io.pollableCreate({ ready, wait: () => Promise.resolve() }), { end, block });
  };
  const milliseconds = (nanoseconds) => Number(nanoseconds) / 1e6;
  return {
    subscribeDuration: (duration) => timer(performance.now() + milliseconds(duration)),
    subscribeInstant: (instant) => timer(milliseconds(instant)),
  };
}

/** The places of those pollables that are ready, as soon as one is. All but timers always are. */
function poll(pollables, idle) {
  for (;;) {
    const places = [...pollables.keys()].filter((place) => pollables[place].ready());
    if (places.length > 0) return new Uint32Array(places);
    idle();
    sleep(Math.min(...pollables.map(({ end }) => end ?? Infinity)) - performance.now());
  }
}

/** Of a memory that is shared with nobody: pages may have one without the headers that a `SharedArrayBuffer` asks for. */
const cell = new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer, 0, 1);

function sleep(milliseconds) {
  Atomics.wait(cell, 0, 0, Math.max(0, milliseconds));
}
