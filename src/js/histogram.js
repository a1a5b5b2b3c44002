// How many dates lie in each of a row of equal times. Days are numbers from 1970 on, in UTC.

const DAY = 86_400_000;
/** The number of 1970's first day among those that come from the table. */
const FIRST = 1_000_000;
/** Bins that there are at most: the days of 27 years. */
const MOST = 10_000;
/** Days within which all dates of a directory lie, if they are any: two hundred years. */
const REACH = 73_200;

const moved = (day, move) => {
  const date = new Date(day * DAY);
  move(date);
  return date / DAY;
};

// For each unit: up to how many bins it is chosen, so that the next one has about twelve; about how many days it has; the
// first day of a bin that has a day; the first day of the next bin. Weeks begin on Monday, and 1970 on a Thursday.
const units = {
  day: [60, 1, (day) => day, (start) => start + 1],
  week: [60, 7, (day) => day - ((((day + 3) % 7) + 7) % 7), (start) => start + 7],
  month: [
    96,
    30.4,
    (day) => moved(day, (date) => date.setUTCDate(1)),
    (start) => moved(start, (date) => date.setUTCMonth(date.getUTCMonth() + 1)),
  ],
  year: [
    MOST,
    365.2,
    (day) => moved(day, (date) => date.setUTCMonth(0, 1)),
    (start) => moved(start, (date) => date.setUTCFullYear(date.getUTCFullYear() + 1)),
  ],
};

/** What a unit may be. */
export const unitKind = ["day, week, month or year", (value) => Object.hasOwn(units, value)];

/**
 * Days without those that lie centuries from most: `0001-01-01` is what some vendors write when they know no date, and it
 * would make thousands of empty bins. They do when all span more than there can be, and one gap is more than half of that.
 */
function without(days) {
  const span = days.at(-1)?.[0] - days[0]?.[0];
  const gap = span > REACH ? days.findIndex(([day], at) => at && (day - days[at - 1][0]) * 2 > span) : -1;
  if (gap < 0) return days;
  const [before, behind] = [days.slice(0, gap), days.slice(gap)];
  return without(sum(before) > sum(behind) ? before : behind);
}

const sum = (days) => days.reduce((all, [, count]) => all + count, 0);

/** Bins of days, which come in order and with how many dates lie on each. A unit of too many bins gives way to the next. */
export function histogramOf([missing, ...counted], wanted) {
  const days = counted.map(([day, count]) => [day - FIRST, count]);
  const kept = without(days);
  const outside = sum(days) - sum(kept);
  const [first, last] = [kept[0]?.[0] ?? 0, kept.at(-1)?.[0] ?? 0];
  const names = Object.keys(units);
  const fits = (name) => {
    const [readable, length] = units[name];
    if (wanted && names.indexOf(name) < names.indexOf(wanted)) return false;
    return (last - first) / length < (wanted ? MOST : readable);
  };
  const unit = names.find(fits) ?? "year";
  const [, , startOf, next] = units[unit];
  const bins = [];
  let at = 0;
  for (let start = startOf(first), end; at < kept.length; start = end) {
    end = next(start);
    let count = 0;
    for (; kept[at]?.[0] < end; at += 1) count += kept[at][1];
    bins.push({ start: new Date(start * DAY).toISOString().split("T")[0], count });
  }
  return { unit, bins, missing, outside };
}
