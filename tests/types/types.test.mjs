// What TypeScript makes of the package: consumers' code against the packed tarball, and the declared members against
// those of the running classes.
//
//   ORGDECK_TARBALL=orgdeck-0.1.0.tgz node --test tests/types/*.test.mjs

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

assert.ok(process.env.ORGDECK_TARBALL, "ORGDECK_TARBALL is not set; `cargo xtask test types` sets it");
const TARBALL = resolve(process.env.ORGDECK_TARBALL);
const CONSUMER = join(dirname(fileURLToPath(import.meta.url)), "consumer");
const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
const TSC = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.tsc);

const folder = mkdtempSync(join(tmpdir(), "orgdeck-types-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const installed = join(folder, "node_modules", "orgdeck");
mkdirSync(installed, { recursive: true });
writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
// As npm unpacks it.
execFileSync("tar", ["-xzf", TARBALL, "-C", installed, "--strip-components=1"]);

/** The ways a consumer may be set up. */
const setups = {
  bundler: { module: "esnext", moduleResolution: "bundler" },
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  "bundler, as strict as can be": {
    module: "preserve",
    moduleResolution: "bundler",
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
  },
};

let projects = 0;

/** The errors of a consumer's file; `[{ file, line, code, text }]`. */
async function errors(name, source, compilerOptions) {
  const project = join(folder, `project-${(projects += 1)}`);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  writeFileSync(join(project, name), source);
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      // Nothing of this machine's own types.
      compilerOptions: {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        target: "es2022",
        lib: ["es2022", "dom"],
        types: [],
        ...compilerOptions,
      },
      files: [name],
    }),
  );
  const output = await new Promise((fulfil, reject) => {
    execFile(
      process.execPath,
      [TSC, "--pretty", "false", "--project", project],
      { cwd: project, timeout: 60_000 },
      (error, stdout, stderr) => {
        // 1 and 2 are what it ends with when there are errors in the code.
        if (error && ![1, 2].includes(error.code)) reject(new Error(`${error.message}\n${stdout}${stderr}`));
        else fulfil(stdout + stderr);
      },
    );
  });
  const found = [];
  for (const line of output.split("\n")) {
    const match = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/.exec(line);
    if (match) found.push({ file: match[1], line: Number(match[2]), code: match[3], text: match[4] });
    // What belongs to no line, such as an option that is not known, must not pass for success.
    else if (/error TS\d+/.test(line)) found.push({ file: "", line: 0, code: "", text: line });
  }
  return found;
}

/** The consumers' files of a kind: `[name, source]`. */
const consumers = (kind) =>
  readdirSync(CONSUMER)
    .filter((name) => name.startsWith(kind))
    .map((name) => [name, readFileSync(join(CONSUMER, name), "utf8")]);

for (const [file, source] of consumers("good")) {
  for (const [name, compilerOptions] of Object.entries(setups)) {
    test(`what a consumer may write compiles: ${file}, ${name}`, async () => {
      assert.deepEqual(await errors(file, source, compilerOptions), []);
    });
  }
}

test("the types need neither the DOM nor Node's types to be asked for", async () => {
  const source =
    'import init, { Close } from "orgdeck";\nawait init();\nexport const close: Close = new Close({ auth: { accessToken: "t" } });\n';
  assert.deepEqual(await errors("plain.ts", source, { ...setups.bundler, lib: ["es2022"] }), []);
  assert.deepEqual(await errors("plain.ts", source, { ...setups.nodenext, lib: ["es2022"] }), []);
});

test("JavaScript that is checked gets the same types", async () => {
  const source =
    '// @ts-check\nimport { Close } from "orgdeck";\nconst close = new Close({ auth: { accessToken: "t" } });\nclose.users.me({ fields: ["nmae"] });\n';
  const found = await errors("checked.js", source, { ...setups.bundler, allowJs: true, checkJs: true });
  assert.deepEqual(
    found.map(({ line, code }) => [line, code]),
    [[4, "TS2322"]],
  );
});

