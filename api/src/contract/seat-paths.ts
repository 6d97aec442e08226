import type { PositionPage, PositionsQuery } from "./position.ts";
import type {
  FinanceSeat,
  FinanceSeatQuery,
  PharmacySeat,
  PharmacySeatQuery,
  ProcurementSeat,
  ProcurementSeatQuery,
  ShortagePage,
  ShortagesQuery,
} from "./seat.ts";

/** What the paths of seats take and answer. */
export interface SeatReading {
  "/positions": { query: Partial<PositionsQuery>; answer: PositionPage };
  "/seats/pharmacy": { query: Partial<PharmacySeatQuery>; answer: PharmacySeat };
  "/seats/pharmacy/shortages": { query: Partial<ShortagesQuery>; answer: ShortagePage };
  "/seats/procurement": { query: Partial<ProcurementSeatQuery>; answer: ProcurementSeat };
  "/seats/finance": { query: Partial<FinanceSeatQuery>; answer: FinanceSeat };
}
