// The icons, as strokes on a 16 px square. They always stand beside a label, so they are hidden from readers.

const PATHS = {
  people:
    "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13c.3-2.2 2.2-3.5 4.5-3.5s4.2 1.3 4.5 3.5M10.5 7.2a2.2 2.2 0 0 0 0-4.3M12 9.8c1.4.5 2.3 1.6 2.5 3.2",
  groups: "M8 1.8 1.8 5 8 8.2 14.2 5 8 1.8ZM1.8 8 8 11.2 14.2 8M1.8 11 8 14.2 14.2 11",
  roles: "M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z",
  memberships: "M8 1.8 13.2 3.6v4c0 3.3-2.2 5.6-5.2 6.7-3-1.1-5.2-3.4-5.2-6.7v-4L8 1.8ZM5.8 8l1.6 1.6 3-3.2",
  organisation: "M2.5 14V3.2L9 1.8V14M9 6h4.5v8M1.5 14h13M5 5.5h1.5M5 8.2h1.5M5 11h1.5M11.2 8.7v0M11.2 11.2v0",
  requests: "M2 4.5h9.5M9 2l2.5 2.5L9 7M14 11.5H4.5M7 9l-2.5 2.5L7 14",
  search: "M7.2 12a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6ZM10.8 10.8l3 3",
  plus: "M8 3v10M3 8h10",
  close: "m4 4 8 8M12 4l-8 8",
  check: "m3 8.5 3.2 3.2L13 5",
  dash: "M4 8h8",
  chevronDown: "m4.5 6.5 3.5 3.5 3.5-3.5",
  chevronLeft: "m9.5 4.5-3.5 3.5 3.5 3.5",
  chevronRight: "m6.5 4.5 3.5 3.5-3.5 3.5",
  arrowUp: "M8 13V3M4 7l4-4 4 4",
  arrowDown: "M8 3v10M4 9l4 4 4-4",
  download: "M8 2.5v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  pencil: "m9.8 3.7 2.5 2.5M2.5 13.5l.8-3.2 7.5-7.5a1 1 0 0 1 1.4 0l1 1a1 1 0 0 1 0 1.4l-7.5 7.5-3.2.8Z",
  trash: "M2.5 4.5h11M6 4V2.5h4V4M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4",
  lock: "M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
  warning: "M8 2 14.5 13.5h-13L8 2ZM8 6.5v3M8 11.5v0",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.3v3.5M8 5.2v0",
  signOut: "M6 13.5H2.5v-11H6M10 11l3-3-3-3M13 8H6",
  refresh: "M13 8a5 5 0 1 1-1.5-3.5M13.2 1.8v3h-3",
  undo: "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3.5l-3 3 3 3",
  grip: "M6 4v0M10 4v0M6 8v0M10 8v0M6 12v0M10 12v0",
  mail: "M2 3.5h12v9H2zM2.5 4 8 8.5 13.5 4",
  more: "M3.5 8v0M8 8v0M12.5 8v0",
  key: "M5.5 13a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM7.5 8.2 13 2.7M10.5 5.2l2 2",
  gauge: "M2.2 12.5a6.5 6.5 0 1 1 11.6 0M8 9.5l3-3.5M8 10.2v0",
  bolt: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8l1-5.5Z",
  flask: "M6 2h4M6.7 2v4L3 12.3c-.4.8.1 1.7 1 1.7h8c.9 0 1.4-.9 1-1.7L9.3 6V2M4.7 10h6.6",
};

const SVG = "http://www.w3.org/2000/svg";

/** Draws the icon called `name`. */
export function icon(name, size = 16) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 16 16",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": name === "grip" || name === "more" ? 2 : 1.4,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  })) {
    svg.setAttribute(key, String(value));
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
