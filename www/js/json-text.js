// JSON for people: what is short stands on one line.

/** `value` as JSON text, broken into lines only where one would be longer than `width`. */
export function jsonText(value, width, indent = "") {
  const flat = onOneLine(value);
  if (typeof value !== "object" || value === null || indent.length + flat.length <= width) return flat;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => jsonText(item, width, deeper))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${jsonText(item, width, deeper)}`);
  const [open, close] = isList ? "[]" : "{}";
  return `${open}\n${parts.map((part) => deeper + part).join(",\n")}\n${indent}${close}`;
}

function onOneLine(value) {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  const parts = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`);
  return parts.length > 0 ? `{ ${parts.join(", ")} }` : "{}";
}
