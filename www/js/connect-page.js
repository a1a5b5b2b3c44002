// What the vendors' screens to connect by share: their frame, the sandbox's choices, and trying.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { problem } from "./problem.js";
import { isAbort } from "./work.js";

/** True on this computer, where nobody else can open the page and read a key out of it. */
export function onLoopback() {
  const { hostname } = location;
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** `notice` is what there is to say before anything else. */
export function connectPage({ title, text, vendorSwitch, notice }, ...cards) {
  return h(
    "div",
    { class: "connect" },
    h(
      "div",
      { class: "connect-head" },
      h("img", { src: "img/icon.svg", alt: "", width: 40, height: 40 }),
      h("h1", { tabindex: -1 }, title),
      h("p", { class: "muted" }, text),
    ),
    vendorSwitch,
    notice,
    cards,
  );
}

export function card({ id, title, symbol }, ...content) {
  return h(
    "section",
    { class: "card", "aria-labelledby": id },
    h("div", { class: "card-head" }, icon(symbol), h("h2", { id }, title)),
    content,
  );
}

/** A large button with a line about what it does; `act` gets the button. */
function choice(title, text, act) {
  const button = h(
    "button",
    { type: "button", class: "choice", on: { click: () => act(button) } },
    h("span", { class: "choice-text" }, h("strong", null, title), h("span", null, text)),
    icon("chevronRight"),
  );
  return button;
}

/** The card to try the sandbox by. `connect(who)` connects as the administrator or as an ordinary user. */
export function sandboxCard(connect, { signal, onConnected }) {
  const failure = h("div", { class: "connect-problem" });
  const as = (who) => (button) => {
    fill(failure);
    attempt(button, () => connect(who), {
      signal,
      done: onConnected,
      onError: (error) => fill(failure, problem(error, { title: "No sandbox answers here" })),
    });
  };
  return card(
    { id: "sandbox-title", title: "Try it on the sandbox", symbol: "flask" },
    h(
      "div",
      { class: "choices" },
      choice("As an administrator", "May change everything", as("admin")),
      choice("As an ordinary user", "To see what is refused", as("user")),
    ),
    failure,
  );
}

/** A few radio buttons as one control. `options` are `[input, label]`. */
export function segments(legend, options) {
  return h(
    "fieldset",
    { class: "segments" },
    h("legend", { class: "visually-hidden" }, legend),
    options.map(([input, label]) => h("label", null, input, h("span", null, label))),
  );
}

/** Runs `connect` with `button` busy, then `done`; errors go to `onError`. */
export async function attempt(button, connect, { signal, done, onError, busy = "Connecting…" }) {
  if (button.getAttribute("aria-disabled")) return;
  const label = [...button.childNodes];
  fill(button, h("span", { class: "spinner", "aria-hidden": "true" }), busy);
  button.setAttribute("aria-disabled", "true");
  try {
    await connect();
    done();
  } catch (error) {
    if (!isAbort(error, signal)) onError(error);
  } finally {
    fill(button, label);
    button.removeAttribute("aria-disabled");
  }
}

/** Keeps in `form` what is filled in, so that it is still there after a look at the other vendor. */
export function remember(form, controls) {
  for (const [name, control] of Object.entries(controls)) {
    const property = /^(checkbox|radio)$/.test(control.type) ? "checked" : "value";
    if (Object.hasOwn(form, name)) control[property] = form[name];
    const keep = () => (form[name] = control[property]);
    control.addEventListener("input", keep);
    control.addEventListener("change", keep);
  }
}
