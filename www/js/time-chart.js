// How many came when, as bars. For those who do not see them there is a table with the same numbers.

import { fill, h } from "./dom.js";
import { count, counted } from "./text.js";

const PARTS = {
  day: { day: "numeric", month: "short", year: "numeric" },
  week: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "short", year: "numeric" },
  year: { year: "numeric" },
};

const FORMATS = Object.fromEntries(
  Object.entries(PARTS).map(([unit, parts]) => [unit, new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC" })]),
);

/** `{ element, draw }`; `draw(histogram)` shows one of a table's view. `nouns` are what is counted. */
export function timeChart(label, nouns) {
  const summary = h("span", { class: "chart-summary" });
  const bars = h("div", { class: "chart-bars", "aria-hidden": "true" });
  const axis = h("div", { class: "chart-axis", "aria-hidden": "true" });
  const numbers = h("tbody");
  const element = h(
    "figure",
    { class: "chart" },
    h("figcaption", null, h("strong", null, label), summary),
    bars,
    axis,
    h(
      "table",
      { class: "visually-hidden" },
      h("caption", null, label),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "When"), h("th", { scope: "col" }, nouns[1]))),
      numbers,
    ),
  );

  function draw({ unit, bins, missing }) {
    const when = ({ start }) => `${unit === "week" ? "week of " : ""}${FORMATS[unit].format(new Date(start))}`;
    const most = bins.reduce((most, bin) => (bin.count > most.count ? bin : most), { count: 0 });
    summary.textContent = [
      most.count > 0 ? `most in one ${unit}: ${count(most.count)}, ${when(most)}` : "nobody",
      missing > 0 && `${counted(missing, ...nouns)} without a date`,
    ]
      .filter(Boolean)
      .join(" · ");
    fill(
      bars,
      bins.map((bin) => {
        const bar = h("span", { class: "chart-bar", title: `${when(bin)}: ${counted(bin.count, ...nouns)}` });
        bar.style.setProperty("--part", String(bin.count / Math.max(most.count, 1)));
        return bar;
      }),
    );
    fill(axis, bins.length > 0 && [h("span", null, when(bins[0])), bins.length > 1 && h("span", null, when(bins.at(-1)))]);
    fill(
      numbers,
      bins.map((bin) => h("tr", null, h("th", { scope: "row" }, when(bin)), h("td", null, count(bin.count)))),
    );
  }

  return { element, draw };
}
