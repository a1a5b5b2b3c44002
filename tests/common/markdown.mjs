// What tests and benches print.

/** Numbers and words in columns, as a table of Markdown. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, at) => Math.max(...cells.map((row) => row[at].length)));
  const line = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`;
  const [first, ...others] = cells.map(line);
  return [first, `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...others].join("\n");
}
