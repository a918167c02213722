// What Streamlit is given as the component. The built file itself it would load anew for every change, by a script
// element whose event it waits for; a module that is written out it imports once.

const page = [...document.scripts].map((script) => script.src).find((address) => address.includes("/static/js/"));
const file = new URL("../../_stcore/bidi-components/@NAME@/@FILE@", page).href;

/** @type {((mounted: object) => unknown) | undefined} */
let mount;

/** @param {object} mounted */
export default async (mounted) => {
  mount ??= (await import(file)).default;
  return mount(mounted);
};
