import { useSearchParams } from "@solidjs/router";
import type { LegsQuery } from "@throughline/api/contract";
import X from "lucide-solid/icons/x";
import { For, type JSX, createMemo } from "solid-js";
import { formatZone } from "../../format/time.ts";
import "./leg-chips.css";

interface Chip {
  title: string;
  /** What is taken out of the URL with it. */
  clears: readonly string[];
}

/** What a list of legs is narrowed to that no menu offers, such as a supplier; each can be taken off. */
export function LegChips(props: { query: Partial<LegsQuery> }): JSX.Element {
  const [, setSearch] = useSearchParams();
  const chips = createMemo(() => listChips(props.query));
  const clear = (names: readonly string[]): void =>
    setSearch(Object.fromEntries(names.map((name) => [name, undefined])));
  return (
    <For each={chips()}>
      {(chip) => (
        <button type="button" class="leg-chip" onClick={() => clear(chip.clears)}>
          {chip.title}
          <X size={13} aria-hidden="true" />
          <span class="sr-only">: take it off</span>
        </button>
      )}
    </For>
  );
}

function listChips({ supplier, startHour, zone, instanceId }: Partial<LegsQuery>): Chip[] {
  const chips: Chip[] = [];
  if (supplier !== undefined) chips.push({ title: `Supplier ${supplier.join(", ")}`, clears: ["supplier"] });
  if (startHour !== undefined) {
    const hour = (value: number): string => `${String(value % 24).padStart(2, "0")}:00`;
    const name = formatZone(zone ?? "UTC", Date.now());
    chips.push({ title: `Began ${hour(startHour)} to ${hour(startHour + 1)} ${name}`, clears: ["startHour", "zone"] });
  }
  if (instanceId !== undefined) chips.push({ title: instanceId, clears: ["instanceId", "instanceType"] });
  return chips;
}
