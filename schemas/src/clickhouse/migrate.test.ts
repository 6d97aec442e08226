import { expect, test } from "vitest";
import { listMigrations } from "./migrate.ts";

test("migrations are numbered from 1 without a gap and without one number twice", () => {
  const versions = listMigrations().map(({ version }) => version);
  expect(versions).toEqual(versions.map((_, at) => at + 1));
});
