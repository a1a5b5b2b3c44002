// The calls that faults happen to. The page makes them by `run(client, given, call)`; the test knows by `method` and `path`
// which requests a fault is for, and by `done(vendor, given)` how many times a change was made, from the vendor's data.

const SETTINGS = { skillConditions: [{ operation: "And", languageSkillConditions: [], routingSkillConditions: [] }] };

const settings = (skill) => ({
  skillConditions: [
    {
      ...SETTINGS.skillConditions[0],
      routingSkillConditions: [
        { routingSkill: skill, comparator: "GreaterThanOrEqualTo", proficiency: 1, childConditions: [] },
      ],
    },
  ],
});

const count = (items, name) => items.filter((item) => item.name === name).length;

export const calls = {
  close: {
    get: {
      method: "GET",
      path: "/api/v1/group/*",
      run: (close, { id }, call) => close.groups.get(id, {}, call),
    },
    put: {
      method: "PUT",
      path: "/api/v1/group/*",
      run: (close, { id, name }, call) => close.groups.update(id, { name }, {}, call),
      done: async ({ ask }, { id, name }) => Number((await ask(`/group/${id}/`)).name === name),
    },
    // Roles may have the same name, so that one made twice is seen.
    post: {
      method: "POST",
      path: "/api/v1/role/",
      run: (close, { name }, call) => close.roles.create({ name, permissions: [] }, call),
      done: async ({ askAll }, { name }) => count(await askAll("/role/"), name),
    },
    delete: {
      method: "DELETE",
      path: "/api/v1/group/*",
      run: (close, { id }, call) => close.groups.delete(id, call),
      done: async ({ ask }, { id }) => Number((await ask(`/group/${id}/`)) === null),
    },
    /** 200 people on 4 pages. */
    list: {
      method: "GET",
      path: "/api/v1/user/",
      run: (close, _, call) => close.users.list({ fields: ["id", "email"], limit: 50 }, call),
      page: (number) => `_skip=${(number - 1) * 50}`,
      all: ({ askAll }) => askAll("/user/"),
    },
  },
  genesys: {
    get: {
      method: "GET",
      path: "/api/v2/groups/*",
      run: (genesys, { id }, call) => genesys.groups.get(id, call),
    },
    put: {
      method: "PUT",
      path: "/api/v2/groups/*/dynamicsettings",
      run: (genesys, { id, skill }, call) => genesys.groups.dynamicSettings.set(id, settings(skill), call),
      done: async ({ ask }, { id }) => Number((await ask(`/groups/${id}/dynamicsettings`)) !== null),
    },
    /** With a version, which a second time would be an older one: two requests, and the change is counted. */
    update: {
      method: "PUT",
      path: "/api/v2/groups/*",
      run: (genesys, { id, name }, call) => genesys.groups.update(id, { version: "latest", name }, call),
      done: async ({ ask }, { id, version }) => (await ask(`/groups/${id}`)).version - version,
    },
    post: {
      method: "POST",
      path: "/api/v2/groups",
      run: (genesys, { name }, call) =>
        genesys.groups.create({ name, type: "official", rulesVisible: true, visibility: "public" }, call),
      done: async ({ askAll }, { name }) => count(await askAll("/groups"), name),
    },
    delete: {
      method: "DELETE",
      path: "/api/v2/groups/*",
      run: (genesys, { id }, call) => genesys.groups.delete(id, {}, call),
      done: async ({ ask }, { id }) => Number(((await ask(`/groups/${id}`)) ?? { state: "deleted" }).state === "deleted"),
    },
    /** 40 groups on 4 pages. */
    list: {
      method: "GET",
      path: "/api/v2/groups",
      run: (genesys, _, call) => genesys.groups.list({ pageSize: 10 }, call),
      page: (number) => `pageNumber=${number}`,
      all: ({ askAll }) => askAll("/groups"),
    },
  },
};
