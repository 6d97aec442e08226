import type { InterfaceDefinition } from "@throughline/schemas/pack/interface";
import type { ApiUse, Certificate, InterfaceFinding, InterfaceSummary, SeenVersion } from "../contract/interface.ts";
import { isRefused } from "./sum-calls.ts";

/** Days before the end of a certificate from which it is a finding, and how severe that is; the first that fits counts. */
const CERTIFICATE_STAGES = [
  { days: 7, severity: "critical" },
  { days: 14, severity: "high" },
  { days: 30, severity: "standard" },
] as const;

const SEVERITIES = ["critical", "high", "standard"];

interface Seen {
  cadence: InterfaceSummary["cadence"];
  versions: readonly SeenVersion[];
  use: readonly ApiUse[];
  certificates: readonly Certificate[];
}

/** Everything that is not as it was agreed, the most severe first. Counted in the range that `seen` was counted in. */
export function findFindings(definition: InterfaceDefinition, seen: Seen, now: number): InterfaceFinding[] {
  const found = [
    ...findSilence(definition, seen.cadence),
    ...findDrift(definition, seen.versions),
    ...seen.certificates.flatMap((certificate) => findExpiry(certificate, now)),
    ...findRefused(seen.use),
    ...findThrottled(seen.use),
    ...findHeadroom(definition, seen.use),
  ];
  return found
    .map((finding) => ({ ...finding, change: findChange(definition, finding, now) }))
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

type Finding = Omit<InterfaceFinding, "change">;

function findSilence({ criticality }: InterfaceDefinition, cadence: Seen["cadence"]): Finding[] {
  const seen = { subject: "", count: null, firstSeenAt: cadence.dueAt, lastSeenAt: cadence.lastTrafficAt };
  if (cadence.state === "late")
    return [
      {
        kind: "cadence",
        severity: criticality,
        message: "No traffic for longer than was agreed. Look at both systems and the line between them.",
        ...seen,
      },
    ];
  if (cadence.state !== "unseen") return [];
  return [
    {
      kind: "unseen",
      severity: "standard",
      message:
        "No traffic of it was ever seen here, so that nothing is known of it. Check what its entry names as traffic.",
      ...seen,
    },
  ];
}

function findDrift({ contract }: InterfaceDefinition, versions: readonly SeenVersion[]): Finding[] {
  return versions
    .filter(({ isAgreed, count }) => !isAgreed && count > 0)
    .map(({ version, place, count, firstSeenAt, lastSeenAt }) => {
      const seen = { subject: version, count, firstSeenAt, lastSeenAt };
      return version === ""
        ? {
            kind: "unversioned",
            severity: "standard",
            message: `Traffic names no version; ${contract.version} was agreed.`,
            ...seen,
          }
        : {
            kind: "version-drift",
            severity: "high",
            message: `Version ${version} is seen (${place}); ${contract.version} was agreed. Ask the sender, and check what reads it.`,
            ...seen,
          };
    });
}

function findExpiry({ side, subject, notAfter, firstSeenAt, lastSeenAt }: Certificate, now: number): Finding[] {
  const leftMs = Date.parse(notAfter) - now;
  const stage = CERTIFICATE_STAGES.find(({ days }) => leftMs <= days * 86_400_000);
  if (stage === undefined) return [];
  const whose = `The ${side}'s certificate${subject === "" ? "" : ` ${subject}`}`;
  const day = notAfter.slice(0, 10);
  const message =
    leftMs <= 0
      ? `${whose} expired on ${day}. Renew it and have both sides load it.`
      : `${whose} expires on ${day}, in ${Math.floor(leftMs / 86_400_000)} days. Renew it before.`;
  return [{ kind: "certificate", severity: stage.severity, message, subject, count: null, firstSeenAt, lastSeenAt }];
}

/** One finding for each client whose calls were refused. */
function findRefused(use: readonly ApiUse[]): Finding[] {
  const byClient = Map.groupBy(use.filter(isRefused), ({ client }) => client);
  return [...byClient].map(([client, rows]) => ({
    kind: "authentication",
    severity: "high",
    message: `${nameOf(client)} was refused with 401 or 403. Check its key, its certificate and its rights.`,
    ...summarize(client, rows),
  }));
}

function findThrottled(use: readonly ApiUse[]): Finding[] {
  const byClient = Map.groupBy(
    use.filter(({ isThrottled }) => isThrottled),
    ({ client }) => client,
  );
  return [...byClient].map(([client, rows]) => {
    const longest = Math.max(...rows.map(({ longestRetryAfterSeconds }) => longestRetryAfterSeconds ?? 0));
    const wait = longest > 0 ? `, to wait up to ${longest} s` : "";
    return {
      kind: "throttled",
      severity: "high",
      message: `${nameOf(client)} was told to slow down${wait}. Spread its calls, or ask for a higher limit.`,
      ...summarize(client, rows),
    };
  });
}

function findHeadroom({ rateLimitReservePercent }: InterfaceDefinition, use: readonly ApiUse[]): Finding[] {
  const close = use.filter(({ leastHeadroomPercent: left }) => left !== null && left < rateLimitReservePercent);
  const byClient = Map.groupBy(close, ({ client }) => client);
  return [...byClient].map(([client, rows]) => {
    const least = Math.min(...rows.map(({ leastHeadroomPercent }) => leastHeadroomPercent ?? 100));
    return {
      kind: "rate-limit",
      severity: "standard",
      message: `${nameOf(client)} came to ${least} % of its rate limit left; ${rateLimitReservePercent} % should stay.`,
      ...summarize(client, rows),
      count: null,
    };
  });
}

function nameOf(client: string): string {
  return client === "" ? "A client that does not say who it is" : client;
}

function summarize(client: string, rows: readonly ApiUse[]) {
  const firsts = rows.map(({ firstSeenAt }) => firstSeenAt).toSorted();
  const lasts = rows.map(({ lastSeenAt }) => lastSeenAt).toSorted();
  return {
    subject: client,
    count: rows.reduce((sum, { calls }) => sum + calls, 0),
    firstSeenAt: firsts[0] ?? null,
    lastSeenAt: lasts.at(-1) ?? null,
  };
}

/** The approved change in which a finding was seen last; for silence, the one that runs now. */
function findChange({ changes }: InterfaceDefinition, finding: Finding, now: number): string | null {
  const at = finding.kind === "cadence" || finding.lastSeenAt === null ? now : Date.parse(finding.lastSeenAt);
  const running = changes.find(
    ({ approvedBy, from, until }) => approvedBy !== undefined && Date.parse(from) <= at && at < Date.parse(until),
  );
  return running?.title ?? null;
}
