/** Milliseconds by a clock that never goes back, whatever happens to the computer's. */
export const now = () => performance.now();

/** A promise that comes true in so many milliseconds, and what makes it come true at once. */
export function sleep(ms) {
  let end;
  const promise = new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    end = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return [promise, end];
}

/** Milliseconds from now to a date as HTTP writes it, by the computer's clock; undefined for any other text. */
export function untilMs(date) {
  const isDate = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(date);
  return isDate ? Date.parse(date) - Date.now() : undefined;
}
