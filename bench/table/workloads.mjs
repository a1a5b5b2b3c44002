// All workloads, in the order that they are shown in.

import csv from "./workloads/csv.mjs";
import facets from "./workloads/facets.mjs";
import filter from "./workloads/filter.mjs";
import load from "./workloads/load.mjs";
import memory from "./workloads/memory.mjs";
import pages from "./workloads/pages.mjs";
import rows from "./workloads/rows.mjs";
import search from "./workloads/search.mjs";
import sort from "./workloads/sort.mjs";

const ALL = [load, pages, memory, filter, search, sort, facets, rows, csv];

export const WORKLOADS = new Map(ALL.map((workload) => [workload.name, workload]));
