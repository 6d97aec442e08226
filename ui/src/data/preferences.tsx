import { type Accessor, type JSX, createContext, createEffect, createSignal, useContext } from "solid-js";
import { isKnownZone } from "../format/time.ts";

export type Theme = "system" | "light" | "dark";
export type Density = "default" | "dense";

export interface Preferences {
  theme: Accessor<Theme>;
  setTheme: (theme: Theme) => void;
  density: Accessor<Density>;
  setDensity: (density: Density) => void;
  /** The IANA zone in which every time is shown. */
  zone: Accessor<string>;
  setZone: (zone: string) => void;
  isRailCollapsed: Accessor<boolean>;
  setRailCollapsed: (isCollapsed: boolean) => void;
}

const Context = createContext<Preferences>();

/** What this browser remembers of its user: theme, density, zone and the state of the rail. */
export function PreferencesProvider(props: { children: JSX.Element }): JSX.Element {
  const preferences = createPreferences();
  createEffect(() => {
    const theme = preferences.theme();
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
  createEffect(() => {
    document.documentElement.dataset.density = preferences.density();
  });
  return <Context.Provider value={preferences}>{props.children}</Context.Provider>;
}

/** The preferences of this browser. Throws outside their provider. */
export function usePreferences(): Preferences {
  const preferences = useContext(Context);
  if (preferences === undefined) throw new Error("usePreferences stands outside PreferencesProvider");
  return preferences;
}

function createPreferences(): Preferences {
  const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [theme, setTheme] = createStored<Theme>("theme", "system", (text) => text === "light" || text === "dark");
  const [density, setDensity] = createStored<Density>("density", "default", (text) => text === "dense");
  const [zone, setZone] = createStored<string>("zone", localZone, isKnownZone);
  const [rail, setRail] = createStored<"open" | "collapsed">("rail", "open", (text) => text === "collapsed");
  return {
    theme,
    setTheme,
    density,
    setDensity,
    zone,
    setZone,
    isRailCollapsed: () => rail() === "collapsed",
    setRailCollapsed: (isCollapsed) => setRail(isCollapsed ? "collapsed" : "open"),
  };
}

function createStored<T extends string>(
  name: string,
  initial: T,
  isValid: (text: string) => boolean,
): [Accessor<T>, (value: T) => void] {
  const key = `throughline.${name}`;
  const isStored = (text: string): text is T => isValid(text);
  const stored = localStorage.getItem(key);
  const [value, setValue] = createSignal<T>(stored !== null && isStored(stored) ? stored : initial);
  const store = (next: T): void => {
    if (next === initial) localStorage.removeItem(key);
    else localStorage.setItem(key, next);
    setValue(() => next);
  };
  return [value, store];
}
