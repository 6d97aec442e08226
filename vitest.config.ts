import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Two at a time also where there are two cores, of which Vitest would use one: the tests wait for engines and browsers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    onConsoleLog: () => {
      throw new Error("A test wrote to the console");
    },
  },
});
