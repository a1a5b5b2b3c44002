// Tables: what is typed to the field, and what is not.

import init, {
  Close,
  DirectoryTable,
  Genesys,
  criteria,
  type CloseUser,
  type Facet,
  type GenesysGroup,
  type Histogram,
  type ListingReport,
  type TableView,
  type TextRange,
} from "orgdeck";

declare const close: Close;
declare const genesys: Genesys;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function type<A>(value: A): { is<B>(...same: Equal<A, B> extends true ? [] : [never]): void };

await init();

// From lists.
const users = await close.users.list().table();
type(users.get("user_a")).is<Pick<CloseUser, keyof CloseUser> | undefined>();
const names = await close.users.list({ fields: ["id", "email"] }).table({
  columns: ["email"],
  concurrency: 2,
  limit: 1_000,
  signal: AbortSignal.timeout(1_000),
  onProgress: ({ items, table }) => {
    type(items).is<number>();
    type(table).is<DirectoryTable<Pick<CloseUser, "id" | "email">>>();
  },
});
type(names.report).is<ListingReport | null>();
await close.users.list().table({ into: users });
const groups: DirectoryTable<GenesysGroup> = await genesys.groups.list().table();

// From bytes and snapshots.
const bytes = new Uint8Array();
type(await DirectoryTable.fromBytes(bytes, "close.user")).is<DirectoryTable<CloseUser>>();
type(await DirectoryTable.fromBytes(bytes)).is<DirectoryTable<Record<string, unknown>>>();
await DirectoryTable.fromBytes(bytes.buffer, { key: "number", fields: { number: "number", tags: "json" } });
await DirectoryTable.fromBytes(bytes, "genesys.group", { columns: ["name"] });
type(await DirectoryTable.restore<CloseUser>(users.snapshot())).is<DirectoryTable<CloseUser>>();
// A snapshot is what IndexedDB and Blob take.
new Blob([users.snapshot()]);

// Queries.
const view = users.query({
  where: criteria.exact("email", "a@example.com"),
  search: "role:admin -inactive",
  searchIn: ["first_name", "last_name"],
  sort: [{ field: "last_name" }, { field: "date_created", order: "descending" }],
  collator: new Intl.Collator("de"),
});
type(view).is<TableView<Pick<CloseUser, keyof CloseUser>>>();
type(view.rows(0, 50)[0]!.email).is<CloseUser["email"]>();
type(view.ids()).is<string[]>();
type(view.indexOf("user_a")).is<number>();
type(view.highlights(0, 1)[0]!["email"]).is<TextRange[] | undefined>();
type(view.facets("last_used_timezone", { limit: 5 })).is<Facet[]>();
type(view.histogram("date_created", { unit: "month" })).is<Histogram>();
type(view.toCsv({ columns: ["email"], header: ["Address"], bom: true, separator: ";", formulas: true })).is<Blob>();
type(view.toJson()).is<Blob>();

// Changes.
type(users.upsert(view.rows())).is<{ added: number; replaced: number }>();
type(users.patch([{ id: "user_a", first_name: "Ann" }])).is<number>();
type(users.remove(["user_a"])).is<number>();
type(groups.byteLength).is<number>();

{
  using table = await close.roles.list().table();
  using all = table.query();
  type(all.length).is<number>();
}
