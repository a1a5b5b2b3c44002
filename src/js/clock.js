/** Milliseconds by a clock that never goes back, whatever happens to the computer's. */
export const now = () => performance.now();

/** Calls back in so many milliseconds. Gives what ends that. */
export function sleep(ms, done) {
  const timer = setTimeout(done, ms);
  return () => clearTimeout(timer);
}

/** Milliseconds from now to a date as HTTP writes it, by the computer's clock; NaN for any other text. */
export function untilMs(date) {
  const isDate = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(date);
  return isDate ? Date.parse(date) - Date.now() : NaN;
}
