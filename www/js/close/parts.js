// What the screens of Close share.

import { lockedNote } from "../page.js";
import { session } from "./session.js";

/** Says beforehand that changes will be refused, to people whose role does not allow them. */
export function readOnlyNote() {
  if (session.mayManage) return null;
  return lockedNote("Your role does not include managing the organisation, so Close refuses changes made here.");
}

export const RECORDING = [
  ["unset", "Not set"],
  ["enabled", "Recorded"],
  ["disabled", "Not recorded"],
];

export const recordingLabel = (value) => RECORDING.find(([key]) => key === value)?.[1] ?? (value || "—");
