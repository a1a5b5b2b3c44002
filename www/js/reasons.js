// Why a call waits, in words.

import { durationText } from "./text.js";

const REASONS = {
  network: "The connection was lost",
  timeout: "No answer came in time",
  rate_limit: "Too many requests",
  server: "The server had a problem",
  authentication: "The token was not accepted",
};

/** Why the try before was not the last: “The server had a problem (503)”. */
export function causeOf({ code, status }) {
  const words = REASONS[code] ?? "It did not work";
  return status ? `${words} (${status})` : words;
}

/** What a line that waits is waiting for, and how long yet. */
export function reasonOf(line) {
  const left = Math.max(0, line.until - Date.now());
  const soon = left > 0 ? `in ${durationText(left)}` : "now";
  if (line.type === "refresh") return "The token was refused, a fresh one is fetched";
  if (line.type === "wait")
    return left > 0 ? `Waiting ${durationText(left)} for the rate limit` : "Waiting for the rate limit";
  return `${causeOf(line)}, again ${soon}`;
}
