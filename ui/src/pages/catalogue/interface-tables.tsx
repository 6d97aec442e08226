import type { InterfaceDetail } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { toTitle } from "../../format/title.ts";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { Time } from "../../parts/time.tsx";
import { describeDaysLeft } from "./interface-text.ts";
import "../../parts/plain-table.css";

const PLACES: Readonly<Record<string, string>> = {
  dataschema: "dataschema of the event",
  attribute: "attribute of the event or span",
  header: "header of the call",
  route: "route of the call",
};

/** The versions that traffic names, beside the one that was agreed. */
export function VersionTable(props: { detail: InterfaceDetail }): JSX.Element {
  return (
    <Show when={props.detail.versions.length > 0}>
      <div class="interface-table scroller">
        <h3>Versions seen</h3>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Named in</th>
              <th scope="col" class="number">
                Count
              </th>
              <th scope="col" class="number">
                First
              </th>
              <th scope="col" class="number">
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.detail.versions}>
              {(seen) => (
                <tr>
                  <td classList={{ late: !seen.isAgreed && seen.version !== "" }}>
                    <span class="mono">{seen.version || "none"}</span>
                    {seen.isAgreed ? "" : " not agreed"}
                  </td>
                  <td class="quiet">{PLACES[seen.place] ?? seen.place}</td>
                  <td class="number">{formatCount(seen.count)}</td>
                  <td class="number">
                    <Time at={seen.firstSeenAt} />
                  </td>
                  <td class="number">
                    <Time at={seen.lastSeenAt} />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

/** Who calls in which version, what comes of it, and what is left of the rate limit. */
export function UseTable(props: { detail: InterfaceDetail }): JSX.Element {
  const scope = useScope();
  const hrefOf = (format: string) =>
    `/api/v1/interfaces/${encodeURIComponent(props.detail.id)}/calls${toQuery({ ...scope.countQuery(), format })}`;
  return (
    <Show when={props.detail.use.length > 0}>
      <div class="interface-table scroller">
        <div class="interface-finding-head">
          <h3>Use of the API</h3>
          <ExportMenu href={hrefOf} />
        </div>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Client</th>
              <th scope="col">Version</th>
              <th scope="col" class="number">
                Status
              </th>
              <th scope="col" class="number">
                Calls
              </th>
              <th scope="col" class="number">
                Least left
              </th>
              <th scope="col" class="number">
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.detail.use}>
              {(row) => (
                <tr>
                  <td>{row.client || <span class="quiet">not said</span>}</td>
                  <td class="mono">{row.version || <span class="quiet">none</span>}</td>
                  <td class="number" classList={{ late: row.status >= 400 }}>
                    {row.status === 0 ? <span class="quiet">none</span> : row.status}
                  </td>
                  <td class="number">{formatCount(row.calls)}</td>
                  <td class="number">
                    <Show when={row.leastHeadroomPercent !== null} fallback={<span class="quiet">–</span>}>
                      {row.leastHeadroomPercent} % of {formatCount(row.rateLimit ?? 0)}
                    </Show>
                  </td>
                  <td class="number">
                    <Time at={row.lastSeenAt} />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

export function CertificateTable(props: { certificates: InterfaceDetail["certificates"] }): JSX.Element {
  return (
    <Show when={props.certificates.length > 0}>
      <div class="interface-table scroller">
        <h3>Certificates</h3>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Of</th>
              <th scope="col">Subject</th>
              <th scope="col" class="number">
                Expires
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.certificates}>
              {(certificate) => (
                <tr>
                  <td>{toTitle(certificate.side)}</td>
                  <td class="mono">{certificate.subject}</td>
                  <td class="number" classList={{ late: certificate.daysLeft <= 7 }} title={certificate.notAfter}>
                    {describeDaysLeft(certificate.daysLeft)}
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

export function ChangeTable(props: { changes: InterfaceDetail["changes"] }): JSX.Element {
  return (
    <Show when={props.changes.length > 0}>
      <div class="interface-table scroller">
        <h3>Change calendar</h3>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Change</th>
              <th scope="col">State</th>
              <th scope="col">From</th>
              <th scope="col">Until</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.changes}>
              {(change) => (
                <tr>
                  <td>
                    {change.title}
                    <Show when={change.version}>{(version) => <span class="quiet mono"> {version()}</span>}</Show>
                  </td>
                  <td
                    title={change.approvedBy === null ? "Nobody has approved it." : `Approved by ${change.approvedBy}`}
                  >
                    {toTitle(change.state)}
                  </td>
                  <td>
                    <Time at={change.from} style="minute" />
                  </td>
                  <td>
                    <Time at={change.until} style="minute" />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}
