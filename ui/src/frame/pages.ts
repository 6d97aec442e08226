import Archive from "lucide-solid/icons/archive";
import Armchair from "lucide-solid/icons/armchair";
import BookOpen from "lucide-solid/icons/book-open";
import CalendarOff from "lucide-solid/icons/calendar-off";
import Gauge from "lucide-solid/icons/layout-list";
import Radar from "lucide-solid/icons/radio-tower";
import ReceiptText from "lucide-solid/icons/receipt-text";
import Route from "lucide-solid/icons/route";
import Scale from "lucide-solid/icons/scale";
import Server from "lucide-solid/icons/server";
import Settings from "lucide-solid/icons/settings-2";
import Shuffle from "lucide-solid/icons/shuffle";
import Timer from "lucide-solid/icons/timer";
import TrendingUp from "lucide-solid/icons/trending-up";
import TriangleAlert from "lucide-solid/icons/triangle-alert";
import Waypoints from "lucide-solid/icons/waypoints";
import type { LucideIcon } from "lucide-solid";

export interface PageEntry {
  path: string;
  title: string;
  /** The letter that leads there after g. */
  key: string;
  icon: LucideIcon;
  /** Paths that belong to it besides its own. */
  also?: readonly string[];
}

/** The pages of the rail, in its order. */
export const PAGES: readonly PageEntry[] = [
  { path: "/", title: "Overview", key: "o", icon: Gauge },
  { path: "/breaches", title: "Breaches", key: "b", icon: TriangleAlert },
  { path: "/legs", title: "Legs", key: "l", icon: Timer },
  { path: "/flows", title: "Flows", key: "f", icon: Waypoints, also: ["/slos"] },
  { path: "/journeys", title: "Journeys", key: "j", icon: Route },
  { path: "/seats", title: "Seats", key: "p", icon: Armchair, also: ["/positions"] },
  { path: "/matches", title: "Matches", key: "m", icon: ReceiptText },
  { path: "/reconciliations", title: "Reconciliation", key: "r", icon: Scale, also: ["/close"] },
  { path: "/coverage", title: "Coverage", key: "c", icon: Radar },
  { path: "/outcomes", title: "Outcomes", key: "u", icon: TrendingUp },
  { path: "/catalogue", title: "Catalogue", key: "i", icon: BookOpen },
  { path: "/crosswalks", title: "Crosswalks", key: "k", icon: Shuffle },
  { path: "/edges", title: "Edges", key: "d", icon: Server },
  { path: "/excuses", title: "Excuses", key: "w", icon: CalendarOff, also: ["/calendars"] },
  { path: "/quarantine", title: "Quarantine", key: "q", icon: Archive },
  { path: "/settings", title: "Settings", key: "s", icon: Settings },
];

/** True when a path belongs to a page of the rail. */
export function isWithin(page: PageEntry, pathname: string): boolean {
  if (page.path === "/") return pathname === "/";
  return [page.path, ...(page.also ?? [])].some((path) => pathname === path || pathname.startsWith(`${path}/`));
}
