// Everybody of the organisation, in a table: users as they come, and beside each what only memberships tell of them.
// It is kept for the next visit.

import { DirectoryTable } from "../orgdeck.js";
import { dropSnapshot, readSnapshot, writeSnapshot } from "../snapshots.js";
import { giveWay } from "../work.js";

const NOTHING = new TextEncoder().encode("[]");
/** People whose standing is told at once: a few milliseconds of work. */
const SLICE = 500;
/** How long changes gather before all of it is kept. */
const KEPT_AFTER_MS = 1_000;

/** What is told of somebody beside the user's own fields. */
const OWN = { name: "text", role_id: "text", role: "text", status: "text", phone: "text" };

export class PeopleTable extends EventTarget {
  /** Null until opened. */
  table = null;
  /** When it was read from Close, if that was on an earlier visit; else null. */
  readAt = null;

  #key;
  #standingOf;
  #opening = null;
  /** Those of whom nothing was told yet. */
  #untold = null;
  #round = 0;
  #isWhole = false;
  /** When all of it had been read. */
  #time = 0;
  #timer = 0;
  #keeping = null;
  #isClosed = false;

  /** `key` is where it is kept; `standingOf(id)` gives a person's `OWN` fields, as far as they are known. */
  constructor(key, standingOf) {
    super();
    this.#key = key;
    this.#standingOf = standingOf;
  }

  /** The table, with what an earlier visit left. */
  open() {
    this.#opening ??= this.#open().catch((error) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #open() {
    const kept = await readSnapshot(this.#key);
    const restored = kept && (await this.#restored(kept.bytes));
    if (restored) this.readAt = kept.time;
    const table = restored ?? (await DirectoryTable.fromBytes(NOTHING, { fields: OWN }));
    this.table = table;
    this.#untold = table.query({ where: { not: { required: "status" } } });
    return table;
  }

  async #restored(bytes) {
    try {
      return await DirectoryTable.restore(bytes);
    } catch {
      // Damaged, or of another version: it is read anew.
      await dropSnapshot(this.#key);
      return null;
    }
  }

  get length() {
    return this.table?.length ?? 0;
  }

  /** The user with this id, as Close has it; null if unknown. */
  user(id) {
    const record = this.table?.get(id);
    if (!record) return null;
    for (const field in OWN) delete record[field];
    return record;
  }

  /** Takes in a user, or what has changed of one. */
  put(user) {
    this.table?.upsert([user]);
    this.tell([user.id]);
  }

  /** Tells the table of these people's standing. */
  tell(ids) {
    if (!this.table || this.#isClosed) return;
    this.table.patch(ids.map((id) => ({ id, ...this.#standingOf(id) })));
    this.changed();
  }

  /** The same of those who have just come. */
  tellNew() {
    if (!this.#isClosed) this.tell(this.#untold.ids());
  }

  /** The same of everybody, a slice at a time. */
  async tellAll() {
    const round = (this.#round += 1);
    const ids = this.table?.query().ids() ?? [];
    for (let at = 0; at < ids.length && round === this.#round && !this.#isClosed; at += SLICE) {
      this.tell(ids.slice(at, at + SLICE));
      await giveWay();
    }
  }

  /** Whether all of it has been read; from then on it is kept. */
  get isWhole() {
    return this.#isWhole;
  }

  set isWhole(isWhole) {
    this.#isWhole = isWhole;
    if (isWhole) {
      this.readAt = null;
      this.#time = Date.now();
    }
    this.changed();
  }

  /** Says that there is something new in it. */
  changed() {
    this.dispatchEvent(new Event("change"));
    clearTimeout(this.#timer);
    if (this.#isWhole) this.#timer = setTimeout(() => (this.#keeping = this.#keep()), KEPT_AFTER_MS);
  }

  #keep() {
    return writeSnapshot(this.#key, this.table.snapshot(), this.#time);
  }

  /** Lets go of it, and of what was kept. */
  async close() {
    this.#isClosed = true;
    this.#isWhole = false;
    clearTimeout(this.#timer);
    await Promise.allSettled([this.#opening, this.#keeping]);
    await dropSnapshot(this.#key);
    this.#untold?.free();
    this.table?.free();
    this.table = null;
  }
}
