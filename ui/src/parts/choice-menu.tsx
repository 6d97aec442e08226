import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import Check from "lucide-solid/icons/check";
import ChevronDown from "lucide-solid/icons/chevron-down";
import { For, type JSX, Show } from "solid-js";
import "./choice-menu.css";

export interface Choice {
  value: string;
  title: string;
  mark?: JSX.Element;
}

interface ChoiceMenuProps {
  title: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** A filter: a button that says what is chosen, with a menu to choose several. Nothing chosen means everything. */
export function ChoiceMenu(props: ChoiceMenuProps): JSX.Element {
  const summary = (): string => {
    const [first, ...rest] = props.chosen;
    if (first === undefined) return "";
    const title = props.choices.find((choice) => choice.value === first)?.title ?? first;
    return rest.length === 0 ? title : `${title} +${rest.length}`;
  };
  const toggle = (value: string, isChosen: boolean): void =>
    props.onChange(isChosen ? [...props.chosen, value] : props.chosen.filter((other) => other !== value));
  return (
    <DropdownMenu gutter={6} preventScroll={false}>
      <DropdownMenu.Trigger class="choice" data-active={props.chosen.length > 0 ? "" : undefined}>
        <span>{props.title}</span>
        <Show when={summary()}>{(text) => <span class="choice-value">{text()}</span>}</Show>
        <ChevronDown size={14} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <For each={props.choices} fallback={<p class="menu-title">Nothing to choose from yet.</p>}>
            {(choice) => (
              <DropdownMenu.CheckboxItem
                class="menu-item"
                closeOnSelect={false}
                checked={props.chosen.includes(choice.value)}
                onChange={(isChosen) => toggle(choice.value, isChosen)}
              >
                <span class="menu-check">
                  <DropdownMenu.ItemIndicator>
                    <Check size={14} aria-hidden="true" />
                  </DropdownMenu.ItemIndicator>
                </span>
                {choice.mark}
                {choice.title}
              </DropdownMenu.CheckboxItem>
            )}
          </For>
          <Show when={props.chosen.length > 0}>
            <DropdownMenu.Separator class="menu-line" />
            <DropdownMenu.Item class="menu-item" onSelect={() => props.onChange([])}>
              <span class="menu-check" />
              Show all
            </DropdownMenu.Item>
          </Show>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
