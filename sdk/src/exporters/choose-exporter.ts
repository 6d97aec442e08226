import { type DeliveryOptions, createGatewayExporter } from "../delivery/gateway-exporter.ts";
import type { Report } from "../problems.ts";
import type { GatewayAddress } from "../tracing/own-tracing.ts";
import { createDirectExporter } from "./direct-exporter.ts";
import type { Exporter } from "./exporter.ts";

/** The gateway's exporter. Without an address that can be used everything is dropped, and the host is told why. */
export function chooseExporter(
  options: DeliveryOptions & { gateway?: GatewayAddress },
  parts: { report: Report; now: () => number },
): Exporter {
  const { gateway } = options;
  try {
    if (gateway !== undefined) return createGatewayExporter({ ...options, ...parts, gateway });
    parts.report({ code: "configuration", message: "Nothing is sent: give a gateway or an exporter." });
  } catch (error) {
    parts.report({ code: "configuration", message: `Nothing is sent: ${String(error)}` });
  }
  return createIdleExporter();
}

function createIdleExporter(): Exporter {
  let dropped = 0;
  const exporter = createDirectExporter(() => undefined);
  return {
    ...exporter,
    take: () => {
      dropped++;
      return false;
    },
    stats: () => ({ ...exporter.stats(), dropped: { unconfigured: dropped } }),
  };
}
