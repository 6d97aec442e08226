import type { ListFormat } from "../contract/page.ts";
import type { ListSource } from "./list-response.ts";

/** A list that is read as a whole, in a form that is not JSON. */
export function toWholeList<Item>(items: Item[], format: ListFormat): Pick<ListSource<Item>, "query" | "findPage"> {
  return {
    query: { limit: items.length, format },
    findPage: ({ limit, cursor }) => {
      const start = Number(cursor ?? 0);
      const end = start + limit;
      return Promise.resolve({ items: items.slice(start, end), nextCursor: end < items.length ? String(end) : null });
    },
  };
}
