// What was measured, as text.

/** What a run can measure, with how it is called and written. */
const MEASURES = {
  ms: { title: "", write: milliseconds },
  p95: { title: "95 of 100 within", write: milliseconds },
  longest: { title: "longest task", write: milliseconds },
  bytes: { title: "", write: megabytes },
  columns: { title: "as the table says", write: megabytes },
};

export const OURS = "Orgdeck";

/** A number of a measure as it is written. */
export const written = (value, measure) => MEASURES[measure].write(value);

/** What is measured, by the names of a workload, a case and a measure. */
export const nameOf = (workload, title, measure) => [workload, title, MEASURES[measure]?.title].filter(Boolean).join(", ");

export function milliseconds(value) {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ms`;
}

export function megabytes(value) {
  return `${(value / 1e6).toFixed(1)} MB`;
}

const percent = (part) => `${(part * 100).toFixed(part > 0.999 && part < 1 ? 2 : 1)} %`;

/** The case of a workload that something was measured in, if it was. */
export function find(results, { place, people, workload, title }) {
  const result = results.find((each) => each.place === place && each.people === people && each.workload === workload);
  return result?.cases?.find((each) => title === undefined || each.title === title);
}

/** What one contender took; undefined if it was not measured. */
export const measured = (found, name, measure = "ms") =>
  found?.contenders.find((contender) => contender.name === name)?.measured[measure]?.median;

const noteOf = ({ notes, runs }, rounds) => {
  const said = [];
  if (notes.recall !== undefined) said.push(`finds ${percent(notes.recall)}`);
  if (notes.others > 0) said.push(`and ${percent(notes.others)} others`);
  if (notes.recall !== undefined) said.push(`ready in ${milliseconds(notes.init)}`);
  if (notes.first !== undefined) said.push(`the first time ${milliseconds(notes.first)}`);
  if (runs < rounds) said.push(runs === 1 ? "1 run" : `${runs} runs`);
  return said.join(", ");
};

/** How many times as much as Orgdeck. */
const ratioOf = (value, ours) => {
  const ratio = value / ours;
  return ratio < 1 ? `${ratio.toFixed(2)} less` : ratio.toFixed(ratio < 10 ? 2 : 1);
};

/** Rows for a table: what, who, median, minimum, how many times Orgdeck's, and what else there is to say. */
function rowsOf({ workload, cases, error }, rounds) {
  if (error) return [[workload, "", "", "", "", error.split("\n")[0].slice(0, 100)]];
  return cases.flatMap(({ title, contenders }) =>
    Object.keys(MEASURES).flatMap((measure) => {
      const having = contenders.filter(({ measured }) => measure in measured);
      const ours = having.find(({ name }) => name === OURS)?.measured[measure].median;
      return having.map((contender, at) => {
        const { median, min } = contender.measured[measure];
        const head = nameOf(workload, title, measure);
        const ratio = contender.name === OURS ? "" : ratioOf(median, ours);
        const isFirst = measure === "ms" || measure === "bytes";
        const note = isFirst ? noteOf(contender, rounds) : "";
        return [at === 0 ? head : "", contender.name, written(median, measure), written(min, measure), ratio, note];
      });
    }),
  );
}

export const HEAD = ["", "", "median", "minimum", "× Orgdeck", ""];

/** Each place and number of people with its rows. */
export function tables(results, rounds) {
  const groups = new Map();
  for (const result of results) {
    const title = `${result.place}, ${result.people.toLocaleString("en")} people`;
    groups.set(title, [...(groups.get(title) ?? []), ...rowsOf(result, rounds)]);
  }
  return groups;
}
