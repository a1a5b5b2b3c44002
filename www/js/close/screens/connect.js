// Connect: the sandbox by one click, or an organisation of one's own.

import { attempt, card, connectPage, onLoopback, remember, sandboxCard, segments } from "../../connect-page.js";
import { fill, h } from "../../dom.js";
import { icon } from "../../icons.js";
import { OrgdeckError } from "../../orgdeck.js";
import { field } from "../../page.js";
import { adviceFor, fieldError, messageOf, problem } from "../../problem.js";
import { session } from "../session.js";

const CLOSE = "https://api.close.com/api/v1";

export function connectScreen({ signal, onConnected, vendorSwitch }) {
  const ownProblem = h("div", { class: "connect-problem" });

  // ---------------------------------------------------------------------------------------- own

  const kinds = ["token", "key"].map((value, index) =>
    h("input", { type: "radio", name: "kind", value, checked: index === 0, on: { change: chooseKind } }),
  );
  const secret = h("input", {
    class: "input mono",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
  });
  const secretField = field("Access token", secret, {
    id: "secret",
    hint: "Kept in this tab’s memory only, and gone when it closes.",
  });
  const base = h("input", {
    class: "input mono",
    type: "url",
    value: CLOSE,
    spellcheck: "false",
    autocomplete: "url",
    required: true,
  });
  const baseField = field("Base URL", base, {
    id: "base-url",
    hint: "Close may not answer pages of other sites: name a proxy of your own here if you have one.",
  });
  const consent = h("input", { type: "checkbox" });
  const consentError = h("p", { class: "field-error", id: "consent-error" });
  consent.setAttribute("aria-describedby", "consent-error");
  const consentBox = h(
    "div",
    { class: "notice warn consent" },
    icon("warning"),
    h(
      "div",
      { class: "notice-text" },
      h(
        "p",
        null,
        "An API key gives whoever reads it everything its owner may do, and this page is not served from your own computer.",
      ),
      h("label", { class: "check" }, consent, h("span", null, "I know, and use the key here all the same.")),
      consentError,
    ),
  );
  const submit = h("button", { type: "submit", class: "button primary wide" }, "Connect");

  const isKey = () => kinds[1].checked;

  function chooseKind() {
    session.form.key = isKey();
    drawKind();
  }

  function drawKind() {
    secretField.element.querySelector("label").textContent = isKey() ? "API key" : "Access token";
    secret.placeholder = isKey() ? "api_…" : "";
    consentBox.hidden = !isKey() || onLoopback();
    clearErrors();
  }

  function clearErrors() {
    fieldError(secret, secretField.error, "");
    fieldError(base, baseField.error, "");
    consentError.textContent = "";
    fill(ownProblem);
  }

  /** Puts an error beside the field it is about, or under the form when it is about none. */
  function showError(error) {
    const text = `${messageOf(error)} ${adviceFor(error)}`;
    if (!(error instanceof OrgdeckError)) fill(ownProblem, problem(error, { title: "Not connected" }));
    else if (error.code === "authentication") {
      fieldError(
        secret,
        secretField.error,
        `${new URL(base.value).host} does not accept this ${isKey() ? "key" : "token"}.`,
      );
    } else if (["network", "timeout", "decode", "not_found"].includes(error.code))
      fieldError(base, baseField.error, text);
    else if (error.code === "config") {
      const aboutKey = /apiKey|accessToken|auth/i.test(error.message);
      fieldError(aboutKey ? secret : base, aboutKey ? secretField.error : baseField.error, messageOf(error));
    } else fill(ownProblem, problem(error, { title: "Not connected" }));
  }

  function connectOwn(event) {
    event.preventDefault();
    clearErrors();
    const value = secret.value.trim();
    const baseUrl = base.value.trim();
    if (!value) return fieldError(secret, secretField.error, `Enter ${isKey() ? "an API key" : "an access token"}.`);
    if (!baseUrl) return fieldError(base, baseField.error, "Enter the address of the API.");
    const needsConsent = isKey() && !onLoopback();
    if (needsConsent && !consent.checked) {
      consentError.textContent = "Agree to this, or use an access token.";
      return consent.focus();
    }
    const auth = isKey() ? { apiKey: value } : { accessToken: value };
    const options = { auth, baseUrl, ...(needsConsent ? { allowApiKeyInBrowser: true } : {}) };
    attempt(submit, () => session.connect(options, signal), { signal, done: onConnected, onError: showError });
  }

  remember(session.form, { secret, base });
  kinds[session.form.key ? 1 : 0].checked = true;
  drawKind();
  return {
    title: "Connect",
    element: connectPage(
      {
        title: "Connect to Close",
        text: "People, groups, roles and memberships of your organisation.",
        vendorSwitch: vendorSwitch(),
      },
      sandboxCard((who) => session.connectSandbox(who, signal), { signal, onConnected }),
      card(
        { id: "own-title", title: "Your own organisation", symbol: "key" },
        h(
          "form",
          { class: "stack", novalidate: true, on: { submit: connectOwn } },
          segments("Credentials", [
            [kinds[0], "Access token"],
            [kinds[1], "API key"],
          ]),
          secretField.element,
          consentBox,
          baseField.element,
          ownProblem,
          submit,
        ),
      ),
    ),
  };
}
