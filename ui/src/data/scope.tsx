import { useLocation, useSearchParams } from "@solidjs/router";
import { type Accessor, createMemo } from "solid-js";
import { useNow } from "./clock.tsx";
import { type TimeRange, parseTimeRange, toBounds, toRangeQuery } from "./time-range.ts";

/** The time, sites and domains that the whole page is about. All of it stands in the URL. */
export interface Scope {
  range: Accessor<TimeRange>;
  setRange: (range: TimeRange) => void;
  sites: Accessor<string[]>;
  setSites: (sites: string[]) => void;
  domains: Accessor<string[]>;
  setDomains: (domains: string[]) => void;
  /** The same as query parameters of the API. */
  query: Accessor<ScopeQuery>;
  /** A link to another page that keeps the scope. */
  linkTo: (path: string) => string;
}

export interface ScopeQuery {
  from?: string;
  to?: string;
  site?: string[];
  domain?: string[];
}

const KEPT = ["range", "from", "to", "site", "domain"];

/** Reads and writes the scope in the URL. */
export function useScope(): Scope {
  const [search, setSearch] = useSearchParams();
  const location = useLocation();
  const now = useNow();
  const range = createMemo(() => parseTimeRange({ range: one(search.range), from: one(search.from), to: one(search.to) }));
  const sites = createMemo(() => all(search.site));
  const domains = createMemo(() => all(search.domain));
  const bounds = createMemo(() => toBounds(range(), now()), undefined, { equals: (a, b) => a.from === b.from && a.to === b.to });
  return {
    range,
    setRange: (next) => setSearch(toRangeQuery(next)),
    sites,
    setSites: (next) => setSearch({ site: next }),
    domains,
    setDomains: (next) => setSearch({ domain: next }),
    query: () => ({ ...bounds(), ...whenAny("site", sites()), ...whenAny("domain", domains()) }),
    linkTo: (path) => {
      const kept = new URLSearchParams();
      for (const [name, value] of new URLSearchParams(location.search)) if (KEPT.includes(name)) kept.append(name, value);
      const [base = "", own = ""] = path.split("?");
      const ownParameters = new URLSearchParams(own);
      for (const name of new Set(ownParameters.keys())) kept.delete(name);
      for (const [name, value] of ownParameters) kept.append(name, value);
      return kept.size === 0 ? base : `${base}?${kept.toString()}`;
    },
  };
}

/** The first value of a query parameter. */
export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** All values of a query parameter. */
export function all(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function whenAny<Name extends string>(name: Name, values: string[]): Partial<Record<Name, string[]>> {
  const record: Partial<Record<Name, string[]>> = {};
  if (values.length > 0) record[name] = values;
  return record;
}
