import { createThroughline } from "../throughline.ts";

/** A host that emits one event, says so, and then ends in the way that it is told. */
const [url = "", ending = "", directory = ""] = process.argv.slice(2);
const throughline = createThroughline({
  source: "/erp",
  gateway: { url, key: "tl_test" },
  requests: { lingerMs: 60_000 },
  ...(directory !== "" && { spool: { directory } }),
});
throughline.start();
if (ending === "own-listener") process.on("SIGTERM", () => void throughline.flush().then(() => process.exit(7)));
if (ending === "signal" || ending === "own-listener") setInterval(() => undefined, 1000);
setTimeout(() => {
  throughline.emit({ type: "erp.goods_receipt.posted", id: ending });
  process.stdout.write("ready\n");
  if (ending === "exit") process.exit(3);
}, 50);
