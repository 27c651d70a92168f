// Serves Medusa on a loopback port that the system picks, and makes payment collections, for which Medusa has no route.
// Prints one line, {"port": N}, when it can be used. Ends when its standard input does, so that it outlives nobody.
//   POST /lab/collections?count=20&providers=manual,stepwise   ->   [{"id": "paycol_...", "session_id": "ps_..."}, ...]
//     count      how many, all alike
//     providers  one session for each, whose amounts add up
//     scenario   a name that each set of ids carries
//
// It sells the file of data that SHOP names, which `medusa seed` has read before.
const fs = require("fs");
const express = require("express");
const stock = require("./stock");
const loaders = require("@medusajs/medusa/dist/loaders/index").default;

const AMOUNT = 10000;

async function europe(container) {
  const [region] = await container.resolve("regionService").list({ name: "Europe" });
  return region;
}

async function collection(container, region, providers) {
  const service = container.resolve("paymentCollectionService");
  const { id } = await service.create({
    region_id: region.id,
    type: "order_edit",
    currency_code: region.currency_code,
    amount: AMOUNT,
    created_by: "mockserver",
    description: "made by a test",
  });
  if (!providers.length) return { id };
  const sessions = providers.map((provider_id, place) => ({
    provider_id,
    amount: Math.floor(AMOUNT / providers.length) + (place ? 0 : AMOUNT % providers.length),
  }));
  const made = await service.setPaymentSessionsBatch(id, sessions, undefined);
  return { id, session_id: made.payment_sessions[0].id };
}

async function main() {
  const app = express();
  let container;
  app.post("/lab/collections", async (request, response) => {
    const { count = 1, providers = "", scenario } = request.query;
    const region = await europe(container);
    const made = [];
    for (let number = 0; number < Number(count); number++) {
      const ids = await collection(container, region, providers.split(",").filter(Boolean));
      made.push({ ...ids, ...(scenario && { scenario }) });
    }
    response.json(made);
  });
  ({ container } = await loaders({ directory: __dirname, expressApp: app }));
  await stock(container, JSON.parse(fs.readFileSync(process.env.SHOP)));
  const server = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
  process.stdin.on("end", () => process.exit(0)).resume();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
