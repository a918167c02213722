// Sends what a page may not set itself to the server's route for it, which answers with a cookie that no script reads.
// Then it goes where the page says, or tells the page that it is done. With nothing to send it loads the page anew.

const sent = new Set();

/** @param {{ data: { name: string, send: Record<string, unknown>, to: string | null } | null, setTriggerValue: (name: string, value: string) => void }} component */
export default function ({ data, setTriggerValue }) {
  if (!data || sent.has(data.name)) return;
  sent.add(data.name);
  if (!Object.keys(data.send).length) {
    location.reload();
    return;
  }
  const host = /** @type {Window & { __streamlit?: { BACKEND_BASE_URL?: string } }} */ (window);
  const base = host.__streamlit?.BACKEND_BASE_URL ?? new URL(".", location.href).href;
  fetch(new URL("session", base), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(data.send),
  })
    .then((answer) => answer.json())
    .then(({ done }) => {
      if (done && data.to !== null) location.assign(new URL(data.to, base));
      else setTriggerValue("told", done ? "done" : "failed");
    })
    .catch(() => setTriggerValue("told", "failed"));
}
