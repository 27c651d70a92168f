// A plain shop: PostgreSQL where DATABASE_URL says, everything else in memory, the two stock plugins.
module.exports = {
  projectConfig: {
    jwt_secret: "secret of a test",
    cookie_secret: "secret of a test",
    store_cors: "http://localhost:8000",
    admin_cors: "http://localhost:7000",
    database_type: "postgres",
    database_url: process.env.DATABASE_URL,
  },
  plugins: ["medusa-fulfillment-manual", "medusa-payment-manual"],
  modules: {
    eventBus: { resolve: "@medusajs/event-bus-local" },
    cacheService: { resolve: "@medusajs/cache-inmemory" },
  },
  featureFlags: { product_categories: true },
};
