import { type Conditions, toStoreSecond } from "./conditions.ts";

/** Which feeds are meant; times bound what they sent, by the minute. */
export interface SourceFilter {
  source?: string | undefined;
  site?: readonly string[] | undefined;
  domain?: readonly string[] | undefined;
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const STATE_CONDITIONS: Conditions<"source" | "site" | "domain" | "q"> = {
  source: "source = {source: String}",
  site: "site IN {site: Array(String)}",
  domain: "domain IN {domain: Array(String)}",
  q: "positionCaseInsensitiveUTF8(source, {q: String}) > 0",
};

export const ACTIVITY_CONDITIONS: Conditions<"source" | "site" | "domain" | "q" | "from" | "to"> = {
  ...STATE_CONDITIONS,
  from: "minute >= {from: DateTime('UTC')}",
  to: "minute < {to: DateTime('UTC')}",
};

export function toActivityValues({ from, to, ...rest }: SourceFilter) {
  return { ...rest, from: from && toStoreSecond(from), to: to && toStoreSecond(to) };
}
