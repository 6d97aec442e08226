import { AppError } from "@throughline/schemas/error";
import { event as eventSchema } from "@throughline/schemas/event";
import { createThroughline, type Throughline } from "@throughline/sdk";
import type { Place, Speaker } from "./speak.ts";

/** Services with the SDK in them, one for each source that speaks. */
export function createSdkSpeaker({ gateway }: Place): Speaker {
  const services = new Map<string, Throughline>();
  const serviceOf = (source: string) => {
    const known = services.get(source);
    if (known !== undefined) return known;
    const made = createThroughline({ source, gateway, sequence: true });
    services.set(source, made);
    made.start();
    return made;
  };
  return {
    say: async ({ text }) => {
      const { source, type, site, time, data } = eventSchema.parse(JSON.parse(text));
      if (!isEventType(type)) throw new AppError("internal", `${type} is no type of an event.`);
      const { objects = [], measures = {}, attributes = {} } = typeof data === "object" && data !== null ? data : {};
      serviceOf(source).emit({
        type,
        objects: objects.map((object) => ({ type: toKnownType(object.type), id: object.id })),
        measures: Object.fromEntries(Object.entries(measures).map(([name, measure]) => [name, toMeasure(measure)])),
        attributes,
        ...(typeof site === "string" && { site }),
        ...(typeof time === "string" && { time }),
      });
    },
    end: async () => {
      for (const service of services.values())
        if (!(await service.shutdown())) throw new AppError("unavailable", `${service.source} could not deliver all.`);
    },
  };
}

const TYPES = ["replenishment", "item", "location", "dispense", "stock_movement", "lot", "goods_receipt"] as const;

function toKnownType(type: string): (typeof TYPES)[number] {
  const known = TYPES.find((each) => each === type);
  if (known === undefined) throw new AppError("internal", `The pharmacy knows no ${type}.`);
  return known;
}

function toMeasure(measure: object): { value: string; unit: string } {
  const value = "value" in measure ? String(measure.value) : "";
  return { value, unit: "unit" in measure ? String(measure.unit) : "EA" };
}

function isEventType(type: string): type is `${string}.${string}.${string}` {
  return type.split(".").length === 3;
}
