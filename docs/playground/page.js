// The page: what it shows, and what its buttons do.

import { Editor } from "./editor.js";
import { EXAMPLES } from "./examples.js";
import { lines, span } from "./highlight.js";
import { Machine, load } from "./machine.js";

const element = (id) => document.getElementById(id);
const editor = new Editor(element("source"), element("lines"), { onRun: run });
let machine;

offerExamples();
showSources();
element("run").addEventListener("click", run);
element("stop").addEventListener("click", () => machine.stop());
await begin();

function offerExamples() {
  const choice = element("examples");
  choice.append(...EXAMPLES.map(({ title }, place) => new Option(title, place)));
  const take = () => {
    editor.source = EXAMPLES[choice.value].source;
    editor.mark();
  };
  choice.addEventListener("change", take);
  take();
}

/** The component's own sources, as they are in it. */
function showSources() {
  for (const place of document.querySelectorAll("[data-source]")) {
    const { source, language } = place.dataset;
    fetch(source)
      .then((response) => (response.ok ? response.text() : `${source} is missing`))
      .then((text) => place.replaceChildren(...lines(text.trimEnd(), language)));
  }
}

async function begin() {
  try {
    const { modules, size, compressed } = await load(showProgress);
    show("size", megabytes(compressed), `${megabytes(size)} unpacked`);
    machine = new Machine(modules);
    show("python", await machine.ready, "CPython, for WASI");
  } catch (error) {
    say("failed", `The component cannot be loaded: ${error.message}`);
    throw error;
  }
  element("run").disabled = false;
  await run();
}

function showProgress(loaded, total) {
  element("progress").value = loaded / total;
  say("loading", `Loading the component: ${megabytes(loaded)} of ${megabytes(total)}`);
}

async function run() {
  if (!machine || machine.isRunning || element("run").disabled) return;
  const output = element("output");
  output.replaceChildren();
  editor.mark();
  show("time", "–", "this program");
  setRunning(true);
  const begun = performance.now();
  const tick = setInterval(() => say("running", `Running for ${seconds(performance.now() - begun)}`), 100);
  say("running", "Running");
  const listeners = {
    onStart: (milliseconds) => show("start", duration(milliseconds), "made for this run"),
    onOutput: (parts) => print(output, parts),
  };
  const outcome = await machine.run(editor.source, listeners).catch(ofWorker);
  clearInterval(tick);
  setRunning(false);
  conclude(output, outcome, performance.now() - begun);
}

/** The outcome of a run for which there is no worker. */
function ofWorker(error) {
  return { failure: { traceback: `The worker cannot be started: ${error.message}\n` }, milliseconds: 0 };
}

function setRunning(isRunning) {
  // The focus stays where it can be used.
  const [from, to] = isRunning ? ["run", "stop"] : ["stop", "run"];
  const hasFocus = document.activeElement === element(from);
  element(to).disabled = false;
  if (hasFocus) element(to).focus();
  element(from).disabled = true;
}

function print(output, parts) {
  const isAtEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 8;
  for (const [stream, text] of parts) {
    const last = output.lastElementChild;
    if (last?.className === stream) last.append(text);
    else output.append(span(stream, text));
  }
  if (isAtEnd) output.scrollTop = output.scrollHeight;
}

function conclude(output, { isStopped, value, failure, milliseconds }, waited) {
  if (isStopped) {
    show("time", seconds(waited), "stopped");
    say("stopped", `Stopped after ${seconds(waited)}`);
    return;
  }
  show("time", duration(milliseconds), "this program");
  if (failure) {
    output.append(traceback(failure.traceback));
    output.scrollTop = output.scrollHeight;
    editor.mark(failure.line);
    say("failed", failure.line ? `Failed in line ${failure.line}` : "Failed");
    return;
  }
  if (value) {
    const row = span("value", "");
    row.append(span("kind", value.kind), span("text", value.text));
    output.append(row);
    // A long one is read from its beginning.
    output.scrollTop = row.offsetTop - output.offsetTop;
  }
  say("done", "Done");
}

/** A traceback, of which the exceptions themselves stand out. */
function traceback(text) {
  const block = span("traceback", "");
  for (const line of text.split(/(?<=\n)/)) block.append(line.startsWith(" ") ? line : span("exception", line));
  return block;
}

/** A figure of the line below, with a note. */
function show(name, figure, note) {
  const place = element(name);
  place.querySelector("dd").textContent = figure;
  place.querySelector(".note").textContent = note;
}

/** What is happening. */
function say(state, text) {
  element("status").textContent = text;
  document.body.dataset.state = state;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function duration(milliseconds) {
  if (milliseconds >= 1000) return seconds(milliseconds);
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
