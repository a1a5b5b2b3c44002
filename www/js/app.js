// The frame: starts the package, routes by the address's hash, and puts one screen at a time into <main>.
//
// A screen is a function of a context. It gives `{ title, element, show?(id), mayLeave?() }`; its `signal` aborts
// when it is left, and with it everything it has under way; its dialogs close.

import { addressOf, partsOf } from "./address.js";
import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { chaos } from "./chaos.js";
import { chaosSwitch } from "./chaos-switch.js";
import { closeDialogs, confirmDialog } from "./dialog.js";
import { fill, h, phone, setAttribute } from "./dom.js";
import { icon } from "./icons.js";
import { init } from "./orgdeck.js";
import { problem } from "./problem.js";
import { rateGauge } from "./rate-gauge.js";
import { requestsPanel } from "./requests-panel.js";
import { VENDORS } from "./vendors.js";

const NAMES = Object.keys(VENDORS);
const VENDOR_KEY = "orgdeck.vendor";

const app = document.getElementById("app");
const main = document.getElementById("main");

let current = null;
/** For each vendor, the address that somebody wanted before they were connected. */
const wanted = new Map();

/** The vendor last looked at in this tab. */
function lastVendor() {
  const name = sessionStorage.getItem(VENDOR_KEY);
  return NAMES.includes(name) ? name : NAMES[0];
}

async function route() {
  const hash = location.hash;
  if (hash === current?.hash) return;
  const { vendor: named, name, id } = partsOf(hash, NAMES);
  const vendor = named || lastVendor();
  const { session, screens } = VENDORS[vendor];
  const known = Object.hasOwn(screens, name);
  if (!session.connected && known) wanted.set(vendor, addressOf(vendor, name, id));
  const screen = !session.connected ? "connect" : known ? name : Object.keys(screens)[0];
  const address = addressOf(vendor, screen, screen === name ? id : null);
  if (current?.vendor === vendor && current.name === screen) {
    history.replaceState(null, "", address);
    current.hash = address;
    current.screen.show?.(screen === name ? id : null);
    return;
  }
  const question = current?.screen.mayLeave?.();
  if (question) {
    // The address goes back to where the reader still is, until they have answered.
    history.replaceState(null, "", current.hash);
    const leave = await confirmDialog({ confirm: "Discard and leave", danger: true, ...question });
    if (!leave) return;
  }
  history.replaceState(null, "", address);
  show(vendor, screen, screen === name ? id : null);
}

function show(vendor, name, id) {
  const first = current === null;
  leave();
  const work = new AbortController();
  current = { vendor, name, work, hash: location.hash, screen: null };
  sessionStorage.setItem(VENDOR_KEY, vendor);
  const { connect, screens } = VENDORS[vendor];
  const make = name === "connect" ? connect : screens[name].make;
  const screen = make({
    signal: work.signal,
    id,
    navigate: (...to) => navigate(vendor, ...to),
    onConnected: () => onConnected(vendor),
    destination: () => wanted.get(vendor) ?? addressOf(vendor),
    vendorSwitch: () => vendorSwitch(vendor),
  });
  current.screen = screen;
  document.title = `${screen.title} · ${VENDORS[vendor].label} · Orgdeck`;
  fill(main, screen.element);
  main.scrollTop = 0;
  drawShell(vendor, name);
  if (first) return;
  main.querySelector("h1")?.focus();
  announce(screen.title);
}

/** Ends the screen that is there, and whatever it has under way. */
function leave() {
  current?.work.abort();
  closeDialogs();
}

/** Goes to a screen of a vendor; with `replace` the Back button does not stop there. */
function navigate(vendor, name, id, { replace = false } = {}) {
  const hash = addressOf(vendor, name, id);
  if (hash === location.hash) return;
  if (replace) {
    history.replaceState(null, "", hash);
    if (current) current.hash = hash;
  } else {
    location.hash = hash;
  }
}

function onConnected(vendor) {
  // Somebody who has gone to the other vendor meanwhile stays there.
  if (current?.vendor !== vendor) return;
  history.replaceState(null, "", wanted.get(vendor) ?? addressOf(vendor));
  wanted.delete(vendor);
  route();
}

