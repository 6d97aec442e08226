import Copy from "lucide-solid/icons/copy";
import { type JSX, Show } from "solid-js";
import { useToast } from "./toast.tsx";
import "./section.css";
import "./code-block.css";

interface CodeBlockProps {
  label: string;
  text: string;
  note?: JSX.Element;
}

/** Text as a machine wrote it, to read and to copy. */
export function CodeBlock(props: CodeBlockProps): JSX.Element {
  const say = useToast();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(props.text);
    say("Copied");
  };
  return (
    <div class="code-block">
      <div class="code-head">
        <h3>{props.label}</h3>
        <Show when={props.note}>
          <span class="section-note">{props.note}</span>
        </Show>
        <button type="button" class="icon-button" aria-label={`Copy: ${props.label}`} onClick={() => void copy()}>
          <Copy size={14} aria-hidden="true" />
        </button>
      </div>
      <pre class="code" tabIndex={0} role="region" aria-label={props.label}>
        {props.text}
      </pre>
    </div>
  );
}
