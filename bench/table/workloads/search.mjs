// Search as you type, by the protocol of uFuzzy's own bench: seven phrases are typed and deleted again, letter by letter,
// with a search each time. Theirs are as long, of words that occur in their texts; these are of names: with accents and
// without, from the middle of words, and of several words in no order.
//
// A search is the number found and the rows of the first screen. Packages that rank what they find do so; those that can
// stop at a number of results may.

import uFuzzy from "@leeoniya/ufuzzy";
import FlexSearch from "flexsearch";
import Fuse from "fuse.js";
import fuzzysort from "fuzzysort";
import MiniSearch from "minisearch";

import { SCREEN, objects, ofOrgdeck, orgdeckTable, touch } from "../engines.mjs";
import { searching } from "../oracle.mjs";

const PHRASES = ["anna", "søren", "muller t", "owicz", "łuka", "jose mun exam", "weiß"];

/** What is in the box after each key. */
const KEYSTROKES = PHRASES.flatMap((phrase) => {
  const typed = Array.from(phrase, (_, at) => phrase.slice(0, at + 1));
  return [...typed, ...typed.toReversed()];
});

export const FIELDS = ["first_name", "last_name", "email"];

const textOf = (user) => FIELDS.map((field) => user[field] ?? "").join(" ");

/** The folding that the documentation of packages advises. */
const withoutAccents = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Peers answer with places; what they are made for are the users there. */
const answer = (users, places, length = places.length) => ({
  length,
  rows: Array.from(places.slice(0, SCREEN), (place) => users[place]),
  ids: () => Array.from(places, (place) => users[place].id),
});

/** With the cache of prefixes that its own bench has: what is typed further is looked for where the shorter was found. */
async function ufuzzy(world, isKeeping) {
  const users = await world.engine(objects);
  const haystack = uFuzzy.latinize(users.map(textOf));
  // The letters that it knows besides those of English, and does not latinize.
  const engine = new uFuzzy({ alpha: "a-zøß" });
  const kept = new Map();
  const narrowed = (needle) => {
    let prefix = needle;
    while (prefix && !kept.has(prefix)) prefix = prefix.slice(0, -1);
    const places = prefix === needle ? kept.get(needle) : engine.filter(haystack, needle, kept.get(prefix));
    if (places?.length <= 1e4) kept.set(needle, places);
    return places;
  };
  return {
    forget: () => kept.clear(),
    search(typed) {
      const needle = uFuzzy.latinize(typed);
      const [places, info, order] = engine.search(haystack, needle, true, 1e3, isKeeping ? narrowed(needle) : undefined);
      return answer(users, order ? order.map((at) => info.idx[at]) : (places ?? []));
    },
  };
}

