import { type JSX, splitProps } from "solid-js";
import { DataTable } from "./data-table.tsx";
import { ListBody, type ListRead } from "./list-body.tsx";
import type { DataTableProps } from "./table-types.ts";

/** What a list that is read page by page needs to know of its reading. */
export interface PagedRead extends ListRead {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

interface PagedListProps<Row> extends Omit<DataTableProps<Row>, "hasMore" | "isLoadingMore" | "onMore"> {
  /** What could not be read, such as `The feeds`. */
  what: string;
  read: PagedRead;
  emptyTitle: string;
  emptyText: JSX.Element;
}

/** A table that is read page by page, in each of its states. */
export function PagedList<Row>(props: PagedListProps<Row>): JSX.Element {
  const [own, table] = splitProps(props, ["what", "read", "emptyTitle", "emptyText"]);
  return (
    <ListBody
      what={own.what}
      read={own.read}
      isEmpty={table.rows.length === 0}
      emptyTitle={own.emptyTitle}
      emptyText={own.emptyText}
    >
      <DataTable<Row>
        {...table}
        hasMore={own.read.hasNextPage}
        isLoadingMore={own.read.isFetchingNextPage}
        onMore={() => void own.read.fetchNextPage()}
      />
    </ListBody>
  );
}
