import { createDirectExporter } from "./direct-exporter.ts";
import type { Exporter } from "./exporter.ts";

/** Writes each event as a line of JSON, to standard output unless told otherwise: for a look at what would be sent. */
export function createConsoleExporter(write = (line: string): void => void process.stdout.write(line)): Exporter {
  return createDirectExporter(({ json }) => {
    try {
      write(`${json}\n`);
    } catch {
      // A closed output is no reason to end the host.
    }
  });
}
