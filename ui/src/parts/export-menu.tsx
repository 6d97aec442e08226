import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import Download from "lucide-solid/icons/download";
import { For, type JSX } from "solid-js";
import { download } from "../charts/download.ts";

const FORMATS = [
  { format: "csv", title: "CSV" },
  { format: "ndjson", title: "NDJSON" },
  { format: "parquet", title: "Parquet" },
] as const;

/** Downloads the whole list as filtered, up to 100,000 rows. */
export function ExportMenu(props: { href: (format: string) => string }): JSX.Element {
  return (
    <DropdownMenu gutter={6} placement="bottom-end" preventScroll={false}>
      <DropdownMenu.Trigger class="icon-button" aria-label="Download this list">
        <Download size={16} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <p class="menu-title">The whole list, up to 100,000 rows</p>
          <For each={FORMATS}>
            {({ format, title }) => (
              <DropdownMenu.Item
                class="menu-item"
                onSelect={() => download(`throughline.${format}`, props.href(format))}
              >
                {title}
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
