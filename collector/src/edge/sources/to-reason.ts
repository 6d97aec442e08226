import { AppError } from "@throughline/schemas/error";

/** Why something failed, by its code or kind. Never a foreign message, which may tell content, addresses or passwords. */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error instanceof AppError) return error.message.replace(/\.$/, "");
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "string" || typeof code === "number") return String(code);
  return error.cause instanceof Error ? toReason(error.cause) : error.name;
}
