// Search: criteria put together by hand, how many groups they find while one is at it, and what is sent.

import { addressOf } from "../../address.js";
import { fill, h, oncePerFrame, phone } from "../../dom.js";
import { icon } from "../../icons.js";
import { jsonText } from "../../json-text.js";
import { listingBar } from "../../listing-bar.js";
import { Listing, pagesOf } from "../../listing.js";
import { emptyState, pageHead } from "../../page.js";
import { count, counted } from "../../text.js";
import { toast } from "../../toast.js";
import { typeLabel } from "../fields.js";
import { searchBuilder } from "../search-builder.js";
import { newGroup, PAGE_SIZE, understand } from "../search-tree.js";
import { session } from "../session.js";

/** How long it is waited for the next key before Genesys is asked. */
const PAUSE_MS = 250;
/** How many letters of JSON there is room for in a line. */
const WIDTH = 88;
const PHONE_WIDTH = 42;

export function searchScreen({ signal }) {
  const { directory, genesys } = session;
  const reading = directory.listings.groups;
  directory.search ??= newGroup("and");
  const tree = directory.search;
  let timer = 0;
  let understood = null;
  let found = [];
  // What is searched for is waited for, so it goes before lists.
  const finding = new Listing(
    pagesOf(
      (...how) => session.call(...how),
      (options) => genesys.groups.search(understood.search, options),
      // The first ones take the place of those of the search before, so that nothing flickers while one types.
      (groups) => drawFound(finding.items === 0 ? groups : [...found, ...groups]),
      { background: false },
    ),
  );

  const counts = h("div", { class: "search-counts", role: "status" });
  const note = h("p", { class: "hint search-note" });
  const results = h("ul", { class: "search-results", "aria-label": "Groups found" });
  const more = h("button", { type: "button", class: "button", on: { click: () => find() } });
  const rest = h("button", { type: "button", class: "button", on: { click: () => finding.run(signal) } }, "Show all");
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
    understood = understand(tree);
    builder?.showErrors(understood.errors);
    finding.reset();
    drawJson();
    drawLocal();
    if (understood.search) timer = setTimeout(find, PAUSE_MS);
    // What was found before stays until there is something else.
    if (!understood.search || found.length === 0) drawFound([]);
    drawCounts();
  }

  /** Brings the first groups, or some more. */
  const find = () => finding.run(signal, { limit: PAGE_SIZE });

  // ---------------------------------------------------------------------------------------- drawing

  let local = null;

  /** How many of the loaded groups match here, by the same criteria. */
  function drawLocal() {
    local = understood?.criteria ? understood.criteria.filter(directory.records).length : null;
  }

  function drawCounts() {
    const { state, total } = finding;
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
    const known = total ?? (state === "ended" || finding.items > 0 ? finding.items : null);
    const none = state === "failed" || state === "stopped" ? "—" : "…";
    fill(
      counts,
      h(
        "p",
        { class: `search-count ${known === null ? "is-busy" : ""}` },
        h("strong", null, known === null ? none : count(known)),
        h("span", null, ` ${known === 1 ? "group" : "groups"} at Genesys`),
      ),
      h(
        "p",
        { class: "search-count" },
        h("strong", null, local === null ? "—" : count(local)),
        h("span", null, ` of ${count(loaded)} loaded here`),
      ),
    );
    const differ = known !== null && reading.isComplete && local !== known;
    fill(
      note,
      !reading.isComplete
        ? reading.isHeld
          ? "Not all groups are loaded here."
          : "The list of groups is still loading."
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
            ? finding.isComplete || finding.total === 0
              ? emptyState("search", "No group matches")
              : null
            : emptyState("search", "Complete the conditions", "What they find appears here as you type."),
        ),
    );
    drawMore();
  }

  function drawMore() {
    const left = (finding.total ?? 0) - found.length;
    more.hidden = left <= 0 || found.length === 0;
    rest.hidden = more.hidden || left <= PAGE_SIZE;
    more.disabled = rest.disabled = finding.isRunning;
    more.textContent = `Show ${count(Math.min(left, PAGE_SIZE))} more`;
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

  function update() {
    if (signal.aborted) return;
    if (finding.isComplete && found.length === 0) drawFound([]);
    drawCounts();
    drawMore();
  }

  const findingBar = listingBar(finding, {
    signal,
    nouns: ["group", "groups"],
    verb: "found",
    failure: "The search did not work",
    goOn: () => find(),
    leave: () => results.querySelector("a")?.focus(),
    quiet: true,
  });
  const readingBar = listingBar(reading, {
    signal,
    nouns: ["group", "groups"],
    verb: "loaded to compare",
    failure: "Not all groups could be loaded to compare",
    goOn: () => reading.run(signal),
    leave: () => results.querySelector("a")?.focus(),
    quiet: true,
  });
  finding.addEventListener("change", oncePerFrame(update), { signal });
  const compare = () => {
    if (signal.aborted) return;
    drawLocal();
    drawCounts();
  };
  reading.addEventListener("change", oncePerFrame(compare), { signal });

  let builder = null;
  builder = searchBuilder(tree, { onChange: changed });
  builder.showErrors(understood.errors);
  phone.addEventListener("change", drawJson, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  if (!reading.isHeld) reading.run(signal);

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
          findingBar.trouble,
          readingBar.trouble,
          results,
          h("div", { class: "search-more" }, more, rest),
          findingBar.bar,
          readingBar.bar,
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
