// What a consumer must not be able to write of tables.

import { Close, DirectoryTable } from "orgdeck";

declare const close: Close;
const users = await close.users.list({ fields: ["id", "email"] }).table();
const bytes = new Uint8Array();

// wrong: TS2673 a table comes from a list, bytes or a snapshot
new DirectoryTable();
// wrong: TS2322 a column that is no field
close.users.list().table({ columns: ["nmae"] });
// wrong: TS2353 an option of another method
close.users.list().table({ onPage: () => {} });
// wrong: TS2322 a field to sort by that was not asked for
users.query({ sort: [{ field: "last_name" }] });
// wrong: TS2322 an order that is none
users.query({ sort: [{ field: "email", order: "up" }] });
// wrong: TS2322 a field to search in that is none
users.query({ searchIn: ["name"] });
// wrong: TS2741 any object for a collator
users.query({ collator: { compare: () => 0 } });
// wrong: TS2345 a field to count that is none
users.query().facets("role");
// wrong: TS2322 a unit that is none
users.query().histogram("email", { unit: "hour" });
// wrong: TS2345 a model that is none
DirectoryTable.fromBytes(bytes, "close.person");
// wrong: TS2322 a kind of field that is none
DirectoryTable.fromBytes(bytes, { fields: { a: "string" } });
// wrong: TS2345 text in place of bytes
DirectoryTable.fromBytes("[]");
// wrong: TS2322 a record's field of another type
users.patch([{ id: "a", email: 5 }]);
// wrong: TS2540 what is told is not to be changed
users.length = 0;
