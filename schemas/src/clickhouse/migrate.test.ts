import { expect, test } from "vitest";
import { listMigrations } from "./migrate.ts";

test("no two migrations have one number", () => {
  const versions = listMigrations().map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)]);
});
