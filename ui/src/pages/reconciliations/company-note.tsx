import { useSearchParams } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { one } from "../../data/scope.tsx";

/** The company that the list is narrowed to; figures of its statement lead here with it. */
export function CompanyNote(): JSX.Element {
  const [search, setSearch] = useSearchParams();
  return (
    <Show when={one(search.company)}>
      {(company) => (
        <span>
          of company {company()}{" "}
          <button type="button" class="link-button" onClick={() => setSearch({ company: undefined, open: undefined })}>
            All companies
          </button>
        </span>
      )}
    </Show>
  );
}
