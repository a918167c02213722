// A button that prints the page.

/** @param {{data: string, parentElement: HTMLElement | ShadowRoot}} mounted */
export default function mount({ data, parentElement }) {
  if (parentElement.querySelector("button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = data;
  button.addEventListener("click", () => window.print());
  parentElement.append(button);
}
