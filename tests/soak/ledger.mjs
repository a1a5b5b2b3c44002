// What was made, changed and deleted, as the page says; to be compared with what the vendors have in the end.
//
// An edit that resolved was made. One that was aborted or rejected may have been made, unless something says otherwise.

export class Ledger {
  #things = new Map();
  #sent = new Map();
  #seen = new Map();
  edits = { ok: 0, aborted: 0, failed: 0 };

  add({ noun, key, edit, outcome, number, sent, id, name, people = [] }) {
    this.edits[outcome] += 1;
    this.#sent.set(number, { key, sent, edit });
    const isSure = outcome === "ok";
    if (edit === "create") {
      const nothingYet = { renames: [0, 0], isGone: false, mayBeGone: false, people: new Map() };
      this.#things.set(key, { noun, key, id, isMade: isSure, names: [name], ...nothingYet });
      return;
    }
    const thing = this.#things.get(key);
    if (edit === "rename") {
      thing.names = isSure ? [name] : [...thing.names, name];
      thing.renames[0] += isSure ? 1 : 0;
      thing.renames[1] += 1;
    } else if (edit === "delete") {
      thing.mayBeGone = true;
      thing.isGone ||= isSure;
    } else {
      for (const person of people) thing.people.set(person, isSure ? edit : "maybe");
    }
  }

  /** A request of an edit has reached its vendor. */
  see(number) {
    this.#seen.set(number, (this.#seen.get(number) ?? 0) + 1);
  }

  /**
   * The edits of which more requests came than the page has sent: the browser itself has sent one again, as Chromium does
   * when a connection that it had open breaks without an answer.
   */
  get repeats() {
    return [...this.#sent].filter(([number, { sent }]) => (this.#seen.get(number) ?? 0) > sent).map(([, edit]) => edit);
  }

  get size() {
    return this.#things.size;
  }

  /** Those that must still be there. */
  standing(noun) {
    return [...this.#things.values()].filter((thing) => thing.noun === noun && thing.isMade && !thing.mayBeGone);
  }

  /** What is wrong with what a vendor has of a noun: texts, none when all is right. */
  compare(noun, items) {
    const complaints = [];
    // What the browser has done twice is not Orgdeck's doing.
    const excused = new Set(this.repeats.map(({ key }) => key));
    const found = new Map();
    for (const item of items) {
      const key = item.name.split(".")[0];
      if (this.#things.get(key)?.noun === noun) found.set(key, [...(found.get(key) ?? []), item]);
      else if (key.startsWith("soak-")) complaints.push(`${noun} ${item.name}: nobody made it`);
    }
    for (const thing of this.#things.values()) {
      if (thing.noun !== noun || excused.has(thing.key)) continue;
      const there = found.get(thing.key) ?? [];
      const complain = (text) => complaints.push(`${noun} ${thing.key}: ${text}`);
      if (there.length > 1) complain(`is there ${there.length} times`);
      if (thing.isGone && there.length) complain("was deleted and is there");
      if (thing.isMade && !thing.mayBeGone && !there.length) complain("was made and is not there");
      for (const { id, name, version } of there) {
        if (thing.isMade && id !== thing.id) complain(`has the id ${id}, not ${thing.id}`);
        if (!thing.names.includes(name)) complain(`is called ${name}, not ${thing.names.join(" or ")}`);
        const [surely, atMost] = thing.renames;
        if (version !== undefined && (version < 1 + surely || version > 1 + atMost)) {
          complain(`has version ${version} after ${surely} to ${atMost} changes`);
        }
      }
    }
    return complaints;
  }

  /** The same for the people in one of those that stand. */
  comparePeople(thing, people) {
    const there = new Set(people);
    return [...thing.people].flatMap(([person, edit]) => {
      if (edit === "maybe" || there.has(person) === (edit === "add")) return [];
      return `${thing.noun} ${thing.key}: ${person} is ${edit === "add" ? "missing" : "still there"}`;
    });
  }
}
