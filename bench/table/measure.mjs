// Has the contenders of a case do their work: first it checks what they answer, then it times them in turns.
//
// A case has a `title` and `contenders`. Each of these has `run(engine, asked)`; `make(world)` for its engine, which is
// the world itself without it; and `before(engine)` for what is to happen before each run and is not timed. A case also
// has what it needs of these:
//
//   needs                            what else is to be made before, so that nobody's time to begin has it
//   asked(round, world)              what is asked in a round
//   expected(records, asked)         the right answer, which `check(answer, expected)` throws without
//   inspect(name, engine, oracle)    in place of both: throws, or notes something of a contender; `oracle(records)` is
//                                    what it goes by
//   time(run, asked, world)          what is measured in a run
//   heavy                            a run leaves so much that all of it is collected before the next
//   cold                             the very first run is measured as well, before anything else
//   once                             it is run once, and checks itself
//
// A contender that has `most` takes no part with more people than that.

import { inTurns, median } from "../turns.mjs";
import { objects } from "./engines.mjs";

/** Rounds whose answers are checked. */
const CHECKED = 3;

/** The right users in the right order: how many, those of the first screen as they came, and all ids. */
async function check(answer, expected) {
  if (answer.length !== expected.length) throw new Error(`${answer.length} users, not ${expected.length}`);
  (await answer.ids()).forEach((id, at) => {
    if (id !== expected[at].id) throw new Error(`user ${at} is ${id}, not ${expected[at].id}`);
  });
  answer.rows.forEach((row, at) => {
    // DuckDB has its columns in an order of its own.
    const [given, wanted] = [row, expected[at]].map((user) => JSON.stringify(Object.entries(user).sort()));
    if (given !== wanted) throw new Error(`row ${at} is ${given}, not ${wanted}`);
  });
}

async function time(run, asked) {
  const started = performance.now();
  const answer = run(asked);
  // Only who needs to wait does.
  const { free } = typeof answer.then === "function" ? await answer : answer;
  const ms = performance.now() - started;
  free?.();
  return { ms };
}

/** What is asked in some rounds, and the right answers. */
function questions({ asked, expected }, world, records) {
  const rounds = asked ? Array.from({ length: CHECKED }, (_, round) => asked(round, world)) : [undefined];
  return rounds.map((asked) => ({ asked, expected: expected(records, asked) }));
}

/** How the answers of a contender are checked; gives what is to be noted of it. */
function inspection(each, world, records) {
  if (each.once) return () => ({});
  if (each.inspect) {
    const oracle = each.oracle(records);
    return (name, engine) => each.inspect(name, engine, oracle);
  }
  const all = questions(each, world, records);
  return async (name, engine) => {
    for (const { asked, expected } of all) {
      const answer = await each.contenders[name].run(engine, asked);
      await (each.check ?? check)(answer, expected);
      answer.free?.();
    }
    return {};
  };
}

/** Makes the engines of a case, and checks what they answer. For each contender: its engine, and what is noted of it. */
async function prepare(each, world) {
  const prepared = new Map();
  const inspect = inspection(each, world, each.once ? [] : await world.engine(objects));
  for (const make of each.needs ?? []) await world.engine(make);
  for (const [name, { make, most }] of Object.entries(each.contenders)) {
    if (world.count > most) continue;
    try {
      const started = performance.now();
      const engine = make ? await world.engine(make) : world;
      const init = performance.now() - started;
      prepared.set(name, { engine, notes: { init, ...(await inspect(name, engine)) } });
    } catch (error) {
      throw new Error(`${each.title}, ${name}: ${error.message}`, { cause: error });
    }
  }
  return prepared;
}

/** Checks the answers of all cases, and times nothing. */
export async function verify(workload, world) {
  for (const each of workload.cases) await prepare(each, world);
}

/** Of each number that was measured its median and its minimum. */
function summary(runs) {
  const names = Object.keys(runs[0]);
  return Object.fromEntries(
    names.map((name) => {
      const all = runs.map(({ [name]: value }) => value);
      return [name, { median: median(all), min: Math.min(...all) }];
    }),
  );
}

/** What the first run of each contender takes, when nothing of it has been compiled for speed. */
async function firstRuns({ cold, contenders, time }, world) {
  const firsts = {};
  for (const [name, { run }] of Object.entries(cold ? contenders : {})) {
    world.collect("major");
    firsts[name] = { first: (await time(() => run(world))).ms };
  }
  return firsts;
}

async function measureCase(each, world, { rounds, patience }) {
  const firsts = await firstRuns(each, world);
  const prepared = await prepare(each, world);
  const names = [...prepared.keys()];
  const once = async (name, round) => {
    const { run, before } = each.contenders[name];
    const { engine } = prepared.get(name);
    await before?.(engine);
    world.collect(each.heavy ? "major" : "minor");
    return (each.time ?? time)((asked) => run(engine, asked), each.asked?.(round, world), world);
  };
  const runs = await inTurns(names, once, each.once ? { rounds: 1, warmUp: false } : { rounds, patience });
  const contenders = names.map((name) => {
    const all = runs.get(name);
    return { name, runs: all.length, measured: summary(all), notes: { ...firsts[name], ...prepared.get(name).notes } };
  });
  return { title: each.title, contenders };
}

/** Checks and times all cases: for each its title, and for each contender what was measured and noted. */
export async function measure(workload, world, options) {
  const results = [];
  for (const each of workload.cases) results.push(await measureCase(each, world, options));
  return results;
}