for (const [file, source] of consumers("wrong")) {
  describe(`what a consumer must not write: ${file}`, () => {
    const lines = source.split("\n");
    const cases = lines.flatMap((line, at) => {
      const match = /^\/\/ wrong: (TS\d+) (.+)$/.exec(line);
      return match ? [{ code: match[1], name: match[2], line: at + 2 }] : [];
    });
    const found = {};
    before(async () => {
      for (const [name, options] of Object.entries(setups)) found[name] = await errors(file, source, options);
    });

    for (const { code, name, line } of cases) {
      test(`${name}: \`${lines[line - 1]}\``, () => {
        for (const setup of Object.keys(setups)) {
          const here = found[setup].filter((error) => error.line === line);
          // Strict optional properties are told under a number of their own.
          const codes = here.map((error) => (error.code === "TS2375" || error.code === "TS2379" ? code : error.code));
          assert.deepEqual(codes, [code], `${setup}: ${JSON.stringify(here)}`);
        }
      });
    }

    test("and nothing else in that file is wrong", () => {
      assert.ok(cases.length > 10);
      const marked = new Set(cases.map(({ line }) => line));
      for (const setup of Object.keys(setups)) {
        assert.deepEqual(
          found[setup].filter(({ file: where, line }) => where !== file || !marked.has(line)),
          [],
          setup,
        );
      }
    });
  });
}

// ------------------------------------------------- the declared members, and those of the running classes

// By the property of Symbol that holds it: what Node 20 calls Symbol.dispose describes itself otherwise.
const symbol = (value) => Object.getOwnPropertyNames(Symbol).find((name) => Symbol[name] === value);
const text = (name) => (typeof name === "symbol" ? `typeof Symbol.${symbol(name)}` : JSON.stringify(name));
const union = (names) => (names.length ? names.map(text).join(" | ") : "never");
/** Of its class, and of those that it extends. */
function methodsOf(object) {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === Object.prototype) return [];
  const names = [...Reflect.ownKeys(prototype), ...methodsOf(prototype)];
  return [...new Set(names)].filter((name) => name !== "constructor");
}

/** The package, running, with a fetch that answers whatever the test says. */
async function running() {
  const entry = join(folder, "entry.mjs");
  const lines = [
    'export * from "orgdeck";',
    'export { default } from "orgdeck";',
    'export * as login from "orgdeck/login";',
  ];
  writeFileSync(entry, lines.join("\n"));
  const { login, ...orgdeck } = await import(pathToFileURL(entry));
  await orgdeck.default();
  return { orgdeck, login };
}

/** The same for what signs people in. */
async function claimsOfSignIn({ PkceLogin }, known) {
  const items = new Map();
  const login = new PkceLogin({
    clientId: "c",
    redirectUri: "https://a.example/",
    endpoints: { authorize: "https://b.example/", token: "https://b.example/token" },
    storage: { getItem: (key) => items.get(key), setItem: (key, text) => items.set(key, text), removeItem() {} },
    fetch: async () => Response.json({ access_token: "t" }),
  });
  const { searchParams } = new URL(await login.authorizeUrl());
  const session = await login.finish(`https://a.example/?code=c&state=${searchParams.get("state")}`);
  const every = (name) => `import('orgdeck/login').${name} extends infer A ? (A extends A ? keyof A : never) : never`;
  const nope = { nope: 1 };
  return {
    PkceLogin: ["keyof import('orgdeck/login').PkceLogin", methodsOf(login)],
    LoginSession: ["keyof import('orgdeck/login').LoginSession", [...Object.keys(session), ...methodsOf(session)]],
    LoginOptions: [every("LoginOptions"), await known(() => new PkceLogin(nope))],
    LoginEndpoints: [
      "keyof import('orgdeck/login').LoginEndpoints",
      await known(() => new PkceLogin({ clientId: "c", endpoints: nope })),
    ],
    LoginStart: ["keyof import('orgdeck/login').LoginStart", await known(() => login.authorizeUrl(nope))],
    "the options of signOut()": [
      "keyof NonNullable<Parameters<import('orgdeck/login').LoginSession['signOut']>[0]>",
      await known(() => session.signOut(nope)),
    ],
  };
}

