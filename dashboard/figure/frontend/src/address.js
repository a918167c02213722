// What the learner chose, in the page's address: a link opens the same choice.

/**
 * Null takes a parameter away. Into the entry of the browser's history that is there: choosing is no way to go back.
 * @param {Record<string, string | number | null>} parameters
 */
export function writeAddress(parameters) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, String(value));
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

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
