// Organisation: its name and currency, the order of lead statuses, and the pipelines to read.

import { announce } from "../../announce.js";
import { copyable } from "../../copyable.js";
import { fill, h } from "../../dom.js";
import { icon } from "../../icons.js";
import { field, pageHead } from "../../page.js";
import { fieldError, problem } from "../../problem.js";
import { counted, momentText, sentence } from "../../text.js";
import { toast } from "../../toast.js";
import { waiting } from "../../waiting.js";
import { isAbort } from "../../work.js";
import { readOnlyNote } from "../parts.js";
import { session } from "../session.js";

const CURRENCIES =
  "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF INR JPY KRW MXN NOK NZD PLN SEK SGD THB TRY UAH USD ZAR";

const names = new Intl.DisplayNames("en", { type: "currency" });

export function organisationScreen({ signal }) {
  const { directory, close } = session;
  const body = h("div", { class: "org-cards" });
  let changes = () => 0;

  // ---------------------------------------------------------------------------------------- general

  function general(profile) {
    const name = h("input", { class: "input", type: "text", value: profile.name, dir: "auto", autocomplete: "off" });
    const nameField = field("Name", name, { id: "org-name" });
    const currency = h("input", {
      class: "input",
      type: "text",
      value: profile.currency ?? "",
      list: "currencies",
      maxlength: 3,
      autocomplete: "off",
      spellcheck: "false",
      autocapitalize: "characters",
    });
    const currencyField = field("Currency", currency, { id: "org-currency", hint: "Three letters, as in ISO 4217." });
    const save = h("button", { type: "submit", class: "button primary" }, "Save changes");
    const reset = h("button", { type: "button", class: "button", on: { click: discard } }, "Discard");
    const trouble = h("div", { class: "trouble" });
    const waits = waiting(signal);

    function patch() {
      const wanted = { name: name.value.trim(), currency: currency.value.trim().toUpperCase() };
      return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => value !== (profile[key] ?? "")));
    }

    function drawState() {
      const changed = Object.keys(patch()).length > 0;
      save.disabled = reset.disabled = !changed;
    }

    function discard() {
      name.value = profile.name;
      currency.value = profile.currency ?? "";
      fieldError(name, nameField.error, "");
      fieldError(currency, currencyField.error, "");
      fill(trouble);
      drawState();
    }

    async function submit(event) {
      event.preventDefault();
      const wanted = patch();
      fill(trouble);
      fieldError(name, nameField.error, "");
      fieldError(currency, currencyField.error, "");
      if (wanted.name === "") return fieldError(name, nameField.error, "The organisation needs a name.");
      if ("currency" in wanted && !/^[A-Z]{3}$/.test(wanted.currency)) {
        return fieldError(currency, currencyField.error, "Enter three letters, like EUR.");
      }
      if (Object.keys(wanted).length === 0) return;
      save.disabled = reset.disabled = true;
      try {
        await update(wanted);
        currency.value = profile.currency ?? "";
        name.value = profile.name;
        for (const place of document.querySelectorAll(".brand-place")) place.textContent = profile.name;
        toast("Organisation saved");
        announce("Organisation saved");
      } catch (error) {
        if (isAbort(error, signal)) return;
        if (error.fields?.name) fieldError(name, nameField.error, error.fields.name);
        else if (error.fields?.currency) fieldError(currency, currencyField.error, error.fields.currency);
        else fill(trouble, problem(error, { title: "The organisation was not changed" }));
      }
      drawState();
    }

    async function update(wanted) {
      const fields = ["id", "name", "currency", "currency_symbol", "date_updated"];
      const { id, ...answer } = await close.organizations.update(
        directory.organizationId,
        wanted,
        { fields },
        session.call(waits.signal),
      );
      Object.assign(profile, wanted, answer);
      fill(updated, momentText(profile.date_updated));
    }

    const updated = h("dd", null, momentText(profile.date_updated));
    const form = h(
      "form",
      { class: "stack", novalidate: true, on: { submit, input: drawState } },
      h("div", { class: "org-fields" }, nameField.element, currencyField.element),
      h(
        "datalist",
        { id: "currencies" },
        CURRENCIES.split(" ").map((code) => h("option", { value: code }, names.of(code))),
      ),
      h(
        "dl",
        { class: "facts wide" },
        h("dt", null, "Plan"),
        h("dd", null, profile.plan_type ? h("span", { class: "badge" }, sentence(profile.plan_type)) : "—"),
        h("dt", null, "Created"),
        h("dd", null, momentText(profile.date_created)),
        h("dt", null, "Updated"),
        updated,
        h("dt", null, "Identifier"),
        h("dd", null, copyable(profile.id, true)),
      ),
      trouble,
      h("div", { class: "card-foot" }, waits.element, reset, save),
    );
    drawState();
    return { element: card("General", null, form), changes: () => Object.keys(patch()).length };
  }

  // ---------------------------------------------------------------------------------------- statuses

  function statuses(profile) {
    let order = [...(profile.lead_statuses ?? [])];
    const list = h("ol", { class: "statuses" });
    const trouble = h("div", { class: "trouble" });
    const waits = waiting(signal);
    const save = h("button", { type: "button", class: "button primary", on: { click: submit } }, "Save order");
    const reset = h("button", { type: "button", class: "button", on: { click: discard } }, "Discard");
    let dragged = null;

    const moved = () => order.some((status, index) => status.id !== profile.lead_statuses[index]?.id);

    function drawState() {
      save.disabled = reset.disabled = !moved();
    }

    function draw() {
      fill(
        list,
        order.map((status, index) => {
          const item = h(
            "li",
            { class: "status", draggable: "true" },
            h("span", { class: "grip" }, icon("grip")),
            h("span", { class: "status-place" }, String(index + 1)),
            h("span", { class: "truncate", dir: "auto" }, status.label),
            h("span", { class: "spread" }),
            mover(status, index, -1, "up", "arrowUp"),
            mover(status, index, 1, "down", "arrowDown"),
          );
          item.addEventListener("dragstart", (event) => {
            dragged = status;
            event.dataTransfer.effectAllowed = "move";
            item.classList.add("is-dragged");
          });
          item.addEventListener("dragend", () => {
            dragged = null;
            draw();
          });
          item.addEventListener("dragover", (event) => {
            if (!dragged) return;
            event.preventDefault();
            const to = order.indexOf(status);
            if (dragged === status || order.indexOf(dragged) === to) return;
            // Only the order changes during a drag: making the list anew would end it.
            order = order.filter((each) => each !== dragged);
            order.splice(to, 0, dragged);
            const source = list.querySelector(".is-dragged");
            list.insertBefore(
              source,
              list.children[to] === source ? null : to > [...list.children].indexOf(source) ? item.nextSibling : item,
            );
            drawState();
          });
          return item;
        }),
      );
      drawState();
    }

    function mover(status, index, by, word, name) {
      const to = index + by;
      const possible = to >= 0 && to < order.length;
      return h(
        "button",
        {
          type: "button",
          class: `button plain tiny icon-only move-${word}`,
          "aria-label": `Move ${status.label} ${word}`,
          "aria-disabled": possible ? null : "true",
          on: {
            click: () => {
              if (!possible) return;
              order.splice(index, 1);
              order.splice(to, 0, status);
              draw();
              list.children[to].querySelector(`.move-${word}`).focus();
              announce(`${status.label} is now number ${to + 1} of ${order.length}`);
            },
          },
        },
        icon(name, 14),
      );
    }

    function discard() {
      order = [...profile.lead_statuses];
      fill(trouble);
      draw();
    }

    async function submit() {
      fill(trouble);
      save.disabled = reset.disabled = true;
      try {
        const patch = { lead_statuses: order.map(({ id }) => ({ id })) };
        const answer = await close.organizations.update(
          directory.organizationId,
          patch,
          { fields: ["id", "lead_statuses"] },
          session.call(waits.signal),
        );
        profile.lead_statuses = answer.lead_statuses ?? order;
        order = [...profile.lead_statuses];
        draw();
        toast("Order of lead statuses saved");
      } catch (error) {
        if (isAbort(error, signal)) return;
        fill(trouble, problem(error, { title: "The order was not saved" }));
        drawState();
      }
    }

    draw();
    return {
      element: card(
        "Lead statuses",
        "The order in which they are offered.",
        list,
        trouble,
        h("div", { class: "card-foot" }, waits.element, reset, save),
      ),
      changes: () => (moved() ? 1 : 0),
    };
  }

  // ---------------------------------------------------------------------------------------- pipelines

  function pipelines(profile) {
    const all = profile.pipelines ?? [];
    const kinds = { active: "", won: "good", lost: "bad" };
    return card(
      "Pipelines",
      "Read from Close; they are changed there.",
      all.length === 0
        ? h("p", { class: "muted" }, "No pipelines.")
        : all.map((pipeline) =>
            h(
              "div",
              { class: "pipeline" },
              h(
                "div",
                { class: "pipeline-head" },
                h("h3", { dir: "auto" }, pipeline.name),
                h("span", { class: "muted small" }, counted(pipeline.statuses.length, "status", "statuses")),
              ),
              h(
                "ol",
                { class: "pipeline-statuses", "aria-label": `Statuses of ${pipeline.name}` },
                pipeline.statuses.map((status) =>
                  h(
                    "li",
                    { class: `badge ${kinds[status.type] ?? ""}`, title: sentence(status.type) },
                    h("span", { dir: "auto" }, status.label),
                  ),
                ),
              ),
            ),
          ),
    );
  }

  function card(title, note, ...content) {
    return h(
      "section",
      { class: "card", "aria-label": title },
      h("div", { class: "card-head" }, h("h2", null, title), note && h("p", { class: "muted small" }, note)),
      content,
    );
  }

  // ---------------------------------------------------------------------------------------- loading

  function skeleton() {
    return [3, 6, 3].map((lines) =>
      h(
        "div",
        { class: "card", "aria-hidden": "true" },
        Array.from({ length: lines }, (_, index) => h("span", { class: `skeleton tall w${(index + lines) % 4}` })),
      ),
    );
  }

  async function load() {
    if (!directory.profile) fill(body, skeleton());
    try {
      const profile = await directory.loadProfile(signal);
      const parts = [general(profile), statuses(profile)];
      changes = () => parts.reduce((sum, part) => sum + part.changes(), 0);
      fill(
        body,
        parts.map((part) => part.element),
        pipelines(profile),
      );
    } catch (error) {
      if (!isAbort(error, signal))
        fill(body, problem(error, { title: "The organisation could not be loaded", retry: load }));
    }
  }

  load();
  return {
    title: "Organisation",
    element: h("div", { class: "page organisation-page" }, pageHead("Organisation"), readOnlyNote(), body),
    mayLeave() {
      return changes() > 0
        ? { title: "Discard unsaved changes?", text: "What you changed in the organisation is not saved yet." }
        : null;
    },
  };
}
