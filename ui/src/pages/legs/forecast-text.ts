import type { Leg } from "@throughline/api/contract";
import { formatCount } from "../../format/number.ts";

type Forecast = NonNullable<Leg["forecast"]>;

const ALIKE: Record<Forecast["level"], string> = {
  leg: "of the same leg",
  site: "at the same site",
  supplier: "of the same supplier",
  "site-supplier": "of the same supplier at the same site",
  hours: "of the same supplier and site, started in the same half of the same weekday",
};

/** The chance of being late in whole percent; what is nearly certain is not said to be certain. */
export function formatLateChance({ chance }: Forecast): string {
  const percent = Math.round((1 - chance) * 100);
  if (percent < 1) return "< 1 %";
  return percent > 99 ? "> 99 %" : `${percent} %`;
}

/** What is expected of a leg that is open, and from how many; empty for any other. */
export function foretell(leg: Pick<Leg, "verdict" | "forecast">): string {
  if (leg.verdict !== "OPEN" && leg.verdict !== "AT_RISK") return "";
  const { forecast } = leg;
  if (forecast === null) return "None yet: too few legs like it have run as long.";
  return `${formatLateChance(forecast)} likely to be late, from ${formatCount(forecast.n)} like it: ${ALIKE[forecast.level]}.`;
}
