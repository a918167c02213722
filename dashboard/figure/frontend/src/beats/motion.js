// Motion of this drawing: a frame after the other until a share of 1; with reduced motion the end at once.

const STILL = "(prefers-reduced-motion: reduce)";

/** One motion at a time. */
export function createMotion() {
  let frame = 0;
  let speed = 1;

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
  }

  /**
   * @param {number} duration ms at speed 1
   * @param {(share: number) => void} draw
   */
  function run(duration, draw) {
    stop();
    if (matchMedia(STILL).matches) return draw(1);
    const begun = performance.now();
    const tick = (/** @type {number} */ now) => {
      const share = Math.min(1, Math.max(0, ((now - begun) * speed) / duration));
      frame = share < 1 ? requestAnimationFrame(tick) : 0;
      draw(share);
    };
    frame = requestAnimationFrame(tick);
  }

  return {
    run,
    stop,
    get running() {
      return frame !== 0;
    },
    get speed() {
      return speed;
    },
    set speed(value) {
      speed = value;
    },
  };
}
