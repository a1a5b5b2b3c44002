// The rules that bring people into a group by their skills, in words. They are shown, not changed, here.

import { fill, h } from "../dom.js";
import { problem } from "../problem.js";
import { counted } from "../text.js";
import { isAbort } from "../work.js";
import { session } from "./session.js";

const COMPARED = {
  EqualTo: "exactly",
  NotEqualTo: "other than",
  LessThan: "below",
  LessThanOrEqualTo: "at most",
  GreaterThan: "above",
  GreaterThanOrEqualTo: "at least",
};
const TOGETHER = { And: "All of", Or: "Any of", Not: "None of" };

/** A section that reads and tells the rules of `group`. */
export function skillRules(group, { signal }) {
  const { directory, genesys } = session;
  const box = h("div", { class: "skill-rules" });

  async function load() {
    fill(box, h("p", { class: "muted small" }, "Loading…"));
    try {
      const [{ query }, names] = await Promise.all([
        genesys.groups.dynamicSettings.get(group.id, session.call(signal)),
        directory.loadSkills(signal),
      ]);
      const preview = h("p", { class: "muted small" });
      fill(box, rules(query.skillConditions, names), preview);
      const { userCount } = await genesys.groups.dynamicSettings.preview(query, session.call(signal));
      preview.textContent = `${counted(userCount, "person matches", "people match")} now.`;
    } catch (error) {
      if (isAbort(error, signal)) return;
      if (error.code === "not_found") fill(box, h("p", { class: "muted small" }, "There are none any more."));
      else fill(box, problem(error, { title: "The rules could not be read", retry: load }));
    }
  }

  load();
  return box;
}

function rules(conditions, names) {
  return h(
    "ul",
    { class: "rules" },
    conditions.map(({ operation, routingSkillConditions: skills, languageSkillConditions: languages }) =>
      h(
        "li",
        null,
        h("span", { class: "rule-word" }, TOGETHER[operation] ?? operation),
        h(
          "ul",
          null,
          [...skills, ...languages].map((test) => {
            const id = test.routingSkill ?? test.languageSkill;
            return h(
              "li",
              null,
              h("bdi", null, names.get(id) ?? id),
              ` ${COMPARED[test.comparator] ?? test.comparator} ${test.proficiency}`,
              test.childConditions?.length > 0 && [" and", rules(test.childConditions, names)],
            );
          }),
        ),
      ),
    ),
  );
}
