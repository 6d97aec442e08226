import { calendar } from "@throughline/schemas/calendar/calendar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calendarList } from "../contract/calendar.ts";
import { startTower, TEST_PACK, type Tower } from "../tower.fixture.ts";

const office = [{ from: "08:00", to: "17:00" }];
const business = calendar.parse({
  id: "us-business",
  title: "Business hours",
  zone: "America/Chicago",
  shifts: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office },
  holidays: { country: "US" },
});
const nightly = calendar.parse({ id: "nightly", title: "Nights", zone: "UTC", shifts: { sunday: office } });
const FRIDAY_NOON = Date.parse("2026-10-30T17:00:00Z");
let now = FRIDAY_NOON;
let tower: Tower;

beforeAll(async () => {
  const flows = [...TEST_PACK.flows.values()].map((flow) => ({
    ...flow,
    legs: flow.legs.map((leg) => ({ ...leg, targets: [{ within: "PT4H", calendar: "us-business" }] })),
  }));
  tower = await startTower({
    now: () => now,
    pack: {
      ...TEST_PACK,
      flows: new Map(flows.map((flow) => [flow.id, flow])),
      calendars: new Map([business, nightly].map((each) => [each.id, each])),
    },
  });
});

afterAll(() => tower.close());

test("says when work is done, what is off in the days ahead, when the clocks change, and which legs go by it", async () => {
  const [nights, hours] = calendarList.parse(await tower.get("/calendars?days=30")).items;
  expect(hours).toMatchObject({
    id: "us-business",
    offset: "-05:00",
    isOpen: true,
    changesAt: "2026-10-30T22:00:00.000Z",
    zoneChange: { at: "2026-11-01T07:00:00.000Z", offsetBefore: "-05:00", offsetAfter: "-06:00" },
    daysOff: [
      { day: "2026-11-11", name: "Veterans Day", kind: "holiday" },
      { day: "2026-11-26", name: "Thanksgiving Day", kind: "holiday" },
    ],
    legs: [
      { flow: "order", leg: "receipt" },
      { flow: "order", leg: "payment" },
    ],
  });
  expect(nights).toMatchObject({ isOpen: false, changesAt: "2026-11-01T08:00:00.000Z", zoneChange: null, legs: [] });
  now = Date.parse("2026-11-26T18:00:00Z");
  const [, holiday] = calendarList.parse(await tower.get("/calendars?days=1")).items;
  expect(holiday).toMatchObject({ isOpen: false, changesAt: "2026-11-27T14:00:00.000Z" });
  expect((await tower.request("/calendars?days=0")).status).toBe(400);
});
