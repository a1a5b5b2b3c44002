// A button, and a box that opens beside it and closes by itself.

const GAP = 8;

/** Opens `box`, an element with `popover="auto"`, by `button`. It lies beside a button at the left edge, else below. */
export function opens(button, box) {
  button.popoverTargetElement = box;
  button.setAttribute("aria-expanded", "false");

  function place() {
    const { top, bottom, left, right } = button.getBoundingClientRect();
    const beside = right + GAP + box.offsetWidth + GAP <= innerWidth;
    const within = (value, size, room) => `${Math.max(GAP, Math.min(value, room - size - GAP))}px`;
    box.style.left = within(beside ? right + GAP : left, box.offsetWidth, innerWidth);
    box.style.top = within(beside ? top : bottom + GAP, box.offsetHeight, innerHeight);
  }

  // What it shows may grow while it is open.
  const observer = new ResizeObserver(place);
  box.addEventListener("toggle", ({ newState }) => {
    const open = newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return observer.disconnect();
    observer.observe(box);
    observer.observe(document.documentElement);
    place();
    box.querySelector("input, button, [tabindex]")?.focus();
  });
}
