// Stores what a file of data holds beside what `medusa seed` reads: discounts, gift cards, return reasons, tax rates, table by
// table as they are given to the mock. Rows that the seed stored in one moment get times in the order of the file.
const models = require("@medusajs/medusa");

const TABLES = {
  discounts: models.Discount,
  gift_cards: models.GiftCard,
  return_reasons: models.ReturnReason,
  tax_rates: models.TaxRate,
};
const JOINED = { products: ["product_tax_rate", "product_id"], shipping_options: ["shipping_tax_rate", "shipping_option_id"] };

async function store(manager, name, { products, shipping_options, ...row }) {
  const conditions = row.rule?.conditions ?? [];
  if (row.rule) delete row.rule.conditions;
  await manager.getRepository(TABLES[name]).save(row);
  for (const condition of conditions)
    await manager.getRepository(models.DiscountCondition).save({ ...condition, discount_rule_id: row.rule.id });
  for (const [relation, rows] of Object.entries({ products, shipping_options }))
    for (const { id } of rows ?? []) {
      const [table, column] = JOINED[relation];
      await manager.query(`insert into ${table} (${column}, rate_id) values ($1, $2)`, [id, row.id]);
    }
}

module.exports = async function stock(container, shop) {
  const manager = container.resolve("manager");
  for (const name of Object.keys(TABLES)) for (const row of shop[name] ?? []) await store(manager, name, row);
  for (const [place, { id, automatic_taxes = true }] of shop.regions.entries())
    await manager.query(
      "update region set created_at = created_at + $2 * interval '1 millisecond', automatic_taxes = $3 where id = $1",
      [id, place, automatic_taxes],
    );
};
