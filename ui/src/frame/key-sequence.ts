const LEADER = "g";
const LEADER_WAIT_MS = 1200;

export interface KeyPress {
  key: string;
  atMs: number;
  /** True where the focus is in a field: only Escape and combinations with Ctrl or ⌘ count there. */
  isTyping: boolean;
  hasModifier: boolean;
}

/** What has been pressed so far of a sequence such as `g b`. */
export interface KeyState {
  leaderAtMs: number | undefined;
}

export interface KeyResult {
  state: KeyState;
  /** The name of the binding pressed, such as `j`, `g b` or `mod+k`; undefined while there is none. */
  binding: string | undefined;
}

/** Follows key presses and says which binding they make. */
export function followKey(state: KeyState, press: KeyPress): KeyResult {
  const idle: KeyState = { leaderAtMs: undefined };
  if (press.hasModifier) return { state: idle, binding: `mod+${press.key.toLowerCase()}` };
  if (press.isTyping) return { state: idle, binding: press.key === "Escape" ? "Escape" : undefined };
  const isLed = state.leaderAtMs !== undefined && press.atMs - state.leaderAtMs <= LEADER_WAIT_MS;
  if (isLed && press.key.length === 1) return { state: idle, binding: `${LEADER} ${press.key}` };
  if (press.key === LEADER) return { state: { leaderAtMs: press.atMs }, binding: undefined };
  return { state: idle, binding: press.key };
}
