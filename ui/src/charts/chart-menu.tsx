import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import Ellipsis from "lucide-solid/icons/ellipsis";
import type { JSX } from "solid-js";

interface ChartMenuProps {
  isTable: boolean;
  onTable: (isTable: boolean) => void;
  onPicture: () => void;
  onCsv: () => void;
}

/** What can be done with a chart: show it as a table, save it. */
export function ChartMenu(props: ChartMenuProps): JSX.Element {
  return (
    <DropdownMenu gutter={4} placement="bottom-end" preventScroll={false}>
      <DropdownMenu.Trigger class="icon-button chart-more" aria-label="Table and downloads of this chart">
        <Ellipsis size={16} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <DropdownMenu.Item class="menu-item" onSelect={() => props.onTable(!props.isTable)}>
            {props.isTable ? "Show as a chart" : "Show as a table"}
          </DropdownMenu.Item>
          <DropdownMenu.Item class="menu-item" onSelect={() => props.onCsv()}>
            Download as CSV
          </DropdownMenu.Item>
          <DropdownMenu.Item class="menu-item" disabled={props.isTable} onSelect={() => props.onPicture()}>
            Download as PNG
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
