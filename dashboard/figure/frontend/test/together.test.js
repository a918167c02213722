import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** A socket that nobody is at the other end of. */
class Socket extends EventTarget {
  /** @param {string} address */
  constructor(address) {
    super();
    this.address = address;
  }
}

Object.assign(globalThis, { window: globalThis, WebSocket: Socket });
await import(new URL("../../../kit/together.js", import.meta.url).href);

/** @type {(field: number, bytes: number[]) => number[]} */
const group = (field, bytes) => [field * 8 + 2, ...(bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, Math.floor(bytes.length / 128)]), ...bytes];
const HASH = group(1, [1, 2, 3]);
const BEGINS = [...HASH, ...group(2, [8, 0]), ...group(4, Array(300).fill(10))];
const RUNS = group(9, [8, 0, 16, 1]);
const ENDS = group(9, []);
const ENDS_TOO = group(9, [8, 1, 16, 0]);
const DRAWS = [...HASH, ...group(5, [10, 0])];
const LARGE = [...group(4, Array(9000).fill(0))];

/** @type {EventTarget} */
let socket;
/** @type {unknown[]} */
let got;

beforeEach(() => {
  socket = new WebSocket("ws://localhost");
  got = [];
  socket.addEventListener("message", (event) => got.push(.../** @type {MessageEvent} */ (event).data instanceof ArrayBuffer ? [[...new Uint8Array(/** @type {MessageEvent} */ (event).data)]] : [/** @type {MessageEvent} */ (event).data]));
});

/** @param {(number[] | string)[]} messages */
function arrive(...messages) {
  for (const data of messages) socket.dispatchEvent(new MessageEvent("message", { data: typeof data === "string" ? data : new Uint8Array(data).buffer }));
}

for (const [end, name] of /** @type {const} */ ([[ENDS, "that says nothing else"], [ENDS_TOO, "that says more"]])) {
  test(`a run is handed over at its end, in its order, by a message ${name}`, () => {
    arrive(BEGINS, RUNS, DRAWS, LARGE);
    assert.deepEqual(got, []);
    arrive(end);
    assert.deepEqual(got, [BEGINS, RUNS, DRAWS, LARGE, end]);
  });
}

test("what comes outside of runs is handed over at once", () => {
  arrive(DRAWS, "words");
  assert.deepEqual(got, [DRAWS, "words"]);
  arrive(BEGINS, ENDS, DRAWS);
  assert.deepEqual(got, [DRAWS, "words", BEGINS, ENDS, DRAWS]);
});

test("a run that takes longer is handed over as it comes, and the next one together again", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  socket = new WebSocket("ws://localhost");
  socket.addEventListener("message", (event) => got.push([...new Uint8Array(/** @type {MessageEvent} */ (event).data)]));
  arrive(BEGINS, RUNS);
  context.mock.timers.tick(39);
  assert.deepEqual(got, []);
  context.mock.timers.tick(1);
  assert.deepEqual(got, [BEGINS, RUNS]);
  arrive(DRAWS, ENDS);
  assert.equal(got.length, 4);
  arrive(BEGINS, DRAWS);
  assert.equal(got.length, 4);
  arrive(ENDS);
  assert.equal(got.length, 7);
  context.mock.timers.tick(1000);
  assert.equal(got.length, 7);
});

test("a run that begins again before it has ended stays together", () => {
  arrive(BEGINS, DRAWS, BEGINS, DRAWS);
  assert.deepEqual(got, []);
  arrive(ENDS);
  assert.equal(got.length, 5);
});

test("what was held back is handed over before the page hears that the connection is closed", () => {
  socket.addEventListener("close", () => got.push("closed"));
  arrive(BEGINS, DRAWS);
  socket.dispatchEvent(new Event("close"));
  assert.deepEqual(got, [BEGINS, DRAWS, "closed"]);
});

test("bytes that are no message of Streamlit's pass", () => {
  const nonsense = [[], [255], [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], [13, 1, 2, 3, 4], [10, 200], [74]];
  arrive(...nonsense);
  assert.equal(got.length, 6);
});
