import type { InterfaceDetail } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { SmallTable } from "../../parts/small-table.tsx";
import { Time } from "../../parts/time.tsx";
import { describeDaysLeft } from "./interface-text.ts";

const PLACES: Readonly<Record<string, string>> = {
  dataschema: "dataschema of the event",
  attribute: "attribute of the event or span",
  header: "header of the call",
  route: "route of the call",
};
const FIRST_ERROR_STATUS = 400;
const CERTIFICATE_URGENT_DAYS = 7;

/** The versions that traffic names, beside the one that was agreed. */
export function VersionTable(props: { detail: InterfaceDetail }): JSX.Element {
  return (
    <SmallTable
      title="Versions seen"
      rows={props.detail.versions}
      columns={[
        {
          title: "Version",
          cell: (seen) => (
            <span classList={{ late: !seen.isAgreed && seen.version !== "" }}>
              <span class="mono">{seen.version || "none"}</span>
              {seen.isAgreed ? "" : " not agreed"}
            </span>
          ),
        },
        { title: "Named in", cell: (seen) => <span class="quiet">{PLACES[seen.place] ?? seen.place}</span> },
        { title: "Count", align: "end", cell: (seen) => formatCount(seen.count) },
        { title: "First", align: "end", cell: (seen) => <Time at={seen.firstSeenAt} /> },
        { title: "Last", align: "end", cell: (seen) => <Time at={seen.lastSeenAt} /> },
      ]}
    />
  );
}

/** Who calls in which version, what comes of it, and what is left of the rate limit. */
export function UseTable(props: { detail: InterfaceDetail }): JSX.Element {
  const scope = useScope();
  const hrefOf = (format: string) =>
    `/api/v1/interfaces/${encodeURIComponent(props.detail.id)}/calls${toQuery({ ...scope.countQuery(), ...scope.asOfQuery(), format })}`;
  return (
    <SmallTable
      title="Use of the API"
      actions={<ExportMenu href={hrefOf} />}
      rows={props.detail.use}
      columns={[
        { title: "Client", cell: (row) => row.client || <span class="quiet">not said</span> },
        { title: "Version", cell: (row) => <span class="mono">{row.version || "none"}</span> },
        {
          title: "Status",
          align: "end",
          cell: (row) => (
            <span classList={{ late: row.status >= FIRST_ERROR_STATUS, quiet: row.status === 0 }}>
              {row.status || "none"}
            </span>
          ),
        },
        { title: "Calls", align: "end", cell: (row) => formatCount(row.calls) },
        {
          title: "Least left",
          align: "end",
          cell: (row) => (
            <Show when={row.leastHeadroomPercent !== null} fallback={<span class="quiet">–</span>}>
              {row.leastHeadroomPercent} % of {formatCount(row.rateLimit ?? 0)}
            </Show>
          ),
        },
        { title: "Last", align: "end", cell: (row) => <Time at={row.lastSeenAt} /> },
      ]}
    />
  );
}

/** The certificates that were seen, and how long they last. */
export function CertificateTable(props: { certificates: InterfaceDetail["certificates"] }): JSX.Element {
  return (
    <SmallTable
      title="Certificates"
      rows={props.certificates}
      columns={[
        { title: "Of", cell: (certificate) => toTitle(certificate.side) },
        { title: "Subject", cell: (certificate) => <span class="mono">{certificate.subject}</span> },
        {
          title: "Expires",
          align: "end",
          cell: (certificate) => (
            <span classList={{ late: certificate.daysLeft <= CERTIFICATE_URGENT_DAYS }} title={certificate.notAfter}>
              {describeDaysLeft(certificate.daysLeft)}
            </span>
          ),
        },
      ]}
    />
  );
}

/** The changes that are planned or were made. */
export function ChangeTable(props: { changes: InterfaceDetail["changes"] }): JSX.Element {
  return (
    <SmallTable
      title="Change calendar"
      rows={props.changes}
      columns={[
        {
          title: "Change",
          cell: (change) => (
            <>
              {change.title}
              <Show when={change.version}>{(version) => <span class="quiet mono"> {version()}</span>}</Show>
            </>
          ),
        },
        {
          title: "State",
          cell: (change) => (
            <span title={change.approvedBy === null ? "Nobody has approved it." : `Approved by ${change.approvedBy}`}>
              {toTitle(change.state)}
            </span>
          ),
        },
        { title: "From", cell: (change) => <Time at={change.from} style="minute" /> },
        { title: "Until", cell: (change) => <Time at={change.until} style="minute" /> },
      ]}
    />
  );
}