async function signOut() {
  const { vendor } = current;
  leave();
  current = null;
  wanted.delete(vendor);
  const leaving = VENDORS[vendor].session.disconnect();
  history.replaceState(null, "", addressOf(vendor, "connect"));
  route();
  main.querySelector("h1")?.focus();
  await leaving;
}

// ------------------------------------------------------------------------------------------------ frame

const requests = requestsPanel();
const gauge = rateGauge();
const faults = chaosSwitch();
const account = h("div", { class: "account" });
const brandPlace = h("span", { class: "brand-place truncate", dir: "auto" });
const brand = h(
  "div",
  { class: "brand" },
  h("img", { src: "img/icon.svg", alt: "", width: 24, height: 24 }),
  h("span", { class: "brand-text" }, h("strong", null, "Orgdeck"), brandPlace),
);
const switchBox = h("div", { class: "sidebar-switch" });
const header = h("header", { class: "sidebar-head" }, brand, switchBox);
const list = h("ul");
const nav = h("nav", { class: "sidebar-nav", "aria-label": "Screens" }, list);
const foot = h(
  "section",
  { class: "sidebar-foot", "aria-label": "Account and tools" },
  gauge.element,
  h("div", { class: "sidebar-tools" }),
  requests.toggle,
  account,
);
const sidebar = h("div", { class: "sidebar" }, header, nav, foot);
/** The vendor that the sidebar is drawn for. */
let drawn = "";

/** Which vendor is shown, and the way to the others. */
function vendorSwitch(shown) {
  return h(
    "nav",
    { class: "segments vendor-switch", "aria-label": "Vendor" },
    NAMES.map((name) =>
      h(
        "a",
        { href: addressOf(name), "aria-current": name === shown ? "true" : null },
        h("span", null, VENDORS[name].label),
      ),
    ),
  );
}

function drawShell(vendor, name) {
  const { session, screens } = VENDORS[vendor];
  const { connected } = session;
  app.classList.toggle("is-connected", connected);
  gauge.watch(session.client);
  if (!connected) {
    sidebar.remove();
    requests.panel.remove();
    return;
  }
  if (!sidebar.isConnected || drawn !== vendor) {
    drawn = vendor;
    app.prepend(sidebar);
    app.append(requests.panel);
    fill(
      list,
      Object.entries(screens).map(([each, { label }]) =>
        h(
          "li",
          null,
          h(
            "a",
            { class: "nav-link", href: addressOf(vendor, each), dataset: { screen: each } },
            icon(each),
            h("span", { class: "nav-label" }, label),
          ),
        ),
      ),
    );
    fill(switchBox, vendorSwitch(vendor));
    drawAccount(session.account);
  }
  for (const link of list.querySelectorAll("a"))
    setAttribute(link, "aria-current", link.dataset.screen === name ? "page" : null);
}

function drawAccount({ id, first, last, email, place }) {
  brandPlace.textContent = place;
  fill(
    account,
    avatar({ id, first, last, email }),
    h(
      "div",
      { class: "account-text" },
      h("span", { class: "account-name truncate", dir: "auto" }, `${first} ${last}`.trim() || email),
      h("span", { class: "account-email truncate", dir: "ltr" }, email),
    ),
    h(
      "button",
      {
        type: "button",
        class: "button plain icon-only",
        "aria-label": "Sign out",
        title: "Sign out",
        on: { click: signOut },
      },
      icon("signOut"),
    ),
  );
}

// On a phone there is no room in the bar for what is not needed every day.
function placeFaults() {
  const place = phone.matches ? requests.tools : foot.querySelector(".sidebar-tools");
  fill(place, faults.button);
}
phone.addEventListener("change", placeFaults);
placeFaults();
app.prepend(faults.banner);
chaos.look();

// A skip link by hash would be taken for a route.
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("beforeunload", (event) => {
  if (current?.screen.mayLeave?.()) event.preventDefault();
});

try {
  await init();
  await Promise.all(Object.values(VENDORS).map(({ session }) => session.restore()));
  addEventListener("hashchange", route);
  await route();
} catch (error) {
  fill(
    main,
    h("div", { class: "boot" }, problem(error, { title: "Orgdeck could not start", retry: () => location.reload() })),
  );
}
