import { type Principal, isInScope } from "@throughline/schemas/access";
import type { Scope } from "@throughline/schemas/clickhouse/scope";
import { AppError } from "@throughline/schemas/error";
import type { Audit } from "../../actions/record-audit.ts";
import type { CheckpointStore } from "../../actions/store-checkpoint.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";

/** What working with checkpoints needs, and on whose behalf. */
export interface CheckpointContext {
  reader: StoreReader;
  asker: Asker;
  store: CheckpointStore;
  audit: Audit;
  actor: Pick<Principal, "id" | "name" | "scope">;
  requestId: string;
  now: number;
}

/** The sites of a company; those of all where there are none. */
interface OwnSites {
  sites?: readonly string[] | undefined;
}

/** True when the scope shows everything of a company. */
export function coversCompany(scope: Scope, { sites }: OwnSites): boolean {
  if (scope.sites === "*") return true;
  const own = scope.sites;
  return sites !== undefined && sites.every((site) => own.includes(site));
}

/** Throws `forbidden` for who may not see all that a checkpoint says. */
export function assertCovers({ scope }: Pick<Principal, "scope">, company: OwnSites, domain: string) {
  const isOwn = coversCompany(scope, company) && isInScope({ ...scope, sites: "*" }, { site: "", domain });
  if (!isOwn) throw new AppError("forbidden", "This concerns sites or a domain that you may not see.");
}
