import { type MemoryExporter, createMemoryExporter } from "../exporters/memory-exporter.ts";
import type { Problem } from "../problem.ts";
import { type Throughline, type ThroughlineOptions, createThroughline } from "../throughline.ts";

/** The exporter for tests: keeps all that was emitted, up to 100,000 events, at once and without a flush. */
export function createTestExporter(): MemoryExporter {
  return createMemoryExporter({ maxEvents: 100_000 });
}

/** An SDK for tests: nothing leaves the process, `emitted()` has the events and `problems` what went wrong. */
export function createTestThroughline<const T extends string = never>(
  options: Partial<ThroughlineOptions<T>> = {},
): Throughline<T> & { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const throughline = createThroughline<T>({
    source: "/test",
    exporter: createTestExporter(),
    tracing: "off",
    handleExit: false,
    onProblem: (problem) => void problems.push(problem),
    ...options,
  });
  throughline.start();
  return { ...throughline, problems };
}
