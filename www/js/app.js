// The frame: starts the package, routes by the address's hash, and puts one screen at a time into <main>.
//
// A screen is a function of a context. It gives `{ title, element, show?(rest), mayLeave?() }`; its `signal` aborts
// when it is left, and with it everything it has under way.

import { announce } from "./announce.js";
import { avatar } from "./avatar.js";
import { confirmDialog } from "./dialog.js";
import { fill, h, setAttribute } from "./dom.js";
import { icon } from "./icons.js";
import { init } from "./orgdeck.js";
import { problem } from "./problem.js";
import { requestsPanel } from "./requests-panel.js";
import { connectScreen } from "./screens/connect.js";
import { groupsScreen } from "./screens/groups.js";
import { membershipsScreen } from "./screens/memberships.js";
import { organisationScreen } from "./screens/organisation.js";
import { peopleScreen } from "./screens/people.js";
import { rolesScreen } from "./screens/roles.js";
import { session } from "./session.js";

const SCREENS = {
  people: { label: "People", make: peopleScreen },
  groups: { label: "Groups", make: groupsScreen },
  roles: { label: "Roles", make: rolesScreen },
  memberships: { label: "Memberships", make: membershipsScreen },
  organisation: { label: "Organisation", make: organisationScreen },
};
const HOME = "people";

const app = document.getElementById("app");
const main = document.getElementById("main");

let current = null;
let wanted = "";

function parse(hash) {
  const [name, ...rest] = hash.replace(/^#\/?/, "").split("/").map(decode);
  return { name, rest };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `navigate("groups", id)`; with `replace` the Back button does not stop there. */
function navigate(name, id, { replace = false } = {}) {
  const hash = `#/${name}${id ? `/${encodeURIComponent(id)}` : ""}`;
  if (hash === location.hash) return;
  if (replace) {
    history.replaceState(null, "", hash);
    if (current) current.hash = hash;
  } else {
    location.hash = hash;
  }
}

async function route() {
  const hash = location.hash;
  if (hash === current?.hash) return;
  const { name, rest } = parse(hash);
  if (!session.connected) {
    if (Object.hasOwn(SCREENS, name)) wanted = hash;
    if (name !== "connect") navigate("connect", null, { replace: true });
    return show("connect", connectScreen, []);
  }
  const screen = Object.hasOwn(SCREENS, name) ? name : HOME;
  if (screen !== name) navigate(screen, null, { replace: true });
  if (current?.name === screen) {
    current.hash = location.hash;
    current.screen.show?.(rest[0] ?? null);
    return;
  }
  const question = current?.screen.mayLeave?.();
  if (question) {
    // The address goes back to where the reader still is, until they have answered.
    history.replaceState(null, "", current.hash);
    const leave = await confirmDialog({ ...question, confirm: "Discard and leave", danger: true });
    if (!leave) return;
    history.replaceState(null, "", hash);
  }
  show(screen, SCREENS[screen].make, rest);
}

function show(name, make, rest) {
  const first = current === null;
  current?.work.abort();
  const work = new AbortController();
  current = { name, work, hash: location.hash, screen: null };
  const screen = make({ signal: work.signal, id: rest[0] ?? null, navigate, onConnected });
  current.screen = screen;
  document.title = `${screen.title} · Orgdeck`;
  fill(main, screen.element);
  main.scrollTop = 0;
  drawShell(name);
  if (first) return;
  main.querySelector("h1")?.focus();
  announce(screen.title);
}

function onConnected() {
  const hash = wanted || `#/${HOME}`;
  wanted = "";
  history.replaceState(null, "", hash);
  route();
}

function signOut() {
  current?.work.abort();
  session.disconnect();
  current = null;
  wanted = "";
  history.replaceState(null, "", "#/connect");
  route();
  main.querySelector("h1")?.focus();
}

// ------------------------------------------------------------------------------------------------ frame

const requests = requestsPanel();
const links = new Map(
  Object.entries(SCREENS).map(([name, { label }]) => [
    name,
    h("a", { class: "nav-link", href: `#/${name}` }, icon(name), h("span", { class: "nav-label" }, label)),
  ]),
);
const account = h("div", { class: "account" });
const brand = h(
  "div",
  { class: "brand" },
  h("img", { src: "img/icon.svg", alt: "", width: 24, height: 24 }),
  h(
    "span",
    { class: "brand-text" },
    h("strong", null, "Orgdeck"),
    h("span", { class: "brand-place truncate", dir: "auto" }),
  ),
);
const header = h("header", { class: "sidebar-head" }, brand);
const nav = h(
  "nav",
  { class: "sidebar-nav", "aria-label": "Screens" },
  h(
    "ul",
    null,
    [...links.values()].map((link) => h("li", null, link)),
  ),
);
const foot = h("section", { class: "sidebar-foot", "aria-label": "Account and tools" }, requests.toggle, account);
const sidebar = h("div", { class: "sidebar" }, header, nav, foot);

function drawShell(name) {
  const { connected, me } = session;
  app.classList.toggle("is-connected", connected);
  if (!connected) {
    sidebar.remove();
    requests.panel.remove();
    return;
  }
  if (!sidebar.isConnected) {
    app.prepend(sidebar);
    app.append(requests.panel);
    drawAccount(me);
  }
  for (const [each, link] of links) setAttribute(link, "aria-current", each === name ? "page" : null);
}

function drawAccount(me) {
  const person = { id: me.id, first: me.first_name ?? "", last: me.last_name ?? "", email: me.email ?? "" };
  brand.querySelector(".brand-place").textContent = me.organizations?.[0]?.name ?? "";
  fill(
    account,
    avatar(person),
    h(
      "div",
      { class: "account-text" },
      h(
        "span",
        { class: "account-name truncate", dir: "auto" },
        `${person.first} ${person.last}`.trim() || person.email,
      ),
      h("span", { class: "account-email truncate", dir: "ltr" }, person.email),
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
  await session.restore();
  addEventListener("hashchange", route);
  await route();
} catch (error) {
  fill(
    main,
    h("div", { class: "boot" }, problem(error, { title: "Orgdeck could not start", retry: () => location.reload() })),
  );
}
