// Connect to Genesys Cloud: the sandbox by one click, or an organisation of one's own by signing in or by a token.

import { attempt, card, connectPage, onLoopback, remember, sandboxCard, segments } from "../../connect-page.js";
import { fill, h } from "../../dom.js";
import { icon } from "../../icons.js";
import { OrgdeckError } from "../../orgdeck.js";
import { field } from "../../page.js";
import { adviceFor, fieldError, messageOf, problem } from "../../problem.js";
import { session } from "../session.js";

const REGIONS = [
  ["us_east_1", "US East, N. Virginia"],
  ["us_east_2", "US East, FedRAMP"],
  ["us_west_2", "US West, Oregon"],
  ["ca_central_1", "Canada, Montréal"],
  ["mx_central_1", "Mexico, Querétaro"],
  ["sa_east_1", "South America, São Paulo"],
  ["eu_west_1", "Europe, Dublin"],
  ["eu_west_2", "Europe, London"],
  ["eu_central_1", "Europe, Frankfurt"],
  ["eu_central_2", "Europe, Zurich"],
  ["eusc_de_east_1", "Europe, sovereign cloud"],
  ["me_central_1", "Middle East, UAE"],
  ["ap_south_1", "Asia Pacific, Mumbai"],
  ["ap_southeast_1", "Asia Pacific, Singapore"],
  ["ap_southeast_2", "Asia Pacific, Sydney"],
  ["ap_northeast_1", "Asia Pacific, Tokyo"],
  ["ap_northeast_2", "Asia Pacific, Seoul"],
  ["ap_northeast_3", "Asia Pacific, Osaka"],
];
/** The choice of an address of one's own, instead of a region. */
const OWN = "own";

