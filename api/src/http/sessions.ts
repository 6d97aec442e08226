import { randomBytes } from "node:crypto";
import { hashKey } from "@throughline/schemas/access-key";

const SESSION_MS = 12 * 3_600_000;
const CODE_MS = 15 * 60_000;
const MAX_HELD = 10_000;
const TOKEN_BYTES = 32;

/** Signed-in browsers and the one-time codes that let them in; held in memory, so that a restart ends them all. */
export interface Sessions {
  /** Makes a code that signs in as `principalId`, once, within 15 minutes. */
  createCode(principalId: string): string;
  /** The principal's id of a code, which is used up by it; undefined when unknown, used or too old. */
  redeemCode(code: string): string | undefined;
  /** Opens a session of 12 hours. The token goes into the cookie; only its hash is held. */
  open(principalId: string): { token: string; expiresAt: number };
  find(token: string): { principalId: string; expiresAt: number } | undefined;
  close(token: string): void;
}

export function createSessions(now: () => number = Date.now): Sessions {
  const sessions = createHolder(SESSION_MS, now);
  const codes = createHolder(CODE_MS, now);
  return {
    createCode: (principalId) => codes.add(principalId).token,
    redeemCode: (code) => {
      const held = codes.find(code);
      codes.remove(code);
      return held?.principalId;
    },
    open: sessions.add,
    find: sessions.find,
    close: sessions.remove,
  };
}

function createHolder(lifetimeMs: number, now: () => number) {
  const held = new Map<string, { principalId: string; expiresAt: number }>();
  return {
    add: (principalId: string) => {
      // All live equally long, so that the first ones end first.
      for (const [hash, { expiresAt }] of held) {
        if (expiresAt > now() && held.size < MAX_HELD) break;
        held.delete(hash);
      }
      const token = randomBytes(TOKEN_BYTES).toString("base64url");
      const expiresAt = now() + lifetimeMs;
      held.set(hashKey(token), { principalId, expiresAt });
      return { token, expiresAt };
    },
    find: (token: string) => {
      const entry = held.get(hashKey(token));
      return entry && entry.expiresAt > now() ? entry : undefined;
    },
    remove: (token: string) => void held.delete(hashKey(token)),
  };
}