/** The same for Genesys and for criteria. */
async function claimsOfGenesys({ ConfigError, Criteria, criteria, Genesys }, known) {
  let answer;
  const options = { auth: { accessToken: "t" }, baseUrl: "https://a.example", fetch: async () => answer() };
  const genesys = new Genesys(options);
  const nope = { nope: 1 };
  const of = (name) => `import('orgdeck').${name}`;
  const every = (name) => `${of(name)} extends infer A ? (A extends A ? keyof A : never) : never`;
  const options_ = (noun, method, at) => `keyof NonNullable<Parameters<${of(noun)}['${method}']>[${at}]>`;
  answer = () => new Response("{}", { status: 202 });
  const report = await genesys.groups.addMembers("g", ["u"]);
  let progress;
  await genesys.groups.removeMembers("g", ["u"], { onProgress: (given) => (progress = given) });
  answer = () =>
    new Response('{"code":"c"}', { status: 429, headers: { "inin-correlation-id": "i", "retry-after": "1" } });
  const failed = await genesys.groups.addMembers("g", ["u"], {}, { maxRetries: 0 }).catch((error) => error);
  const page = { entities: [], results: [], total: 0, pageCount: 0 };
  answer = () => new Response(JSON.stringify(page));
  const members = async (run) => {
    const error = await run().catch((thrown) => thrown);
    assert.ok(error instanceof ConfigError, `${error}`);
    return [...error.message.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  };
  return {
    Genesys: [`keyof ${of("Genesys")}`, [...Object.keys(genesys), ...methodsOf(genesys)]],
    "the static members of Genesys": [
      "Exclude<keyof typeof import('orgdeck').Genesys, 'prototype'>",
      Object.getOwnPropertyNames(Genesys).filter((name) => !["length", "name", "prototype"].includes(name)),
    ],
    GenesysGroups: [`keyof ${of("GenesysGroups")}`, Object.keys(genesys.groups)],
    GenesysDynamicSettings: [`keyof ${of("GenesysDynamicSettings")}`, Object.keys(genesys.groups.dynamicSettings)],
    GenesysProfiles: [`keyof ${of("GenesysProfiles")}`, Object.keys(genesys.profiles)],
    GenesysOptions: [every("GenesysOptions"), await known(() => new Genesys(nope))],
    LongCall: [`keyof ${of("LongCall")}`, await known(() => genesys.groups.removeMembers("g", ["u"], nope))],
    "the progress of a long call": [
      `keyof Parameters<NonNullable<${of("LongCall")}['onProgress']>>[0]`,
      Object.keys(progress),
    ],
    "the options of groups.delete()": [
      options_("GenesysGroups", "delete", 1),
      await known(() => genesys.groups.delete("g", nope)),
    ],
    "the options of groups.addMembers()": [
      options_("GenesysGroups", "addMembers", 2),
      await known(() => genesys.groups.addMembers("g", ["u"], nope)),
    ],
    "the options of groups.searchByQ64()": [
      options_("GenesysGroups", "searchByQ64", 1),
      await known(() => genesys.groups.searchByQ64("H4sI", nope).first()),
    ],
    "the options of Genesys' request()": [
      `keyof Parameters<${of("Genesys")}['request']>[0]`,
      await known(() => genesys.request(nope)),
    ],
    GenesysMembersReport: [`keyof ${of("GenesysMembersReport")}`, Object.keys(report)],
    GenesysMembersChunk: [`keyof ${of("GenesysMembersChunk")}`, Object.keys(report.chunks[0])],
    "an error of many": [
      `Exclude<keyof ${of("OrgdeckError")}, 'stack' | 'cause' | 'fields' | 'listing'>`,
      [...new Set([...Object.keys(failed), "name", "message"])],
    ],
    "how far it got": [`keyof NonNullable<${of("OrgdeckError")}['partial']>`, Object.keys(failed.partial)],
    Criteria: [`keyof ${of("Criteria")}`, methodsOf(new Criteria({ all: true }))],
    criteria: ["keyof typeof import('orgdeck').criteria", Object.keys(criteria)],
    CriteriaObject: [every("CriteriaObject"), [...(await known(() => new Criteria(nope).matches({}))), "fields"]],
    Range: [`keyof ${of("Range")}`, await members(async () => new Criteria({ range: nope, fields: "a" }).matches({}))],
  };
}

describe("the declared members are those of the running classes", async () => {
  const { orgdeck, login } = await running();
  const events = {};
  let answer, asked;
  const close = new orgdeck.Close({
    auth: { accessToken: (given) => ((asked = given), "t") },
    maxRetries: 0,
    rateLimit: { requests: 20, perMs: 10 },
    onEvent: (event) => (events[event.type] = event),
    fetch: async () => answer(),
  });
  const pages = close.users.list();
  const user = { id: "u", email: "e", first_name: null, last_name: null };
  answer = () => new Response(JSON.stringify({ data: [user], has_more: true }));
  const page = await pages.first();
  let progress;
  const { report } = await pages.all({ limit: 1, onProgress: (given) => (progress = given) });
  const answered = await close.request({ method: "GET", path: "/me/" }).withResponse();
  // More than the limit allows, and one that is asked for a fresh token.
  await Promise.all(Array.from({ length: 25 }, (_, at) => close.request({ method: "GET", path: `/at-${at}/` })));
  answer = () => new Response("{}", { status: 401 });
  await close.users.me().catch(() => {});
  answer = () => new Response("{}", { status: 503, headers: { "retry-after": "0" } });
  const given = close.users.me();
  await given.catch(() => {});
  const broken = await close.users
    .list({}, { maxRetries: 1 })
    .all()
    .catch((error) => error);
  answer = () => {
    throw new TypeError("offline");
  };
  const lost = await close.users.me().catch((error) => error);
  answer = () => new Response('{"field-errors":{"a":"b"}}', { status: 429, headers: { ratelimit: "reset=1" } });
  const refused = await close.users.me().catch((error) => error);

  /** The options that the package itself says it knows, when it is given one that it does not. */
  const known = async (run) => {
    const error = await Promise.resolve()
      .then(run)
      .catch((thrown) => thrown);
    assert.ok(error instanceof orgdeck.ConfigError, `${error}`);
    return [...error.message.split("there is ")[1].matchAll(/`(\w+)`/g)].map(([, name]) => name);
  };
  const nope = { nope: 1 };

  const claims = {
    "the exports": ["keyof typeof import('orgdeck')", Object.keys(orgdeck)],
    "the exports for signing in": ["keyof typeof import('orgdeck/login')", Object.keys(login)],
    Close: ["keyof Close", [...Object.keys(close), ...methodsOf(close)]],
    CloseUsers: ["keyof CloseUsers", Object.keys(close.users)],
    CloseOrganizations: ["keyof CloseOrganizations", Object.keys(close.organizations)],
    CloseMemberships: ["keyof CloseMemberships", Object.keys(close.memberships)],
    CloseRoles: ["keyof CloseRoles", Object.keys(close.roles)],
    CloseGroups: ["keyof CloseGroups", Object.keys(close.groups)],
    Pages: ["keyof Pages<unknown>", [...Object.keys(pages), ...methodsOf(pages)]],
    Page: ["keyof Page<unknown>", Object.keys(page)],
    ListingReport: ["keyof ListingReport", Object.keys(report)],
    "the listing of an error": ["keyof NonNullable<OrgdeckError['listing']>", Object.keys(broken.listing)],
    "the report of one that broke": ["keyof ListingReport", Object.keys(broken.listing.report)],
    "what withResponse() gives": [
      "keyof Awaited<ReturnType<import('orgdeck').CallPromise<1>['withResponse']>>",
      Object.keys(answered),
    ],
    Answer: ["keyof import('orgdeck').Answer", Object.keys(answered.response)],
    // What it has beside what every promise has.
    CallPromise: [
      "Exclude<keyof import('orgdeck').CallPromise<1>, keyof Promise<1>>",
      Object.getOwnPropertyNames(given),
    ],
    RateLimitState: ["keyof import('orgdeck').RateLimitState", Object.keys(close.rateLimits()[0])],
    "what a token function is asked": ["keyof Parameters<import('orgdeck').TokenFunction>[0]", Object.keys(asked)],
    "the options of rateLimit": [
      "keyof NonNullable<CloseOptions['rateLimit']>",
      await known(() => new orgdeck.Close({ auth: { accessToken: "t" }, rateLimit: nope })),
    ],
    Progress: ["keyof Progress", Object.keys(progress)],
    // Close names no request and has no words of its own; the type has them for Genesys.
    OrgdeckError: [
      "Exclude<keyof OrgdeckError, 'requestId' | 'vendorCode' | 'partial' | 'listing' | 'stack'>",
      [...new Set([...Object.keys(refused), "cause", "name", "message"])],
    ],
    "the cause of an error": [
      "Extract<keyof OrgdeckError, 'cause'>",
      Object.getOwnPropertyNames(lost).filter((name) => name === "cause"),
    ],
    "the event of a request": ["keyof Extract<OrgdeckEvent, { type: 'request' }>", Object.keys(events.request)],
    "the event of a response": ["keyof Extract<OrgdeckEvent, { type: 'response' }>", Object.keys(events.response)],
    ...Object.fromEntries(
      ["failure", "retry", "wait", "refresh", "page"].map((type) => [
        `the event of type ${type}`,
        [`keyof Extract<OrgdeckEvent, { type: '${type}' }>`, null],
      ]),
    ),
    "the types of events": ["{ [T in OrgdeckEvent['type']]: 1 } extends infer A ? keyof A : never", null],
    CloseOptions: ["keyof CloseOptions", await known(() => new orgdeck.Close(nope))],
    CloseAuth: [
      "CloseAuth extends infer A ? (A extends A ? keyof A : never) : never",
      await known(() => new orgdeck.Close({ auth: nope })),
    ],
    Call: ["keyof Call", await known(() => close.users.me({}, nope))],
    AllOptions: ["keyof AllOptions", await known(() => pages.all(nope))],
    "the options of request()": ["keyof Parameters<Close['request']>[0]", await known(() => close.request(nope))],
  };
  Object.assign(claims, await claimsOfSignIn(login, known), await claimsOfGenesys(orgdeck, known));
  await close.users.me({}, { signal: AbortSignal.timeout(0) }).catch(() => {});
  answer = () => Promise.reject(new Error("offline"));
  await close.users.me().catch(() => {});
  for (const type of ["failure", "retry", "wait", "refresh", "page"]) {
    claims[`the event of type ${type}`][1] = Object.keys(events[type] ?? {});
  }
  claims["the types of events"][1] = Object.keys(events);

  // One line for each claim, so that an error tells which one is wrong.
  const names = Object.keys(claims);
  const lines = names.map(
    (_, at) => `const claim${at}: Same<${claims[names[at]][0]}, ${union(claims[names[at]][1])}> = true;`,
  );
  const head = [
    'import type * as all from "orgdeck";',
    'import { OrgdeckError, type AllOptions, type Call, type Close, type CloseAuth, type CloseGroups, type CloseMemberships, type CloseOptions, type CloseOrganizations, type CloseRoles, type CloseUsers, type ListingReport, type OrgdeckEvent, type Page, type Pages, type Progress } from "orgdeck";',
    "type Same<Declared, Running> = [Exclude<Declared, Running>] extends [never] ? ([Exclude<Running, Declared>] extends [never] ? true : { notDeclared: Exclude<Running, Declared> }) : { notRunning: Exclude<Declared, Running> };",
  ];
  const source = [
    ...head,
    ...lines,
    `export { ${names.map((_, at) => `claim${at}`).join(", ")}, OrgdeckError, type all };`,
    "",
  ].join("\n");
  let found;
  before(async () => {
    found = await errors("members.ts", source, setups.bundler);
  });

  names.forEach((name, at) => {
    test(name, () => {
      assert.ok(claims[name][1].length > 0, "no member was found");
      const here = found.filter(({ line }) => line === head.length + 1 + at);
      assert.deepEqual(here, [], `${lines[at]}`);
    });
  });

  test("the check can fail, and nothing else is wrong with it", async () => {
    assert.deepEqual(
      found.filter(({ line }) => line <= head.length || line > head.length + lines.length),
      [],
    );
    const broken = [
      ...head,
      'export const missing: Same<keyof Page<1>, "items"> = true;',
      'export const more: Same<"a", "a" | "b"> = true;',
      "",
    ];
    const failed = await errors("broken.ts", broken.join("\n"), { ...setups.bundler, noUnusedLocals: false });
    assert.deepEqual(
      failed.map(({ line, code }) => [line, code]),
      [
        [head.length + 1, "TS2322"],
        [head.length + 2, "TS2322"],
      ],
    );
  });

  test("each exported class is declared as one, and extends what it says", () => {
    for (const name of Object.keys(orgdeck).filter((name) => name.endsWith("Error"))) {
      const declared = new RegExp(`^export class ${name} extends (\\w+)`, "m").exec(
        readFileSync(join(installed, "index.d.ts"), "utf8"),
      );
      assert.equal(declared?.[1], Object.getPrototypeOf(orgdeck[name]) === Error ? "Error" : "OrgdeckError", name);
    }
  });
});

// ---------------------------------------------------------------------------------------------- packaging

test("publint finds nothing", async () => {
  const tarball = readFileSync(TARBALL);
  const { messages, pkg } = await publint({
    pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
    strict: true,
  });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});