export function connectScreen({ signal, onConnected, vendorSwitch, destination }) {
  const ownProblem = h("div", { class: "connect-problem" });
  const { form } = session;

  // ---------------------------------------------------------------------------------------- own

  const ways = ["sign-in", "token"].map((value, index) =>
    h("input", { type: "radio", name: "way", value, checked: index === 0, on: { change: chooseWay } }),
  );
  const region = h(
    "select",
    { class: "select", on: { change: drawWay } },
    h("option", { value: OWN }, "An address of your own"),
    h(
      "optgroup",
      { label: "Regions" },
      REGIONS.map(([key, label]) => h("option", { value: key }, `${label} (${key})`)),
    ),
  );
  region.value = onLoopback() ? OWN : REGIONS[0][0];
  const regionField = field("Where", region, { id: "region" });
  const base = h("input", {
    class: "input mono",
    type: "text",
    value: onLoopback() ? location.origin : "",
    spellcheck: "false",
    autocomplete: "url",
    placeholder: "https://… or mypurecloud.com",
  });
  const baseField = field("Base URL or host", base, {
    id: "base-url",
    hint: "Without /api/v2; or a region’s host, such as mypurecloud.com.",
  });
  const clientId = h("input", {
    class: "input mono",
    type: "text",
    value: onLoopback() ? "orgdeck-console" : "",
    spellcheck: "false",
    autocomplete: "off",
  });
  const clientField = field("Client ID", clientId, {
    id: "client-id",
    hint: "Of an OAuth client for code grants with PKCE, with this page’s address as redirect URI.",
  });
  const stay = h("input", { type: "checkbox" });
  const stayBox = h(
    "label",
    { class: "check" },
    stay,
    h(
      "span",
      null,
      "Stay signed in when the page is reloaded",
      h(
        "span",
        { class: "hint" },
        "Tokens are then kept in this tab’s storage, where any script of this page can read them.",
      ),
    ),
  );
  const secret = h("input", { class: "input mono", type: "password", autocomplete: "off", spellcheck: "false" });
  const secretField = field("Access token", secret, {
    id: "secret",
    hint: "Kept in this tab’s memory only, and gone when it closes.",
  });
  const submit = h("button", { type: "submit", class: "button primary wide" });

  const signsIn = () => ways[0].checked;

  function chooseWay() {
    form.way = signsIn() ? "sign-in" : "token";
    drawWay();
  }

  function drawWay() {
    baseField.element.hidden = region.value !== OWN;
    clientField.element.hidden = stayBox.hidden = !signsIn();
    secretField.element.hidden = signsIn();
    submit.textContent = signsIn() ? "Sign in" : "Connect";
    clearErrors();
  }

  function clearErrors() {
    fieldError(secret, secretField.error, "");
    fieldError(base, baseField.error, "");
    fieldError(clientId, clientField.error, "");
    fill(ownProblem);
  }

  /** Where it is, `{ region }` or `{ baseUrl }`; null after saying what is missing. */
  function place() {
    if (region.value !== OWN) return { region: region.value };
    const text = base.value.trim();
    if (!text) return fieldError(base, baseField.error, "Enter the address of the API, or a region’s host.") ?? null;
    return text.includes("/") ? { baseUrl: text } : { region: text };
  }

  /** Puts an error beside the field it is about, or under the form when it is about none. */
  function showError(error) {
    const text = `${messageOf(error)} ${adviceFor(error)}`;
    const whole = () => fill(ownProblem, problem(error, { title: signsIn() ? "Not signed in" : "Not connected" }));
    if (!(error instanceof OrgdeckError) && !(error instanceof TypeError)) whole();
    else if (error.code === "authentication" && !signsIn())
      fieldError(secret, secretField.error, "Genesys Cloud does not accept this token.");
    else if (region.value === OWN && ["network", "timeout", "decode", "not_found"].includes(error.code))
      fieldError(base, baseField.error, text);
    else if (error.code === "config" && /accessToken|auth\b/i.test(error.message))
      fieldError(secret, secretField.error, messageOf(error));
    else if (error.code === "config" || error instanceof TypeError) fieldError(base, baseField.error, messageOf(error));
    else whole();
  }

  function connectOwn(event) {
    event.preventDefault();
    clearErrors();
    const where = place();
    if (!where) return;
    if (signsIn()) {
      const fields = { region: region.value, base: base.value };
      const wanted = { clientId: clientId.value.trim(), place: where, stay: stay.checked, fields };
      if (!wanted.clientId) return fieldError(clientId, clientField.error, "Enter the id of the OAuth client.");
      attempt(submit, () => session.signIn(wanted, destination()), {
        signal,
        done: () => {},
        onError: showError,
        busy: "To the sign-in page…",
      });
      return;
    }
    const token = secret.value.trim();
    if (!token) return fieldError(secret, secretField.error, "Enter an access token.");
    attempt(submit, () => session.connect(token, where, signal), { signal, done: onConnected, onError: showError });
  }

  remember(form, { region, base, clientId, stay, secret });
  ways[form.way === "token" ? 1 : 0].checked = true;
  drawWay();
  const notice = session.problem && signInProblem(session.problem);
  session.problem = null;

  return {
    title: "Connect",
    element: connectPage(
      {
        title: "Connect to Genesys Cloud",
        text: "Groups of your organisation, and who is in them.",
        vendorSwitch: vendorSwitch(),
        notice,
      },
      sandboxCard((who) => session.connectSandbox(who, signal), { signal, onConnected }),
      card(
        { id: "own-title", title: "Your own organisation", symbol: "key" },
        h(
          "form",
          { class: "stack", novalidate: true, on: { submit: connectOwn } },
          segments("How to connect", [
            [ways[0], "Sign in"],
            [ways[1], "Access token"],
          ]),
          regionField.element,
          baseField.element,
          clientField.element,
          stayBox,
          secretField.element,
          ownProblem,
          submit,
        ),
      ),
    ),
  };
}

/** Why a sign-in came to nothing. That somebody said no is no fault, and has no facts to pass on. */
function signInProblem(error) {
  if (error.vendorCode === "access_denied") {
    return h(
      "p",
      { class: "notice warn", role: "alert" },
      icon("warning"),
      h(
        "span",
        { class: "notice-text" },
        "The sign-in was refused on the sign-in page. Nobody is connected; try again when you like.",
      ),
    );
  }
  return problem(error, { title: "The sign-in did not work", advice: ADVICE[error.code] });
}

const ADVICE = {
  authentication: "Nobody was signed in. Start again below.",
};
