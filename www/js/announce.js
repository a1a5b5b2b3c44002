// What a screen reader is told when something changes elsewhere on the page.

const live = document.getElementById("live");

/** Says `text` politely. The same text twice is said twice. */
export function announce(text) {
  live.textContent = "";
  // A region that is emptied and filled in one go counts as unchanged.
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}
