// What a screen reader is told when something changes elsewhere on the page.

const live = document.getElementById("live");

/** What is to be said in the next frame. */
let waiting = [];

/** Says `text` politely. The same text twice is said twice, and what is said at one time is all heard. */
export function announce(text) {
  live.textContent = "";
  if (waiting.push(text) > 1) return;
  // A region that is emptied and filled in one go counts as unchanged.
  requestAnimationFrame(() => {
    live.textContent = waiting.join(". ");
    waiting = [];
  });
}
