// Hands what a run sends over to the page together. It comes in a dozen messages while the script still works, and
// Streamlit draws the whole page anew after every few of them; what was asked for comes last and waits for all that.
(() => {
  const HOLD = 40; // ms from a run's first message; what a longer run sends later is handed over as it comes
  const LARGEST = 8192; // bytes of a message that says that a run begins or ends
  // Numbers of fields in Streamlit's protocol: two of a ForwardMsg, and one of a SessionStatus.
  const NEW_SESSION = 4;
  const SESSION_STATUS_CHANGED = 9;
  const SCRIPT_IS_RUNNING = 2;

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    /** @param {ConstructorParameters<typeof Native>} given */
    constructor(...given) {
      super(...given);
      gather(this);
    }
  };

  /** @param {WebSocket} socket */
  function gather(socket) {
    /** @type {unknown[] | null} */
    let held = null; // null where nothing is held back
    let handing = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    function hand() {
      clearTimeout(timer);
      const messages = held ?? [];
      held = null;
      handing = true;
      for (const data of messages) socket.dispatchEvent(new MessageEvent("message", { data }));
      handing = false;
    }

    // Ours are the first listeners; the page adds its own later.
    socket.addEventListener("message", (event) => {
      if (handing) return;
      const told = tells(event.data);
      if (told === "begins" && !held) {
        held = [];
        timer = setTimeout(hand, HOLD);
      }
      if (!held) return;
      event.stopImmediatePropagation();
      held.push(event.data);
      if (told === "ends") hand();
    });
    socket.addEventListener("close", hand);
  }

  /**
   * Whether a message says that a run begins or ends; "" for any other.
   * @param {unknown} data
   */
  function tells(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength > LARGEST) return "";
    const found = fields(new Uint8Array(data));
    if (found.has(NEW_SESSION)) return "begins";
    const status = found.get(SESSION_STATUS_CHANGED);
    return status instanceof Uint8Array && !fields(status).get(SCRIPT_IS_RUNNING) ? "ends" : "";
  }

  /**
   * The fields of a protocol buffer by number: lengths of bytes, and whole numbers. Nothing else stands beside these.
   * @param {Uint8Array} bytes
   */
  function fields(bytes) {
    /** @type {Map<number, number | Uint8Array>} */
    const found = new Map();
    let at = 0;
    const whole = () => {
      let value = 0;
      for (let factor = 1; at < bytes.length; factor *= 128) {
        const byte = bytes[at++];
        value += (byte & 127) * factor;
        if (byte < 128) break;
      }
      return value;
    };
    while (at < bytes.length) {
      const tag = whole();
      const kind = tag & 7;
      if (kind !== 0 && kind !== 2) break;
      const value = whole();
      found.set(tag >> 3, kind === 0 ? value : bytes.subarray(at, at + value));
      if (kind === 2) at += value;
    }
    return found;
  }
})();
