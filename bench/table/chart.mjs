// The picture of the README: bars for what people feel, Orgdeck's beside those of others.

import { OURS, find, measured, written } from "./report.mjs";

/** The best of the others is always among them. */
const GROUPS = [
  {
    title: "From the bytes of an answer to a table",
    workload: "load",
    peers: ["TextDecoder, JSON.parse", "JSON.parse, arquero", "JSON.parse, TanStack"],
  },
  {
    title: "A search as you type, 95 of 100 within",
    workload: "search",
    measure: "p95",
    peers: ["folded, includes, narrowed", "uFuzzy", "MiniSearch", "FlexSearch"],
  },
  {
    title: "All of them by last and first name, in the order of a locale",
    workload: "sort",
    case: "by locale",
    peers: ["Array.toSorted", "ranks of distinct names", "arquero", "TanStack"],
  },
  {
    title: "A filter of nested conditions",
    workload: "filter",
    case: "and, or and not, nested",
    peers: ["Array.filter", "arquero", "TanStack"],
  },
  {
    title: "The first 50 rows after a filter and a sort",
    workload: "rows",
    case: "by locale",
    peers: ["filter and sort of Array", "arquero", "TanStack"],
  },
  { title: "8 columns as CSV", workload: "csv", peers: ["by hand", "papaparse"] },
  {
    title: "Memory after loading",
    workload: "memory",
    measure: "bytes",
    peers: ["JSON.parse", "arquero", "TanStack"],
  },
];

const [WIDTH, LEFT, RIGHT, BAR, GAP, GROUP] = [760, 200, 180, 14, 5, 44];

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a; }
  .title { font-weight: 600; fill: #1f2328; }
  .ours { fill: #1f2328; font-weight: 600; }
  rect { fill: #afb8c1; }
  rect.ours { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1; }
    .title, .ours { fill: #f0f6fc; }
    rect { fill: #4b535d; }
    rect.ours { fill: #4493f8; }
  }`;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function bars({ workload, case: title, measure = "ms", peers }, results, { place, people }) {
  const found = find(results, { place, people, workload, title });
  const ours = measured(found, OURS, measure);
  return [OURS, ...peers].flatMap((name) => {
    const value = measured(found, name, measure);
    if (value === undefined) return [];
    const { recall } = found.contenders.find((contender) => contender.name === name).notes;
    const label = [written(value, measure)];
    if (name !== OURS) label.push(`${(value / ours).toFixed(value < ours ? 2 : 1)} ×`);
    if (recall < 0.995) label.push(`finds ${(recall * 100).toFixed(0)} %`);
    return [{ name, value, label: label.join(", ") }];
  });
}

/** The picture as SVG, of one place and number of people. */
export function chart(results, where) {
  const parts = [];
  let y = 30;
  const text = (x, content, kind, anchor = "start") =>
    parts.push(`<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${escaped(content)}</text>`);
  text(0, `${where.people.toLocaleString("en")} people, ${where.place}; shorter is better`, "");
  for (const group of GROUPS) {
    const all = bars(group, results, where);
    if (all.length < 2) continue;
    y += GROUP - BAR;
    text(0, group.title, "title");
    const longest = Math.max(...all.map(({ value }) => value));
    for (const { name, value, label } of all) {
      y += BAR + GAP;
      const kind = name === OURS ? "ours" : "";
      const width = Math.max(1, ((WIDTH - LEFT - RIGHT) * value) / longest);
      text(LEFT - 10, name, kind, "end");
      const size = `width="${width.toFixed(1)}" height="${BAR}"`;
      parts.push(`<rect x="${LEFT}" y="${y - BAR + 3}" ${size} rx="2" class="${kind}"/>`);
      text(LEFT + width + 8, label, kind);
    }
  }
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 16}" width="${WIDTH}" role="img">`;
  return `${head}\n<title>Orgdeck's table beside others</title>\n<style>${STYLE}\n</style>\n${parts.join("\n")}\n</svg>\n`;
}
