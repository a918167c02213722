// A server without room for a page that has just been sent closes its connection with "try again later". Streamlit's
// page would try again for ever without a word; asked for anew, the server answers with a page that says why.
(() => {
  const Plain = window.WebSocket;
  const LATER = 1013;
  let begun = false;
  window.WebSocket = class extends Plain {
    /**
     * @param {string | URL} url
     * @param {string | string[]} [protocols]
     */
    constructor(url, protocols) {
      super(url, protocols);
      this.addEventListener("message", () => (begun = true));
      this.addEventListener("close", ({ code }) => {
        if (!begun && code === LATER) setTimeout(() => location.reload(), 1000 + 2000 * Math.random());
      });
    }
  };
})();
