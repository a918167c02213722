// Motion in steps: each has its share from 0 to 1, or with reduced motion stands for as long as it would take.

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** One motion at a time. */
export function createMotion() {
  let stop = () => {};
  let running = false;
  let rate = 1;

  function end() {
    stop();
    running = false;
  }

  /**
   * @param {number} count of steps
   * @param {number} duration ms of each at rate 1
   * @param {(step: number, share: number) => void} draw
   * @param {() => void} ended
   * @param {boolean} [smooth] whether it is drawn between its steps
   */
  function run(count, duration, draw, ended, smooth = false) {
    end();
    running = true;
    let past = 0; // ms at rate 1
    let last = performance.now();
    let handle = 0;
    const still = STILL.matches;
    const next = still ? () => (handle = window.setTimeout(() => tick(performance.now()), 60)) : () => (handle = requestAnimationFrame(tick));
    stop = () => (still ? clearTimeout(handle) : cancelAnimationFrame(handle));
    let drawn = -1;
    const tick = (/** @type {number} */ now) => {
      past += Math.max(0, now - last) * rate;
      last = now;
      const at = Math.min(count - 1, Math.floor(past / duration));
      if (past >= count * duration) {
        running = false;
        return ended();
      }
      if (smooth && !still) draw(at, past / duration - at);
      else if (at !== drawn) draw(at, 1);
      drawn = at;
      next();
    };
    next();
  }

  return {
    run,
    stop: end,
    get running() {
      return running;
    },
    get rate() {
      return rate;
    },
    set rate(value) {
      rate = value;
    },
  };
}
