// What a host does with the built package, in plain JavaScript that any node since 20 runs: node-host.mjs DIST GATEWAY FOLDER.
const [dist, url, directory] = process.argv.slice(2);
const load = (path) => import(new URL(path, dist));
const [{ createThroughline }, { extractX12, injectX12 }, { writeSideCar, readSideCar }, { createTracedFetch }] =
  await Promise.all([
    load("index.js"),
    load("carriers/x12.js"),
    load("carriers/side-car.js"),
    load("http/fetch.js"),
    ...[
      "carriers/hl7",
      "carriers/registry",
      "carriers/file-name",
      "carriers/cloud-events",
      "http/hono",
      "http/express",
    ].map((path) => load(`${path}.js`)),
    ...["http/fastify", "http/undici", "wrap/amqplib", "wrap/nats", "wrap/kafkajs", "wrap/pg"].map((path) =>
      load(`${path}.js`),
    ),
  ]);
const { writeFile } = await import("node:fs/promises");

const throughline = createThroughline({
  source: `/node/${process.versions.node}`,
  gateway: { url, key: "tl_test" },
  spool: { directory: `${directory}/spool` },
  sequence: true,
});
throughline.start();
const order =
  "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*MERIDIAN       *260302*1015*U*00401*000000017*0*P*>~GS*PO*NORTHMED*MERIDIAN*20260302*1015*17*X*004010~ST*850*0001~BEG*00*SA*4500012345**20260302~SE*3*0001~GE*1*17~IEA*1*000000017~";
await throughline.withStep(
  { type: "procurement.purchase_order.issued", objects: [{ type: "purchase_order", id: "4500012345" }] },
  async (step) => {
    const [carried] = extractX12(injectX12(order).text);
    await writeFile(`${directory}/orders.csv`, "4500012345\n");
    await writeSideCar(`${directory}/orders.csv`);
    const beside = await readSideCar(`${directory}/orders.csv`);
    const { status } = await createTracedFetch(throughline)(new URL("/v1/events", url), { method: "POST", body: "[]" });
    step.add({
      attributes: { status, records: [carried?.context, beside].filter((found) => found !== undefined).length },
    });
  },
);
setInterval(() => undefined, 1000);
process.stdout.write("ready\n");
