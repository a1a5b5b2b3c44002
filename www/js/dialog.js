// Modal dialogs on <dialog>: the browser keeps the focus inside, closes on Escape and gives the focus back.

import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { problem } from "./problem.js";
import { waiting } from "./waiting.js";
import { isAbort } from "./work.js";

const open = new Set();

/** Closes every dialog, and with it what it does: what it was about is left. */
export function closeDialogs() {
  for (const dialog of open) dialog.close();
}

/**
 * Opens a dialog with a form. `run` is called on submit and may be slow: the dialog stays open, busy, until it is
 * done, closes when it worked, and shows the problem when it did not. Closing the dialog aborts what `run` does.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {(Node|string)[]} options.body
 * @param {string|Node} options.confirm The label of the button that submits.
 * @param {string} [options.cancel] The label of the button that closes it.
 * @param {{label: string, choose: () => void}} [options.alternative] A third way out: `choose` is called, and the
 *   dialog closes.
 * @param {string} [options.kind] A class, for dialogs that need more room.
 * @param {boolean} [options.danger] True for what cannot be undone.
 * @param {string} [options.failure] The title of the problem: “The group was not created”.
 * @param {(signal: AbortSignal) => Promise<unknown>} [options.run]
 * @param {(error: Error) => boolean} [options.onError] Shows an error by itself and says true, next to a field.
 * @returns {Promise<boolean>} Whether it was confirmed and `run` worked.
 */
export function openDialog({
  title,
  body,
  confirm,
  cancel: cancelLabel = "Cancel",
  alternative,
  kind = "",
  danger,
  failure,
  run,
  onError,
}) {
  const opener = document.activeElement;
  const titleId = uniqueId("dialog");
  const work = new AbortController();
  const trouble = h("div", { class: "dialog-problem" });
  const waits = waiting(work.signal);
  const cancel = h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, cancelLabel);
  const submit = h("button", { type: "submit", class: `button ${danger ? "danger" : "primary"}` }, confirm);
  const other =
    alternative &&
    h(
      "button",
      {
        type: "button",
        class: "button",
        on: {
          click: () => {
            alternative.choose();
            dialog.close();
          },
        },
      },
      alternative.label,
    );
  const form = h(
    "form",
    { class: "dialog-form", novalidate: true },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: titleId }, title),
      h(
        "button",
        {
          type: "button",
          class: "button plain tiny icon-only",
          "aria-label": "Close",
          on: { click: () => dialog.close() },
        },
        icon("close"),
      ),
    ),
    h("div", { class: "dialog-body" }, body, trouble, waits.element),
    h("div", { class: "dialog-foot" }, cancel, other, submit),
  );
  const dialog = h("dialog", { class: `dialog ${kind}`, "aria-labelledby": titleId }, form);

  return new Promise((resolve) => {
    let confirmed = false;
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      fill(trouble);
      fill(submit, h("span", { class: "spinner", "aria-hidden": "true" }), confirm);
      submit.setAttribute("aria-disabled", "true");
      try {
        await run?.(waits.signal);
        confirmed = true;
        dialog.close();
      } catch (error) {
        if (isAbort(error, work.signal)) return;
        if (!onError?.(error)) fill(trouble, problem(error, { title: failure }));
      } finally {
        busy = false;
        fill(submit, confirm);
        submit.removeAttribute("aria-disabled");
      }
    });
    // A press on the backdrop lands on the dialog element itself, outside the form that fills it.
    dialog.addEventListener("pointerdown", (event) => {
      if (event.target === dialog && !busy) dialog.close();
    });
    dialog.addEventListener("close", () => {
      open.delete(dialog);
      work.abort();
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(confirmed);
    });
    open.add(dialog);
    document.body.append(dialog);
    dialog.showModal();
    const first =
      dialog.querySelector("[autofocus]") ??
      (danger ? cancel : dialog.querySelector(".dialog-body :is(input, select)"));
    (first ?? submit).focus();
  });
}

/** Asks before something is done that is hard to undo, and does it. */
export function confirmDialog({ title, text, ...rest }) {
  return openDialog({ title, body: [h("p", { dir: "auto" }, text)], ...rest });
}
