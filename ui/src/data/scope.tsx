import { useLocation, useSearchParams } from "@solidjs/router";
import { type Accessor, type JSX, createContext, createMemo, useContext } from "solid-js";
import { useNow } from "./clock.tsx";
import { toPageHref } from "./links.ts";
import { type TimeRange, parseTimeRange, toBounds, toRangeQuery } from "./time-range.ts";

/** The time, sites and domains that the whole page is about. All of it stands in the URL. */
export interface Scope {
  range: Accessor<TimeRange>;
  setRange: (range: TimeRange) => void;
  sites: Accessor<string[]>;
  setSites: (sites: string[]) => void;
  domains: Accessor<string[]>;
  setDomains: (domains: string[]) => void;
  /** The moment whose knowledge is shown, in milliseconds since 1970; undefined: now. */
  asOf: Accessor<number | undefined>;
  setAsOf: (atMs: number | undefined) => void;
  /** The same as a query parameter, for what answers it. */
  asOfQuery: Accessor<{ asOf?: string }>;
  /** The time, sites and domains as query parameters of the API's lists. */
  query: Accessor<ScopeQuery>;
  /** The same for what is counted: the API counts over three years at most. */
  countQuery: Accessor<ScopeQuery>;
  /** True when anything but the time narrows the page: sites, domains, or a filter of its own. */
  isNarrowed: Accessor<boolean>;
  /** A link to another page that keeps the scope. */
  linkTo: (path: string) => string;
  /** The page that lists what a figure of this page counts, in the same scope. */
  linkToRows: (apiHref: string) => string;
}

export interface ScopeQuery {
  from?: string;
  to?: string;
  site?: string[];
  domain?: string[];
}

const Context = createContext<Scope>();
const COUNTED_MS = 3 * 365 * 86_400_000;
/** What of a URL hides no row: the time, how rows are sorted, and which of them is open. */
const HIDING_NOTHING = new Set(["range", "from", "to", "asOf", "order", "zone", "open", "for", "at"]);
const KEPT = new Set(["range", "from", "to", "site", "domain", "asOf"]);

/** Keeps the scope in the URL for everything inside. */
export function ScopeProvider(props: { children: JSX.Element }): JSX.Element {
  return <Context.Provider value={createScope()}>{props.children}</Context.Provider>;
}

export function useScope(): Scope {
  const scope = useContext(Context);
  if (scope === undefined) throw new Error("useScope stands outside ScopeProvider");
  return scope;
}

function createScope(): Scope {
  const [search, setSearch] = useSearchParams();
  const location = useLocation();
  const now = useNow();
  const range = createMemo(() =>
    parseTimeRange({ range: one(search.range), from: one(search.from), to: one(search.to) }),
  );
  const sites = createMemo(() => all(search.site));
  const domains = createMemo(() => all(search.domain));
  const asOf = createMemo(() => parseMoment(one(search.asOf)));
  const hour = createMemo(() => Math.floor((asOf() ?? now()) / 3_600_000) * 3_600_000);
  const query = createMemo(() => ({
    ...toBounds(range(), hour()),
    ...whenAny("site", sites()),
    ...whenAny("domain", domains()),
  }));
  const linkTo = (path: string): string => joinQuery(path, location.search);
  return {
    range,
    setRange: (next) => setSearch(toRangeQuery(next)),
    sites,
    setSites: (next) => setSearch({ site: next }),
    domains,
    setDomains: (next) => setSearch({ domain: next }),
    asOf,
    setAsOf: (atMs) => setSearch({ asOf: toText(atMs) }),
    asOfQuery: () => toMomentQuery(asOf()),
    query,
    countQuery: () =>
      range().kind === "all" ? { from: new Date(hour() - COUNTED_MS).toISOString(), ...query() } : query(),
    isNarrowed: () =>
      Object.entries(search).some(
        ([name, value]) => !HIDING_NOTHING.has(name) && all(value).some((each) => each !== ""),
      ),
    linkTo,
    linkToRows: (apiHref) => {
      const [path = "", text = ""] = toPageHref(apiHref).split("?");
      const parameters = new URLSearchParams(text);
      const isBounded = parameters.has("from");
      if (range().kind === "last" || !isBounded) {
        parameters.delete("from");
        parameters.delete("to");
        const { range: preset } = toRangeQuery(isBounded ? range() : { kind: "all" });
        if (preset !== "") parameters.set("range", preset);
      }
      return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
    },
  };
}

function parseMoment(text: string | undefined): number | undefined {
  const atMs = Date.parse(text ?? "");
  return Number.isNaN(atMs) ? undefined : atMs;
}

function toText(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

function toMomentQuery(atMs: number | undefined): { asOf?: string } {
  const asOf = toText(atMs);
  return asOf === undefined ? {} : { asOf };
}

/** A path with its own parameters, and with those of the scope that it does not set itself. */
function joinQuery(path: string, search: string): string {
  const [base = "", text = ""] = path.split("?");
  const own = new URLSearchParams(text);
  const joined = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(search)) {
    if (KEPT.has(name) && !own.has(name)) joined.append(name, value);
  }
  for (const [name, value] of own) joined.append(name, value);
  return joined.size === 0 ? base : `${base}?${joined.toString()}`;
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
