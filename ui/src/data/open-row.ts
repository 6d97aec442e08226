import { useLocation, useSearchParams } from "@solidjs/router";
import type { Accessor } from "solid-js";
import { one } from "./scope.tsx";

export interface OpenRow {
  /** The key of the row whose detail is open beside the list. */
  key: Accessor<string | undefined>;
  /** The same list with the detail of a row open, or with none. */
  hrefOf: (key: string | undefined) => string;
}

/** Which row of a list is open; it stands in the URL. */
export function createOpenRow(): OpenRow {
  const location = useLocation();
  const [search] = useSearchParams();
  return {
    key: () => one(search.open),
    hrefOf: (key) => {
      const parameters = new URLSearchParams(location.search);
      if (key === undefined) parameters.delete("open");
      else parameters.set("open", key);
      return parameters.size === 0 ? location.pathname : `${location.pathname}?${parameters.toString()}`;
    },
  };
}
