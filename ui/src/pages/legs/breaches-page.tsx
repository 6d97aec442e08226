import type { JSX } from "solid-js";
import { useScope } from "../../data/scope.tsx";
import { LegListPage } from "./leg-list-page.tsx";

/** The legs that missed their deadline, and those past it whose feed has yet to report. */
export function BreachesPage(): JSX.Element {
  const scope = useScope();
  return (
    <LegListPage
      title="Breaches"
      api="/breaches"
      emptyTitle="No leg missed its deadline in this time."
      emptyText={
        <>
          <p>
            Legs past their deadline are listed here as soon as they are. Widen the time range (<kbd>t</kbd>) or clear
            the filters to look further back.
          </p>
          <p>
            What a feed has not reported cannot be seen: <a href={scope.linkTo("/coverage")}>coverage</a> says which
            feeds are complete, and to what time.
          </p>
        </>
      }
    />
  );
}
