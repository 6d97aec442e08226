import { createThroughline } from "../throughline.ts";

/** A host that emits one event, says so, and then ends in the way that it is told. */
const [url = "", ending = "", directory = ""] = process.argv.slice(2);
const throughline = createThroughline({
  source: "/erp",
  gateway: { url, key: "tl_test" },
  requests: { lingerMs: ending.startsWith("exit-on") ? 1 : 60_000 },
  onProblem: () => {
    if (ending === "exit-on-problem") process.exit(3);
    // By then its events are on their way to the disk.
    if (ending === "exit-on-spill") setImmediate(() => process.exit(3));
  },
  ...(directory !== "" && { spool: { directory } }),
});
throughline.start();
if (ending === "own-listener") process.on("SIGTERM", () => void throughline.flush().then(() => process.exit(7)));
if (["signal", "own-listener"].includes(ending) || ending.startsWith("exit-on")) setInterval(() => undefined, 1000);
const act = () => {
  throughline.emit({ type: "erp.goods_receipt.posted", id: ending });
  process.stdout.write("ready\n");
  if (ending === "exit" || ending === "exit-at-start") process.exit(3);
};
// At the start its spool is still being read.
if (ending === "exit-at-start") act();
else setTimeout(act, 50);
