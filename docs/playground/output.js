// What a program prints, on its way from the worker to the page.

/** How many characters of a run are shown. */
export const LIMIT = 500_000;

/** How many parts go out at once, before they are gathered, so that a flood of lines does not bury the page. */
const AT_ONCE = 200;

/** For how many milliseconds they are gathered then. */
const GATHERED = 40;

export class Output {
  #send;
  #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #parts = [];
  #characters = 0;
  #sent = 0;
  #last = 0;

  /** `send` is given a list of parts, each a stream's name and a text. */
  constructor(send) {
    this.#send = send;
  }

  write(stream, bytes) {
    if (this.#characters >= LIMIT) return;
    const text = this.#decoders[stream].decode(bytes, { stream: true }).slice(0, LIMIT - this.#characters);
    this.#characters += text.length;
    this.#parts.push([stream, text]);
    if (this.isFull) this.#parts.push(["note", `\n… the rest is left out: this is ${LIMIT.toLocaleString("en")} characters`]);
    if (this.#sent < AT_ONCE || performance.now() - this.#last > GATHERED) this.flush();
  }

  get isFull() {
    return this.#characters >= LIMIT;
  }

  flush() {
    if (this.#parts.length === 0) return;
    this.#send(this.#parts);
    this.#parts = [];
    this.#sent += 1;
    this.#last = performance.now();
  }
}
