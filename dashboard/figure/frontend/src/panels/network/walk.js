// The forward pass in motion: input and state set off, pass their weights, meet in the sum, and the state goes on.

/** @import { NetworkData } from "../../../types/payload.ts" */
/** @import { Way } from "./motion.js" */

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./view.js").Stage} Stage */

const THROUGH = 1; // seconds at single speed
const MEETING = 0.9;
const SQUEEZED = 0.5;
const ON = 0.4;

/**
 * @param {NetworkData} data
 * @param {() => Layout} place where all stands, which changes when a step comes into sight
 * @param {{first: number, last: number, told: (stage: Stage) => void}} steps
 * @param {{travel: (seconds: number, ways: Way[]) => Promise<void>, wait: (seconds: number) => Promise<void>}} play
 */
export async function walk(data, place, { first, last, told }, play) {
  for (let t = first; t <= last; t++) {
    told({ t, has: "nothing" });
    const at = place();
    const meeting = at.state - 18;
    const [input, state] = [data.x[t - 1], data.run.h[t - 1]];
    const before = t > 1 ? Math.max(at.card(t - 1) + at.box - 10, 8) : 8;
    await play.travel(THROUGH, [
      { values: input, role: "own", hollow: true, from: [at.x(t), at.input + 8], to: [at.x(t), at.inputs] },
      { values: state, role: "role-h", hollow: true, from: [t > at.first ? before : at.left(t), at.middle], to: [at.use(t), at.middle] },
    ]);
    told({ t, has: "parts" });
    await play.travel(MEETING, [
      { values: data.fromInput[t - 1], role: "own", from: [at.x(t), at.inputs], to: [at.x(t) + 24, meeting] },
      { values: data.run.fromState[t - 1], role: "role-h", from: [at.use(t), at.middle], to: [at.x(t) - 24, meeting] },
    ]);
    told({ t, has: "sum" });
    await play.wait(SQUEEZED);
    told({ t, has: "state" });
    await play.travel(ON, [{ values: data.run.h[t], role: "role-h", hollow: true, from: [at.x(t), at.middle], to: [at.card(t) + at.box + 6, at.middle] }]);
  }
}
