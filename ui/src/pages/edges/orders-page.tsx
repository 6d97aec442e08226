import { useNavigate, useSearchParams } from "@solidjs/router";
import type { EdgeOrder, EdgeOrdersQuery } from "@throughline/api/contract";
import { type Accessor, type JSX, Show, createMemo, createSignal } from "solid-js";
import { toQuery } from "../../data/client.ts";
import { createMayAct } from "../../data/may-act.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createPagedRead } from "../../data/read.ts";
import { all, one, useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { createKey } from "../../frame/keyboard.tsx";
import { Button } from "../../parts/button.tsx";
import { ExportMenu } from "../../parts/export-menu.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { ListNote } from "../../parts/list-body.tsx";
import { ListPage } from "../../parts/page.tsx";
import { PagedList } from "../../parts/paged-list.tsx";
import type { Column } from "../../parts/table-types.ts";
import { Time } from "../../parts/time.tsx";
import { OrderMark } from "./edge-marks.tsx";
import { ORDER_FACES, ORDER_STATES } from "./edge-text.ts";
import { NewOrderDialog } from "./new-order-dialog.tsx";
import { OrderDrawer } from "./order-drawer.tsx";

const FILTERS = [
  { name: "state", title: "State", choices: ORDER_STATES.map((value) => ({ value, title: ORDER_FACES[value].word })) },
];

/** The replay orders: who asked for which, who approved it, and what came of it. */
export function OrdersPage(): JSX.Element {
  const scope = useScope();
  const navigate = useNavigate();
  const open = createOpenRow();
  const query = createOrdersQuery();
  const mayWrite = createMayAct();
  const place = createPlace();
  const [isAsking, setAsking] = createSignal(false);
  const read = createPagedRead(
    () => "/edges/orders" as const,
    () => ({ query: query() }),
  );
  const rows = createMemo(() => (read.isSuccess ? read.data.pages.flatMap((page) => page.items) : []));
  createKey("n", "Order a replay", () => mayWrite() && setAsking(true));
  return (
    <ListPage
      title="Replay orders"
      note={<ListNote read={read} text={formatNoun(rows().length, "order")} hasMore={read.hasNextPage} />}
      actions={<Actions mayWrite={mayWrite()} onAsk={() => setAsking(true)} />}
      filters={
        <FilterBar filters={FILTERS} textLabel="Reason, interface or person">
          <ExportMenu href={(format) => `/api/v1/edges/orders${toQuery({ ...query(), format })}`} />
        </FilterBar>
      }
      drawer={
        <Show when={open.key()}>
          {(key) => <OrderDrawer id={key()} mayWrite={mayWrite()} closeHref={open.hrefOf(undefined)} />}
        </Show>
      }
    >
      <PagedList<EdgeOrder>
        what="The replay orders"
        read={read}
        emptyTitle={scope.isNarrowed() ? "No replay order matches." : "No replay was ordered."}
        emptyText={<EmptyText />}
        label="Replay orders"
        rows={rows()}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        versionOf={({ revision, state }) => `${revision} ${state}`}
        nameOf={(row) => `${row.interface}, ${row.reason}`}
        hrefOf={({ id }) => open.hrefOf(id)}
        selectedKey={open.key()}
      />
      <NewOrderDialog
        isOpen={isAsking()}
        place={place()}
        onClose={() => setAsking(false)}
        onMade={({ id }) => {
          setAsking(false);
          navigate(open.hrefOf(id));
        }}
      />
    </ListPage>
  );
}

function Actions(props: { mayWrite: boolean; onAsk: () => void }): JSX.Element {
  const scope = useScope();
  return (
    <>
      <a class="button" href={scope.linkTo("/edges")}>
        Edges
      </a>
      <Show when={props.mayWrite}>
        <Button look="solid" onClick={() => props.onAsk()}>
          Order a replay
        </Button>
      </Show>
    </>
  );
}

function EmptyText(): JSX.Element {
  return (
    <p>
      One person asks here that an edge sends again what it keeps, and another approves it. The edge finds it when it
      asks, does it once, and says what came of it.
    </p>
  );
}

const toCell = (text: string): JSX.Element => (
  <span class="edge-cell" title={text}>
    {text}
  </span>
);

const COLUMNS: Column<EdgeOrder>[] = [
  { id: "state", title: "State", width: "108px", cell: (row) => <OrderMark state={row.state} /> },
  { id: "interface", title: "Interface", width: "minmax(110px, 1fr)", cell: (row) => toCell(row.interface) },
  { id: "site", title: "Site", width: "minmax(64px, 0.5fr)", from: 620, cell: (row) => toCell(row.site || "any") },
  { id: "reason", title: "Why", width: "minmax(120px, 1.6fr)", from: 480, cell: (row) => toCell(row.reason) },
  {
    id: "asked",
    title: "Asked by",
    width: "minmax(96px, 0.8fr)",
    from: 740,
    cell: (row) => toCell(row.orderedBy.name),
  },
  {
    id: "decided",
    title: "Approved by",
    width: "minmax(96px, 0.8fr)",
    from: 860,
    cell: (row) => toCell(row.decidedBy?.name ?? (row.state === "proposed" ? "nobody yet" : "nobody")),
  },
  {
    id: "at",
    title: "Asked",
    width: "124px",
    from: 980,
    cell: (row) => <Time at={row.orderedAt} style="minute" />,
  },
  { id: "edge", title: "Edge", width: "minmax(80px, 0.7fr)", from: 1080, cell: (row) => toCell(row.edge) },
  {
    id: "events",
    title: "Events",
    width: "80px",
    align: "end",
    from: 560,
    cell: (row) => <span classList={{ quiet: row.saidAt === null }}>{formatCount(row.events)}</span>,
  },
];

/** Which interfaces and site somebody came from. */
function createPlace(): Accessor<{ interfaces: string[]; site: string }> {
  const [search] = useSearchParams();
  return createMemo(() => ({ interfaces: all(search.for), site: one(search.at) ?? "" }));
}

/** The parameters of the list as the URL has them; the time of the page does not hide an order. */
function createOrdersQuery(): Accessor<Partial<EdgeOrdersQuery>> {
  const [search] = useSearchParams();
  const scope = useScope();
  return createMemo(() => {
    const { site } = scope.query();
    const asked: Partial<EdgeOrdersQuery> = { ...(site && { site }) };
    const states = ORDER_STATES.filter((state) => all(search.state).includes(state));
    const text = one(search.q);
    if (states.length > 0) asked.state = states;
    if (text !== undefined) asked.q = text;
    return asked;
  });
}
