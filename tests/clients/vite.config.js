// Builds two pages for production: the client alone, and a storefront.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  esbuild: { jsx: "automatic" },
  build: {
    rollupOptions: { input: ["client/index.html", "storefront/index.html"] },
  },
});
