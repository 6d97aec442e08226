/** The name of what was thrown: its text may name a patient. Never throws, whatever was thrown. */
export function readErrorName(thrown: unknown): string {
  try {
    return thrown instanceof Error && typeof thrown.name === "string" ? thrown.name : "unknown";
  } catch {
    return "unknown";
  }
}
