import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync } from "node:crypto";

export const SALT_BYTES = 32;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const PURPOSE = "throughline spool segment";

/** Seals the frames of one segment. A number must seal one frame only: it is the nonce. */
export interface SegmentCipher {
  /** The tag, then the sealed bytes. */
  seal: (plain: Uint8Array, number: number) => Buffer;
  /** Undefined when the bytes are not what was sealed under this number. */
  open: (sealed: Uint8Array, number: number) => Buffer | undefined;
}

/**
 * AES-256-GCM under a key of the segment's own, from the site's key and the segment's random salt by HKDF (RFC 5869), so that
 * the numbers of frames are nonces that never come twice under one key.
 */
export function createSegmentCipher(secret: Uint8Array, salt: Uint8Array): SegmentCipher {
  const key = createSecretKey(Buffer.from(hkdfSync("sha256", secret, salt, PURPOSE, KEY_BYTES)));
  return {
    seal: (plain, number) => {
      const cipher = createCipheriv("aes-256-gcm", key, toNonce(number));
      const sealed = [cipher.update(plain), cipher.final()];
      return Buffer.concat([cipher.getAuthTag(), ...sealed]);
    },
    open: (sealed, number) => {
      if (sealed.length < TAG_BYTES) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", key, toNonce(number), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(sealed.subarray(0, TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(TAG_BYTES)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

function toNonce(number: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeBigUInt64BE(BigInt(number), NONCE_BYTES - 8);
  return nonce;
}
