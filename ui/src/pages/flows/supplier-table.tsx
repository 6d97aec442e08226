import type { LegProfile } from "@throughline/api/contract";
import { For, type JSX, Show, createSignal } from "solid-js";
import { formatNoun } from "../../format/number.ts";
import { ALL_COUNTS, CountCells, CountHeads } from "../../parts/count-columns.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import "../../parts/plain-table.css";

const FIRST_SHOWN = 8;

/** Whose legs are late: the suppliers with the most late ones first. */
export function SupplierTable(props: { profile: LegProfile }): JSX.Element {
  const [isWhole, setWhole] = createSignal(false);
  const all = () => props.profile.suppliers;
  const shown = () => (isWhole() ? all() : all().slice(0, FIRST_SHOWN));
  return (
    <Show when={all().length > 0}>
      <div class="scroller">
        <table class="plain-table">
          <caption class="sr-only">Suppliers, the most late legs first</caption>
          <thead>
            <tr>
              <th scope="col">Supplier, the worst first</th>
              <CountHeads counts={ALL_COUNTS} />
            </tr>
          </thead>
          <tbody>
            <For each={shown()}>
              {(share) => (
                <tr>
                  <td>
                    <Identifier value={share.supplier} kind="supplier" />
                  </td>
                  <CountCells
                    counts={ALL_COUNTS}
                    values={share.counts}
                    compliance={share.compliance}
                    of={share.supplier}
                  />
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <Show when={all().length > FIRST_SHOWN}>
          <button type="button" class="link-button" onClick={() => setWhole(!isWhole())}>
            {isWhole() ? "Fewer" : `All ${formatNoun(all().length, "supplier")}`}
          </button>
        </Show>
        <Show when={props.profile.isTruncated && isWhole()}>
          <span class="quiet flow-foot"> There are more; narrow the sites or the time to see them.</span>
        </Show>
      </div>
    </Show>
  );
}
