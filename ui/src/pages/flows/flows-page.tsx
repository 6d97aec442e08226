import type { FlowSummary } from "@throughline/api/contract";
import { For, type JSX } from "solid-js";
import { toTitle } from "../../format/title.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { CountCells, CountHeads, MAIN_COUNTS } from "../../parts/count-columns.tsx";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { ListBody, ListNote } from "../../parts/list-body.tsx";
import { Page } from "../../parts/page.tsx";
import "../../parts/plain-table.css";
import "./flows-page.css";

/** The flows that are watched, the worst first. */
export function FlowsPage(): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/flows",
    () => ({ query: { ...scope.countQuery(), ...scope.asOfQuery() } }),
    () => ({ isKept: true }),
  );
  const flows = () => (read.isSuccess ? read.data.items : []);
  return (
    <Page
      title="Flows"
      actions={<a href={scope.linkTo("/slos")}>Service levels</a>}
      note={<ListNote read={read} text={formatNoun(flows().length, "flow")} hasMore={false} />}
    >
      <ListBody
        what="The flows"
        read={read}
        isEmpty={flows().length === 0}
        emptyTitle="No flow is configured."
        emptyText={
          <p>
            Flows are described in <code>config/flows</code>, one file each; <code>throughline check</code> says whether
            they are right.
          </p>
        }
      >
        <div class="scroller">
          <FlowTable flows={flows()} />
        </div>
      </ListBody>
    </Page>
  );
}

function FlowTable(props: { flows: readonly FlowSummary[] }): JSX.Element {
  return (
    <table class="plain-table flows">
      <thead>
        <tr>
          <th scope="col">Flow</th>
          <th scope="col" class="wide-column">
            Owner
          </th>
          <th scope="col" class="wide-column">
            Domain
          </th>
          <th scope="col" class="wide-column">
            Criticality
          </th>
          <CountHeads counts={MAIN_COUNTS} />
        </tr>
      </thead>
      <tbody>
        <For each={props.flows}>{(flow) => <FlowRow flow={flow} />}</For>
      </tbody>
    </table>
  );
}

function FlowRow(props: { flow: FlowSummary }): JSX.Element {
  const scope = useScope();
  return (
    <tr>
      <td>
        <a class="flows-title" href={scope.linkTo(`/flows/${encodeURIComponent(props.flow.id)}`)}>
          {props.flow.title}
        </a>{" "}
        <span class="quiet nowrap">{formatNoun(props.flow.legs.length, "leg")}</span>
      </td>
      <td class="wide-column">{props.flow.owner}</td>
      <td class="wide-column">{toTitle(props.flow.domain)}</td>
      <td class="wide-column">
        <CriticalityTag criticality={props.flow.criticality} />
      </td>
      <CountCells
        counts={MAIN_COUNTS}
        values={props.flow.counts}
        compliance={props.flow.compliance}
        of={props.flow.title}
      />
    </tr>
  );
}
