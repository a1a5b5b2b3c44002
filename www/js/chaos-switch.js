// Switches the sandbox's faults on, and says as long as any is on.

import { announce } from "./announce.js";
import { chaos, MODES } from "./chaos.js";
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { opens } from "./popover.js";

/** Makes the `button` that opens the switches, and the `banner` that stands over the page while something is on. */
export function chaosSwitch() {
  const titleId = uniqueId("chaos");
  const value = h("span", { class: "tool-value" });
  const button = h(
    "button",
    { type: "button", class: "nav-link tool", hidden: true, "aria-haspopup": "dialog" },
    icon("bolt"),
    h("span", { class: "nav-label" }, "Chaos"),
    value,
  );
  const trouble = h("p", { class: "field-error", role: "alert" });
  const inputs = Object.entries(MODES).map(([name, { label, hint }]) => {
    const input = h("input", {
      type: "checkbox",
      class: "switch",
      role: "switch",
      on: { change: () => chaos.set({ [name]: input.checked }) },
    });
    return {
      name,
      input,
      element: h("label", { class: "chaos-mode" }, h("span", null, label, h("span", { class: "hint" }, hint)), input),
    };
  });
  const box = h(
    "div",
    { class: "popover chaos-box", popover: "auto", role: "dialog", "aria-labelledby": titleId },
    h("h2", { id: titleId }, "Chaos"),
    h("p", { class: "hint" }, "Has the sandbox answer as a vendor does on a bad day."),
    inputs.map(({ element }) => element),
    trouble,
  );
  const text = h("span", { class: "notice-text" });
  const off = h("button", { type: "button", class: "button tiny", on: { click: turnOff } }, "Turn off");
  const banner = h("aside", { class: "chaos-banner", "aria-label": "Chaos", hidden: true }, icon("bolt"), text, off);

  async function turnOff() {
    await chaos.end();
    if (!chaos.error) button.focus();
  }

  function draw() {
    const names = Object.keys(MODES).filter((name) => chaos.on.has(name));
    const labels = names.map((name) => MODES[name].label);
    button.hidden = !chaos.available;
    button.classList.toggle("is-on", names.length > 0);
    value.textContent = names.length === 0 ? "Off" : names.length === 1 ? "On" : `${names.length} on`;
    for (const { name, input } of inputs) input.checked = chaos.on.has(name);
    trouble.textContent = chaos.error ? `That was not changed. ${chaos.error.message}` : "";
    const before = text.textContent;
    fill(text, names.length > 0 && [h("strong", null, "Chaos is on"), `: ${labels.join(", ").toLowerCase()}`]);
    banner.hidden = names.length === 0;
    if (text.textContent !== before) announce(text.textContent || "Chaos is off");
  }

  opens(button, box);
  chaos.addEventListener("change", draw);
  draw();
  return { button: [button, box], banner };
}
