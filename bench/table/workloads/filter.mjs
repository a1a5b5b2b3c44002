// Filters: how many records a condition leaves, and the rows of the first screen. Each round asks for something else, so
// that no answer can be an old one.

import { byArquero, byArray, byOrgdeck, byTanstack, filterTanstack } from "../engines.mjs";
import { ZONES } from "../names.mjs";

/** Another day in each round. */
const day = (round) => new Date(Date.UTC(2019, 0, 1 + 37 * round)).toISOString().slice(0, 10);

const ALL_ROLES = ["admin", "superuser"];

/**
 * Each has what it asks for in a round, and says it to every contender: as a condition for JavaScript, as an expression
 * for arquero with parameters, as criteria for Orgdeck; and once more to check them by.
 */
export const FILTERS = {
  "a flag and an equality": {
    asked: (round) => ({ zone: ZONES[round % ZONES.length] }),
    holds: ({ zone }) => (user) => user.is_active && user.last_used_timezone === zone,
    expression: "(d, $) => d.is_active && d.last_used_timezone === $.zone",
    where: ({ zone }) => ({
      and: [
        { exact: true, fields: "is_active" },
        { exact: zone, fields: "last_used_timezone" },
      ],
    }),
    oracle: (user, { zone }) => user.is_active === true && user.last_used_timezone === zone,
  },
  "a range of dates": {
    asked: (round) => ({ from: day(round), to: `${day(round + 20)}T23:59:59.999999+00:00` }),
    holds: ({ from, to }) => (user) => user.date_created >= from && user.date_created <= to,
    expression: "(d, $) => d.date_created >= $.from && d.date_created <= $.to",
    where: (range) => ({ range, fields: "date_created" }),
    oracle: ({ date_created }, { from, to }) =>
      new Date(date_created) >= new Date(from) && new Date(date_created) <= new Date(to),
  },
  "500 ids": {
    asked(round, { ids }) {
      const step = Math.max(1, Math.floor(ids.length / 500));
      return { ids: ids.filter((_, index) => index % step === round % step).slice(0, 500) };
    },
    holds({ ids }) {
      const wanted = new Set(ids);
      return (user) => wanted.has(user.id);
    },
    expression: "(d, $) => op.has($.wanted, d.id)",
    parameters: ({ ids }) => ({ wanted: new Set(ids) }),
    where: ({ ids }) => ({ exact: ids, fields: "id" }),
    oracle: (user, { ids }) => ids.includes(user.id),
  },
  "and, or and not, nested": {
    asked: (round) => ({ since: day(round) }),
    holds: ({ since }) => (user) =>
      user.is_active &&
      (ALL_ROLES.includes(user.role_id) || user.last_used_timezone?.startsWith("America/")) &&
      !user.email.endsWith("@example.org") &&
      user.date_updated >= since,
    expression:
      "(d, $) => d.is_active && (d.role_id === 'admin' || d.role_id === 'superuser'" +
      " || op.startswith(d.last_used_timezone, 'America/'))" +
      " && !op.endswith(d.email, '@example.org') && d.date_updated >= $.since",
    where: ({ since }) => ({
      and: [
        { exact: true, fields: "is_active" },
        {
          or: [
            { exact: ALL_ROLES, fields: "role_id" },
            { startsWith: "America/", fields: "last_used_timezone" },
          ],
        },
        { not: { contains: "@example.org", fields: "email" } },
        { range: { from: since }, fields: "date_updated" },
      ],
    }),
    oracle: (user, { since }) =>
      user.is_active &&
      (/^(admin|superuser)$/.test(user.role_id) || /^America[/]/.test(user.last_used_timezone ?? "")) &&
      !user.email.includes("@example.org") &&
      Date.parse(user.date_updated) >= Date.parse(since),
  },
};

const same = (asked) => asked;

const caseOf = ([title, filter]) => ({
  title,
  asked: filter.asked,
  expected: (records, asked) => records.filter((user) => filter.oracle(user, asked)),
  contenders: {
    Orgdeck: byOrgdeck((asked) => ({ where: filter.where(asked) })),
    "Array.filter": byArray((users, asked) => users.filter(filter.holds(asked))),
    arquero: byArquero((table, asked) => table.params((filter.parameters ?? same)(asked)).filter(filter.expression)),
    TanStack: byTanstack((table, asked) => filterTanstack(table, filter.holds(asked))),
  },
});

export default { name: "filter", cases: Object.entries(FILTERS).map(caseOf) };
