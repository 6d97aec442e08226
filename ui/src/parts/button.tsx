import { type ComponentProps, type JSX, splitProps } from "solid-js";
import "./button.css";

interface ButtonProps extends ComponentProps<"button"> {
  /** `solid` for the one thing to do, `plain` beside it, `bare` where it is one of many. Default `plain`. */
  look?: "solid" | "plain" | "bare";
}

/** A button; never a submit button unless told so. */
export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ["look", "type", "class"]);
  return (
    <button {...rest} type={own.type ?? "button"} class={`button ${own.class ?? ""}`} data-look={own.look ?? "plain"} />
  );
}
