import { For, type JSX } from "solid-js";
import { Dialog } from "../parts/dialog.tsx";
import { type Binding, useKeyboard } from "./keyboard.tsx";
import "./key-help.css";

/** All keys that do something where one is now. */
export function KeyHelp(props: { isOpen: boolean; onClose: () => void }): JSX.Element {
  const keyboard = useKeyboard();
  const shown = (): Binding[] => {
    const known = new Set<string>();
    const isNew = ({ key }: Binding): boolean => !known.has(key) && known.add(key) !== undefined;
    return keyboard.bindings().filter(isNew).toSorted(compareBindings);
  };
  return (
    <Dialog title="Keys of this page" isOpen={props.isOpen} onClose={props.onClose} size="wide">
      <dl class="key-list dialog-body">
        <For each={shown()}>
          {(binding) => (
            <div class="key-entry">
              <dt>
                <For each={nameKey(binding.key).split(" ")}>{(part) => <kbd class="key">{part}</kbd>}</For>
              </dt>
              <dd>{binding.label}</dd>
            </div>
          )}
        </For>
        <div class="key-entry">
          <dt>
            <kbd class="key">Enter</kbd>
          </dt>
          <dd>Open what has the focus</dd>
        </div>
      </dl>
    </Dialog>
  );
}

function compareBindings(a: Binding, b: Binding): number {
  const isPageA = a.key.includes(" ");
  const isPageB = b.key.includes(" ");
  return isPageA === isPageB ? a.key.localeCompare(b.key) : Number(isPageA) - Number(isPageB);
}

function nameKey(key: string): string {
  const named: Record<string, string> = { Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑" };
  return (
    named[key] ??
    key
      .replace("mod+", navigator.userAgent.includes("Mac") ? "⌘ " : "Ctrl ")
      .replace(/ (\w)$/, (_, letter: string) => ` ${letter}`)
  );
}
