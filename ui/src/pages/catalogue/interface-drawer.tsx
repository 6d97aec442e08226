import type { InterfaceDetail, InterfaceFinding } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { toTitle } from "../../format/title.ts";
import { formatNoun } from "../../format/number.ts";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { FindingList, type FindingView } from "../../parts/finding-list.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { NoteBox, StateLine } from "../../parts/note-box.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { CadenceMark } from "./cadence-mark.tsx";
import { InterfaceCharts } from "./interface-charts.tsx";
import { CertificateTable, ChangeTable, UseTable, VersionTable } from "./interface-tables.tsx";
import { CADENCE_WORDS, describeCadence, FINDING_WORDS, listTrafficRules } from "./interface-text.ts";

/** One interface: what is wrong, what to do while it is away, what was agreed and what is seen. */
export function InterfaceDrawer(props: { id: string; closeHref: string }): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/interfaces/{id}",
    () => ({ path: { id: props.id }, query: { ...scope.countQuery(), ...scope.asOfQuery() } }),
    () => ({ isKept: true }),
  );
  const detail = () => (read.isSuccess && read.data.id === props.id ? read.data : undefined);
  return (
    <Drawer label="Interface" title={detail()?.title ?? props.id} closeHref={props.closeHref} shows={props.id}>
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={detail()}>{(present) => <InterfaceView detail={present()} />}</Match>
        <Match when={read.isError && read.error.message.includes("There is no interface")}>
          <EmptyPanel
            title={scope.asOf() === undefined ? "This interface is not there." : "This interface was not there then."}
          >
            {scope.asOf() === undefined
              ? "It may have been removed from the configuration."
              : "It came into the configuration later, or was removed from it before."}
          </EmptyPanel>
        </Match>
        <Match when={read.isError}>
          <ErrorPanel what="The interface" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
      </Switch>
    </Drawer>
  );
}

function InterfaceView(props: { detail: InterfaceDetail }): JSX.Element {
  const detail = () => props.detail;
  return (
    <>
      <StateLine mark={<CadenceMark state={detail().cadence.state} />}>
        <p>{CADENCE_WORDS[detail().cadence.state].meaning}</p>
        <Show when={detail().isPartial}>
          <p class="quiet">Counted from the sites and domains that you look at.</p>
        </Show>
      </StateLine>
      <FindingList findings={detail().findings.map(toView)} none="Nothing differs from what was agreed." />
      <NoteBox title="While it is away">
        <p>{detail().fallback}</p>
      </NoteBox>
      <InterfaceCharts detail={detail()} />
      <VersionTable detail={detail()} />
      <UseTable detail={detail()} />
      <CertificateTable certificates={detail().certificates} />
      <ChangeTable changes={detail().changes} />
      <Agreement detail={detail()} />
    </>
  );
}

function toView(finding: InterfaceFinding): FindingView {
  const { kind, message, severity } = finding;
  return { title: FINDING_WORDS[kind], text: message, severity, note: <FindingNote finding={finding} /> };
}

function FindingNote(props: { finding: InterfaceFinding }): JSX.Element {
  return (
    <>
      <Show when={props.finding.count}>{(count) => <>{formatNoun(count(), "time")} in this range · </>}</Show>
      <Show when={props.finding.firstSeenAt}>
        {(at) => (
          <>
            {props.finding.kind === "cadence" ? "due " : "first "}
            <Time at={at()} style="minute" />
          </>
        )}
      </Show>
      <Show when={props.finding.lastSeenAt}>
        {(at) => (
          <>
            {" "}
            · last <Time at={at()} style="minute" />
          </>
        )}
      </Show>
      <Show when={props.finding.change}>{(change) => <> · during the change “{change()}”</>}</Show>
    </>
  );
}

function Agreement(props: { detail: InterfaceDetail }): JSX.Element {
  const detail = () => props.detail;
  const when = (name: string, at: string | null) =>
    at === null ? undefined : { name, value: <Time at={at} style="second" /> };
  return (
    <div>
      <h3>What was agreed</h3>
      <Facts
        facts={[
          { name: "Interface", value: <Identifier value={detail().id} kind="interface" /> },
          { name: "Systems", value: `${detail().systems.from} → ${detail().systems.to}` },
          { name: "Protocol", value: detail().protocol },
          { name: "Contract", value: `${detail().contract.name}, version ${detail().contract.version}` },
          detail().contract.accepted.length === 0
            ? undefined
            : { name: "Also accepted", value: detail().contract.accepted.join(", ") },
          { name: "Owner", value: detail().owner },
          { name: "Approver", value: detail().approver },
          { name: "Criticality", value: <CriticalityTag criticality={detail().criticality} /> },
          { name: "Latency class", value: toTitle(detail().latencyClass) },
          { name: "Cadence", value: describeCadence(detail().cadence) },
          when("Last traffic", detail().cadence.lastTrafficAt),
          when("Next due by", detail().cadence.dueAt),
          ...listTrafficRules(detail().traffic).map(({ name, values }) => ({
            name,
            value: <span class="mono">{values.join(", ")}</span>,
          })),
        ]}
      />
    </div>
  );
}
