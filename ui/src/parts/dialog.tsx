import { Dialog as Primitive } from "@kobalte/core/dialog";
import X from "lucide-solid/icons/x";
import type { JSX } from "solid-js";
import "./dialog.css";

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: JSX.Element;
  /** `wide` for lists, `top` for what is typed into. */
  size?: "wide" | "top";
}

/** A window over the page that takes the focus until it is closed. */
export function Dialog(props: DialogProps): JSX.Element {
  let content: HTMLElement | undefined;
  const focusFirst = (event: Event): void => {
    event.preventDefault();
    (content?.querySelector<HTMLElement>("[autofocus]") ?? content)?.focus();
  };
  return (
    <Primitive open={props.isOpen} onOpenChange={(isOpen) => isOpen || props.onClose()} preventScroll={false}>
      <Primitive.Portal>
        <Primitive.Overlay class="veil" />
        <div class="dialog-place" data-size={props.size}>
          <Primitive.Content
            class="dialog"
            aria-modal="true"
            ref={(created) => (content = created)}
            onOpenAutoFocus={focusFirst}
          >
            <div class="dialog-head" classList={{ "sr-only": props.size === "top" }}>
              <Primitive.Title class="dialog-title">{props.title}</Primitive.Title>
              <Primitive.CloseButton class="icon-button" aria-label="Close">
                <X size={16} aria-hidden="true" />
              </Primitive.CloseButton>
            </div>
            {props.children}
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive>
  );
}
