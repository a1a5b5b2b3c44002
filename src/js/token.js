import { reasonOf } from "./errors.js";

/** Asks a function of the page for a token. Gives the token; or nothing, why, and what was thrown. */
export async function ask(give, fresh) {
  try {
    const token = await give({ fresh });
    return typeof token === "string" ? [token] : [null, "auth.accessToken gave something that is no string"];
  } catch (thrown) {
    return [null, `auth.accessToken failed: ${reasonOf(thrown)}`, thrown];
  }
}
