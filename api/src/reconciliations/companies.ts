import type { FiscalCalendar } from "@throughline/schemas/calendar/fiscal-period";
import { AppError } from "@throughline/schemas/error";
import type { Books } from "@throughline/schemas/pack/reconciliation";

/** What closes its books by itself. `sites` is undefined for the whole, to which everything belongs. */
export interface Company {
  id: string;
  title: string;
  sites: readonly string[] | undefined;
  zone: string;
  calendar: FiscalCalendar;
  closing: Books["closing"];
}

const WHOLE = "group";

/** The whole first, then the companies of the books. */
export function listCompanies({ zone, calendar, closing, companies }: Books): Company[] {
  return [
    { id: WHOLE, title: "All sites", sites: undefined, zone, calendar, closing },
    ...companies.map(({ id, title, sites, ...own }) => ({
      id,
      title,
      sites,
      zone: own.zone ?? zone,
      calendar: own.calendar ?? calendar,
      closing: own.closing ?? closing,
    })),
  ];
}

/** The company of that name, the whole where none is given. Throws `not_found`. */
export function getCompany(books: Books, id: string | undefined): Company {
  const all = listCompanies(books);
  const found = all.find((company) => company.id === (id ?? WHOLE));
  if (found) return found;
  throw new AppError("not_found", `There is no company ${id}; there are ${all.map((each) => each.id).join(", ")}.`);
}
