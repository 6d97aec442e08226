import type { JSX } from "solid-js";
import { useToast } from "./toast.tsx";
import "./identifier.css";

interface IdentifierProps {
  value: string;
  /** What it identifies, for the tooltip and for screen readers. */
  kind?: string;
}

/** An identifier exactly as it was sent; a click copies it, and its text can be selected. */
export function Identifier(props: IdentifierProps): JSX.Element {
  const say = useToast();
  const copy = async (event: MouseEvent): Promise<void> => {
    event.stopPropagation();
    if (getSelection()?.isCollapsed === false) return;
    await navigator.clipboard.writeText(props.value);
    say(`Copied ${props.value}`);
  };
  return (
    <button
      type="button"
      class="identifier"
      title={`${props.value} (click to copy)`}
      aria-label={`Copy ${props.kind ?? "identifier"} ${props.value}`}
      onClick={(event) => void copy(event)}
    >
      {props.value}
    </button>
  );
}