const LETTERS = { ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", ı: "i" };

/** What somebody writes who knows JavaScript and names: folded once, `includes` a word, narrowed while more is typed. */
async function byHand(world) {
  const users = await world.engine(objects);
  const folded = (text) => withoutAccents(text).replace(/[ßøłđðþæı]/g, (letter) => LETTERS[letter]);
  const texts = users.map((user) => folded(textOf(user)));
  const all = Array.from(texts.keys());
  let last;
  const forget = () => {
    last = { needle: "", places: all };
  };
  forget();
  return {
    forget,
    search(typed) {
      const needle = folded(typed);
      const words = needle.split(" ").filter(Boolean);
      const from = needle.startsWith(last.needle) ? last.places : all;
      const places = from.filter((place) => words.every((word) => texts[place].includes(word)));
      last = { needle, places };
      return answer(users, places);
    },
  };
}

async function miniSearch(world) {
  const users = await world.engine(objects);
  const engine = new MiniSearch({
    fields: FIELDS,
    processTerm: withoutAccents,
    searchOptions: { prefix: true, combineWith: "AND" },
  });
  engine.addAll(users.map((user, id) => ({ ...user, id })));
  return { search: (typed) => answer(users, engine.search(typed).map(({ id }) => id)) };
}

async function fuse(world) {
  const users = await world.engine(objects);
  const engine = new Fuse(users.map(textOf), {
    threshold: 0,
    ignoreLocation: true,
    ignoreFieldNorm: true,
    ignoreDiacritics: true,
    useExtendedSearch: true,
  });
  // A quote asks for the word itself, anywhere.
  const quoted = (typed) => typed.split(" ").filter(Boolean).map((word) => `'${word}`).join(" ");
  return { search: (typed) => answer(users, engine.search(quoted(typed)).map(({ refIndex }) => refIndex)) };
}

/** Its full index finds what is in the middle of words. It stops at a screen, so it cannot say how many there are. */
async function flexSearch(world) {
  const users = await world.engine(objects);
  const engine = new FlexSearch.Index({ tokenize: "full" });
  users.forEach((user, place) => engine.add(place, textOf(user)));
  const search = (typed, limit = SCREEN) => answer(users, engine.search(typed, { limit }));
  return { search, all: (typed) => search(typed, users.length) };
}

/** Its own threshold leaves out half of what has the words. */
async function fuzzySort(world) {
  const users = await world.engine(objects);
  const targets = fuzzysort.snapshot(users.map((user, place) => ({ ...user, place })), { keys: FIELDS });
  const search = (typed, limit = SCREEN) => {
    const results = fuzzysort.go(typed, targets, { limit, threshold: 0 });
    return answer(users, results.map(({ obj }) => obj.place), results.total);
  };
  return { search, all: (typed) => search(typed, 0) };
}

async function orgdeck(world) {
  const table = await world.engine(orgdeckTable);
  return {
    forget: () => touch(table),
    search: (typed) => ofOrgdeck(table.query({ search: typed, searchIn: FIELDS })),
  };
}

const MAKERS = {
  Orgdeck: orgdeck,
  "folded, includes, narrowed": byHand,
  uFuzzy: (world) => ufuzzy(world, false),
  "uFuzzy, prefixes kept": (world) => ufuzzy(world, true),
  MiniSearch: miniSearch,
  FlexSearch: flexSearch,
  fuzzysort: fuzzySort,
  "Fuse.js": fuse,
};

/** With more people a search of one takes a second, and the index of the other more memory than a page has. */
const MOST = { "Fuse.js": 100_000, FlexSearch: 100_000 };

/** Those that are to find all there is and nothing else; of others it is only said what they find. */
const EXACT = ["Orgdeck", "folded, includes, narrowed"];

/** Nineteen of twenty are quicker. */
const p95 = (times) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1];

async function replay(search) {
  const times = [];
  let before;
  for (const typed of KEYSTROKES) {
    const started = performance.now();
    let answer = search(typed);
    if (typeof answer.then === "function") answer = await answer;
    times.push(performance.now() - started);
    // What was on the screen goes when the next is there.
    before?.free?.();
    before = answer;
  }
  before.free?.();
  return { ms: times.reduce((sum, ms) => sum + ms), p95: p95(times) };
}

/** The ids that each phrase, and each beginning of one, is to find. */
function oracle(records) {
  const search = searching(records, FIELDS);
  return new Map(KEYSTROKES.map((typed) => [typed, new Set(search(typed).map(({ id }) => id))]));
}

/** Of all that is to be found the part that is; and how much else, as a part of it. */
async function inspect(name, engine, oracle) {
  let [wanted, right, wrong] = [0, 0, 0];
  for (const [typed, expected] of oracle) {
    const answer = await (engine.all ?? engine.search)(typed);
    const ids = await answer.ids();
    const hits = ids.filter((id) => expected.has(id)).length;
    if (EXACT.includes(name) && (hits !== expected.size || ids.length !== hits || answer.length !== hits)) {
      throw new Error(`“${typed}” finds ${hits} of ${expected.size}, and ${ids.length - hits} others`);
    }
    answer.free?.();
    wanted += expected.size;
    right += hits;
    wrong += ids.length - hits;
  }
  return { recall: right / wanted, others: wrong / wanted };
}

export default {
  name: "search",
  cases: [
    {
      title: "86 keystrokes",
      oracle,
      inspect,
      needs: [objects, orgdeckTable],
      time: replay,
      contenders: Object.fromEntries(
        Object.entries(MAKERS).map(([name, make]) => [
          name,
          {
            /** Ready is who has answered a search. */
            async make(world) {
              const engine = await make(world);
              engine.search("a").free?.();
              return engine;
            },
            most: MOST[name],
            before: (engine) => engine.forget?.(),
            run: (engine, typed) => engine.search(typed),
          },
        ]),
      ),
    },
  ],
};
