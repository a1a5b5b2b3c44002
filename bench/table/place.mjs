// What happens in the page, or in the other process of Node: a workload, for so many people.

import { measure } from "./measure.mjs";
import { WORKLOADS } from "./workloads.mjs";
import { makeWorld, watchMemories } from "./world.mjs";

/** A workload with more contenders: `more` has them by workload and case. */
function withMore({ name, cases }, more) {
  const joined = (each) => ({ ...each, contenders: { ...each.contenders, ...more(name, each.title) } });
  return { name, cases: cases.map(joined) };
}

const nobody = () => ({});

/** `load` gives the package, whose memory is watched from the beginning; `more(workload, title)` other contenders. */
export async function work({ workload, count, base, rounds, patience }, { load, heap, more = nobody }) {
  const wasm = watchMemories();
  const orgdeck = await load();
  await orgdeck.default();
  const world = makeWorld({ orgdeck, count, base, heap, wasm });
  return measure(withMore(WORKLOADS.get(workload), more), world, { rounds, patience });
}
