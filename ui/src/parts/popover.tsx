import { Popover as Primitive } from "@kobalte/core/popover";
import { type JSX, createSignal } from "solid-js";
import "./popover.css";

interface PopoverProps {
  /** What stands in the button that opens it. */
  label: JSX.Element;
  /** What the panel is for; screen readers hear it after the label. */
  name: string;
  class?: string;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  children: (close: () => void) => JSX.Element;
}

/** A button with a small panel beneath. */
export function Popover(props: PopoverProps): JSX.Element {
  const [isOwnOpen, setOwnOpen] = createSignal(false);
  const isOpen = () => props.isOpen ?? isOwnOpen();
  const change = (next: boolean): void => {
    setOwnOpen(next);
    props.onOpenChange?.(next);
  };
  return (
    <Primitive open={isOpen()} onOpenChange={change} gutter={6} placement="bottom-end">
      <Primitive.Trigger class={props.class ?? "button"}>
        {props.label}
        <span class="sr-only">: {props.name}</span>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content class="popover">
          <Primitive.Title class="sr-only">{props.name}</Primitive.Title>
          {props.children(() => change(false))}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive>
  );
}
