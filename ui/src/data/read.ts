import type { Readable } from "@throughline/api/contract";
import { QueryClient, keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/solid-query";
import type { Accessor } from "solid-js";
import { ApiError, type RequestOf } from "./client.ts";
import { useSession } from "./session.tsx";

export interface ReadOptions {
  /** Shows what was read before while another request of the same kind runs. Default false. */
  isKept?: boolean;
  isEnabled?: boolean;
  /** How long an answer counts as fresh when nothing says that it changed. Default 30 s. */
  staleMs?: number;
  /** How old it may become before news of events has it read again. Default 0: as soon as there is news. */
  refreshMs?: number;
}

const STALE_MS = 30_000;
const KEPT_MS = 10 * 60_000;
const FIRST_BAD_GATEWAY = 502;

/** The cache of everything read on this page. */
export function createQueryCache(): QueryClient {
  const isWorthAnother = (failures: number, error: Error): boolean =>
    failures < 1 && error instanceof ApiError && (error.status === 0 || error.status >= FIRST_BAD_GATEWAY);
  return new QueryClient({
    defaultOptions: { queries: { staleTime: STALE_MS, gcTime: KEPT_MS, retry: isWorthAnother, retryDelay: 800 } },
  });
}

/** Reads one path of the API and keeps it up to date. */
export function createRead<Name extends keyof Readable>(
  name: Name,
  request: Accessor<RequestOf<Name>>,
  options: Accessor<ReadOptions> = () => ({}),
) {
  const { client } = useSession();
  return useQuery(() => ({
    queryKey: [name, request()],
    queryFn: ({ signal }): Promise<Readable[Name]["answer"]> => client.get(name, request(), signal),
    enabled: options().isEnabled ?? true,
    staleTime: options().staleMs ?? STALE_MS,
    meta: { refreshMs: options().refreshMs ?? 0 },
    ...(options().isKept === true ? { placeholderData: keepPreviousData } : {}),
  }));
}

type PagedName =
  | "/legs"
  | "/breaches"
  | "/reconciliations/{id}/items"
  | "/reconciliations/{id}/moves"
  | "/reconciliations/{id}/checkpoints/{checkpoint}/rows"
  | "/reconciliations/{id}/checkpoints/{checkpoint}/adjustments"
  | "/reconciliations/{id}/accruals"
  | "/reconciliations/{id}/confirmations"
  | "/outcomes/{id}/cases"
  | "/slos"
  | "/sources"
  | "/interfaces"
  | "/excuses"
  | "/crosswalks"
  | "/mapping-waits"
  | "/edges"
  | "/edges/orders"
  | "/matches"
  | "/positions"
  | "/seats/pharmacy/shortages"
  | "/quarantine";

/** Reads a list page by page. While filters change, the rows of the old ones stay until the new ones are here. */
export function createPagedRead<Name extends PagedName>(name: Accessor<Name>, request: Accessor<RequestOf<Name>>) {
  const { client } = useSession();
  return useInfiniteQuery(() => ({
    queryKey: [name(), "pages", request()],
    queryFn: ({ pageParam, signal }): Promise<Readable[Name]["answer"]> =>
      client.get(name(), withCursor(request(), pageParam), signal),
    initialPageParam: "",
    getNextPageParam: (page: Readable[Name]["answer"]) => page.nextCursor,
    placeholderData: keepPreviousData,
  }));
}

function withCursor<Request extends { query?: object }>(request: Request, cursor: string): Request {
  return cursor === "" ? request : { ...request, query: { ...request.query, cursor } };
}
