import { useQuery } from "@tanstack/solid-query";
import type { FlowSummary, LegSummary } from "@throughline/api/contract";
import type { Accessor } from "solid-js";
import { useSession } from "./session.tsx";

export interface Names {
  flows: Accessor<readonly FlowSummary[]>;
  flowOf: (flow: string) => string;
  legOf: (flow: string, leg: string) => string;
  /** The rule of law that sets a leg's target; none for most. */
  statutoryOf: (flow: string, leg: string) => LegSummary["statutory"];
}

const STALE_MS = 10 * 60_000;
const UNREAD = "…";

/** What flows and legs are called: nothing that could be taken for a name while that is read, their ids where it is not known. */
export function createNames(): Names {
  const { client } = useSession();
  const query = useQuery(() => ({
    queryKey: ["names"],
    queryFn: ({ signal }) => client.get("/flows", {}, signal),
    staleTime: STALE_MS,
  }));
  const flows = (): readonly FlowSummary[] => (query.isSuccess ? query.data.items : []);
  const find = (flow: string): FlowSummary | undefined => flows().find(({ id }) => id === flow);
  const findLeg = (flow: string, leg: string) => find(flow)?.legs.find(({ id }) => id === leg);
  return {
    flows,
    flowOf: (flow) => find(flow)?.title ?? (query.isPending ? UNREAD : flow),
    legOf: (flow, leg) => findLeg(flow, leg)?.title ?? (query.isPending ? UNREAD : leg),
    statutoryOf: (flow, leg) => findLeg(flow, leg)?.statutory ?? null,
  };
}
