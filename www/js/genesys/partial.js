// A change of many that failed on its way: the error, and who is done, who is not, and who was not tried.

import { h } from "../dom.js";
import { problem } from "../problem.js";
import { Cancelled } from "../request-log.js";
import { counted } from "../text.js";

/** A box for `error`, whose `partial` says how far it got. `nameOf` gives the name for an id. */
export function partialProblem(error, { title, nameOf, dismiss }) {
  const { done = [], failed = [], rest = [] } = error.partial ?? {};
  const unsure = error.sent === "maybe" || error instanceof Cancelled;
  const groups = [
    ["Done", done],
    [unsure ? "Perhaps done" : "Failed", failed],
    ["Not tried", rest],
  ].filter(([, ids]) => ids.length > 0);
  return h(
    "div",
    { class: "partial" },
    problem(error, { title, dismiss }),
    groups.map(([word, ids]) =>
      h(
        "details",
        { class: "partial-group" },
        h("summary", null, `${word}: ${counted(ids.length, "person", "people")}`),
        h(
          "ul",
          { tabindex: 0, "aria-label": word },
          ids.map((id) => h("li", null, h("bdi", null, nameOf(id)))),
        ),
      ),
    ),
  );
}
