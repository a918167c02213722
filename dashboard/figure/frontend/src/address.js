// What the learner chose, in the page's address: a link opens the same choice.

/**
 * What was written here. The server knows the address as it was when it wrote it last, and would take later choices back
 * with what it writes next.
 * @type {{path: string, parameters: Map<string, string | number | null>}}
 */
const written = { path: "", parameters: new Map() };

/**
 * Null takes a parameter away. Into the entry of the browser's history that is there: choosing is no way to go back.
 * @param {Record<string, string | number | null>} parameters
 */
export function writeAddress(parameters) {
  if (written.path !== location.pathname) written.parameters.clear();
  written.path = location.pathname;
  for (const [name, value] of Object.entries(parameters)) written.parameters.set(name, value);
  write(parameters);
}

/** @param {Record<string, string | number | null>} parameters */
function write(parameters) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, String(value));
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

/**
 * After the server has written the address: what was chosen here stands in it again. Another page's address is its own,
 * and so is one that the browser's history brings back.
 * @param {NavigationCurrentEntryChangeEvent} change
 */
function stand({ navigationType }) {
  if (navigationType === "traverse" || written.path !== location.pathname) written.parameters.clear();
  else if (navigationType) write(Object.fromEntries(written.parameters));
}
globalThis.navigation?.addEventListener("currententrychange", stand); // the oldest browsers in use have none

/**
 * The step that the address asks for, if it asks for one. The server reads the address when the page is opened; the
 * browser's history brings back another one without asking it.
 * @param {string} [name] what it is called there
 * @returns {number | undefined}
 */
export const stepInAddress = (name = "t") => numberInAddress(name);

/** The beat of a lesson that the address asks for, likewise. */
export const beatInAddress = () => numberInAddress("beat");

/**
 * What the address says under a name; "" where it says nothing.
 * @param {string} name
 */
export const textInAddress = (name) => new URL(location.href).searchParams.get(name) ?? "";

/** @param {string} name */
function numberInAddress(name) {
  const text = textInAddress(name);
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;
}
