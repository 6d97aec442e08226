import { readFileSync, statSync } from "node:fs";
import { AppError } from "@throughline/schemas/error";

const OTHERS = 0o077;

/** The text of a file that its owner alone may read. Throws `invalid_configuration`; never says what stands in it. */
export function readSecret(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new AppError("invalid_configuration", `There is no key file ${path}.`);
  if ((found.mode & OTHERS) !== 0)
    throw new AppError("invalid_configuration", `Others may read the key file ${path}: make its mode 600.`);
  const text = readFileSync(path, "utf8").trim();
  if (text === "") throw new AppError("invalid_configuration", `The key file ${path} is empty.`);
  return text;
}

/** 32 bytes, written as 64 hexadecimal digits: `openssl rand -hex 32`. */
export function readSecretBytes(path: string): Buffer {
  const text = readSecret(path);
  if (!/^[0-9a-fA-F]{64}$/.test(text))
    throw new AppError("invalid_configuration", `The key file ${path} must hold 64 hexadecimal digits.`);
  return Buffer.from(text, "hex");
}
