// The sandbox, where one serves this page: what it offers beside the vendors' APIs.

/** Calls the sandbox itself, `/_sandbox/{name}`. */
export async function askSandbox(method, name, body) {
  const response = await fetch(`/_sandbox/${name}`, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`The sandbox answered with status ${response.status}.`);
  return response.status === 204 ? null : response.json();
}

/** True where a sandbox serves this page. */
export async function isSandbox() {
  try {
    return (await askSandbox("GET", "health")).ok === true;
  } catch {
    // Whatever else is here does not know the question.
    return false;
  }
}

/** Gives a token of the sandbox: the public one, and another of the same person when the last was refused. */
export function sandboxToken(token) {
  let current = token;
  return async ({ fresh }) => {
    if (fresh) ({ accessToken: current } = await askSandbox("POST", "token", { token }));
    return current;
  };
}
