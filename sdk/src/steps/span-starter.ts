import type { Throughline } from "../throughline.ts";

/** What middleware and wrappers need of an SDK. */
export type SpanStarter = Pick<Throughline, "startSpan">;
