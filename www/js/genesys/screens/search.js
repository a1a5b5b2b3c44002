// Search: criteria put together by hand, how many groups they find while one is at it, and what is sent.

import { addressOf } from "../../address.js";
import { fill, h, phone } from "../../dom.js";
import { icon } from "../../icons.js";
import { jsonText } from "../../json-text.js";
import { emptyState, pageHead } from "../../page.js";
import { problem } from "../../problem.js";
import { count, counted } from "../../text.js";
import { toast } from "../../toast.js";
import { isAbort } from "../../work.js";
import { typeLabel } from "../fields.js";
import { searchBuilder } from "../search-builder.js";
import { newGroup, understand } from "../search-tree.js";
import { session } from "../session.js";

/** How long it is waited for the next key before Genesys is asked. */
const PAUSE_MS = 250;
/** How many letters of JSON there is room for in a line. */
const WIDTH = 88;
const PHONE_WIDTH = 42;

export function searchScreen({ signal }) {
  const { directory, genesys } = session;
  directory.search ??= newGroup("and");
  const tree = directory.search;
  let asking = new AbortController();
  let timer = 0;
  let understood = null;
  let pages = null;
  let found = [];
  let total = null;

  const counts = h("div", { class: "search-counts", role: "status" });
  const note = h("p", { class: "hint search-note" });
  const trouble = h("div", { class: "results" });
  const results = h("ul", { class: "search-results", "aria-label": "Groups found" });
  const more = h("button", { type: "button", class: "button", on: { click: loadMore } });
  const json = h("pre", { class: "json mono", tabindex: 0, role: "region", "aria-label": "The request as JSON" });
  const copyButton = h(
    "button",
    { type: "button", class: "button tiny", on: { click: copy } },
    icon("copy", 14),
    "Copy",
  );

  // ---------------------------------------------------------------------------------------- asking

  function changed() {
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    understood = understand(tree);
    builder?.showErrors(understood.errors);
    drawJson();
    drawLocal();
    total = null;
    if (!understood.search) {
      pages = null;
      fill(trouble);
      drawFound([]);
      return drawCounts();
    }
    drawCounts("waiting");
    timer = setTimeout(ask, PAUSE_MS);
  }

  async function ask() {
    const { search } = understood;
    const together = AbortSignal.any([signal, asking.signal]);
    fill(trouble);
    drawCounts("asking");
    try {
      pages = genesys.groups.search(search, { signal: together }).pages();
      const { value: page } = await pages.next();
      total = page.total ?? page.items.length;
      drawFound(page.items);
      drawCounts();
    } catch (error) {
      if (isAbort(error, together)) return;
      drawCounts("failed");
      fill(trouble, problem(error, { title: "The search did not work", retry: ask }));
    }
  }

  async function loadMore() {
    more.disabled = true;
    const together = AbortSignal.any([signal, asking.signal]);
    try {
      const { value: page } = await pages.next();
      drawFound([...found, ...page.items]);
    } catch (error) {
      if (!isAbort(error, together))
        fill(trouble, problem(error, { title: "No more could be loaded", retry: loadMore }));
    } finally {
      more.disabled = false;
    }
  }

  // ---------------------------------------------------------------------------------------- drawing

  let local = null;

  /** How many of the loaded groups match here, by the same criteria. */
  function drawLocal() {
    local = understood?.criteria ? understood.criteria.filter(directory.records).length : null;
  }

  function drawCounts(state = "") {
    const wrong = understood.errors.size;
    const loaded = directory.groups.length;
    if (wrong > 0) {
      fill(
        counts,
        h(
          "p",
          { class: "search-count is-idle" },
          wrong === 1
            ? "One condition is not ready yet; nothing is sent."
            : `${wrong} conditions are not ready yet; nothing is sent.`,
        ),
      );
      fill(note);
      return;
    }
    const busy = state === "waiting" || state === "asking";
    fill(
      counts,
      h(
        "p",
        { class: `search-count ${busy ? "is-busy" : ""}` },
        h("strong", null, total === null ? (state === "failed" ? "—" : "…") : count(total)),
        h("span", null, ` ${total === 1 ? "group" : "groups"} at Genesys`),
      ),
      h(
        "p",
        { class: "search-count" },
        h("strong", null, local === null ? "—" : count(local)),
        h("span", null, ` of ${count(loaded)} loaded here`),
      ),
    );
    const differ = total !== null && directory.groupsComplete && local !== total;
    fill(
      note,
      !directory.groupsComplete
        ? "The list of groups is still loading."
        : differ
          ? "The two differ: Genesys’ index may be some seconds behind the groups, or reads a field that it has not indexed."
          : "Both come from the same criteria. Genesys’ index may be some seconds behind.",
    );
    note.classList.toggle("is-warning", differ);
  }

  function drawFound(groups) {
    found = groups;
    fill(
      results,
      groups.map((group) =>
        h(
          "li",
          null,
          h(
            "a",
            { class: "found-group", href: addressOf("genesys", "groups", group.id) },
            h("span", { class: "found-name truncate", dir: "auto" }, group.name),
            h(
              "span",
              { class: "found-more" },
              `${typeLabel(group.type)} · ${counted(group.memberCount ?? 0, "member", "members")}`,
            ),
          ),
        ),
      ),
      groups.length === 0 &&
        h(
          "li",
          null,
          understood.search
            ? total === 0
              ? emptyState("search", "No group matches")
              : null
            : emptyState("search", "Complete the conditions", "What they find appears here as you type."),
        ),
    );
    const rest = (total ?? 0) - groups.length;
    more.hidden = rest <= 0;
    more.textContent = `Show ${count(Math.min(rest, 25))} more`;
  }

  function drawJson() {
    json.textContent = understood.request ? jsonText(understood.request, phone.matches ? PHONE_WIDTH : WIDTH) : "";
    copyButton.disabled = !understood.request;
    json.classList.toggle("is-idle", !understood.request);
    if (!understood.request) json.textContent = "Nothing is sent until every condition is ready.";
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(json.textContent);
      toast("Copied");
    } catch {
      toast("The browser does not allow copying here");
    }
  }

  // ---------------------------------------------------------------------------------------- loading

  /** The groups that the criteria are applied to here. */
  async function loadGroups() {
    const update = () => {
      if (signal.aborted) return;
      drawLocal();
      drawCounts(total === null ? "waiting" : "");
    };
    try {
      await directory.loadGroups({ signal, onPage: update });
      update();
    } catch (error) {
      if (!isAbort(error, signal))
        fill(trouble, problem(error, { title: "Not all groups could be loaded to compare", retry: loadGroups }));
    }
  }

  let builder = null;
  builder = searchBuilder(tree, { onChange: changed });
  builder.showErrors(understood.errors);
  phone.addEventListener("change", drawJson, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    asking.abort();
  });
  if (!directory.groupsComplete) loadGroups();

  return {
    title: "Search",
    element: h(
      "div",
      { class: "page fixed search-page" },
      pageHead(
        "Search",
        h("p", { class: "page-count" }, "Groups by any of their fields"),
        h("button", { type: "button", class: "button", on: { click: startOver } }, icon("undo"), "Start over"),
      ),
      h(
        "div",
        { class: "search-split" },
        h("section", { class: "search-side", "aria-label": "Conditions of the search" }, builder.element),
        h(
          "section",
          { class: "search-found", "aria-label": "Results" },
          h("div", { class: "search-head" }, counts, note),
          trouble,
          results,
          h("div", { class: "search-more" }, more),
        ),
        h(
          "section",
          { class: "search-json", "aria-label": "Request" },
          h(
            "div",
            { class: "search-json-head" },
            h("h2", null, "What is sent"),
            h("code", { class: "wide-only" }, "POST /api/v2/groups/search"),
            h("span", { class: "spread" }),
            copyButton,
          ),
          json,
        ),
      ),
    ),
  };

  function startOver() {
    Object.assign(tree, newGroup("and"));
    builder.redraw();
  }
}
