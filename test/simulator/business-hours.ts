import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTime } from "@throughline/schemas/calendar/working-time";

const day = [{ from: "08:00", to: "17:00" }];

/** The hours of the trade's offices: those of the calendar that the shipped flows count by. */
export const businessHours = createWorkingTime(
  calendar.parse({
    id: "us-business",
    title: "Business hours",
    zone: "America/Chicago",
    shifts: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day },
    holidays: { country: "US" },
  }),
);
