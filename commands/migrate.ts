import type { Command } from "commander";
import type { OpenStore } from "./store.ts";

/** `throughline migrate`: brings the configured store to this version, without starting a tower. */
export function addMigrateCommand(program: Command, openStore: () => Promise<OpenStore>) {
  program
    .command("migrate")
    .description("bring the store to this version")
    .action(async () => {
      const store = await openStore();
      await store.close();
      process.stdout.write("The store is at this version.\n");
    });
}
