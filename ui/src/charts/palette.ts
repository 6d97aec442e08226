import { type Accessor, createMemo, createSignal, onCleanup } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { parseOklch, toRgba } from "../styles/oklch.ts";

export type Palette = (token: string) => string;

/** The colours of the tokens as a canvas can read them, anew whenever the theme changes. */
export function createPalette(): Accessor<Palette> {
  const { theme } = usePreferences();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const [isDark, setDark] = createSignal(dark.matches);
  const follow = (): void => {
    setDark(dark.matches);
  };
  dark.addEventListener("change", follow);
  onCleanup(() => dark.removeEventListener("change", follow));
  return createMemo(() => readPalette(`${theme()} ${isDark()}`));
}

/** Reads tokens through an element, since only a used colour is resolved for the theme. */
function readPalette(_theme: string): Palette {
  const known = new Map<string, string>();
  return (token) => {
    const cached = known.get(token);
    if (cached !== undefined) return cached;
    const probe = document.createElement("i");
    probe.style.color = `var(--${token})`;
    document.body.append(probe);
    const colour = parseOklch(getComputedStyle(probe).color);
    probe.remove();
    const text = colour === undefined ? "gray" : toRgba(colour);
    known.set(token, text);
    return text;
  };
}
