// Starts the shop: which Medusa it asks, and what all its pages share.
import { QueryClient } from "@tanstack/react-query";
import { CartProvider, MedusaProvider } from "medusa-react";
import { createRoot } from "react-dom/client";

import { App } from "./app.jsx";
import { BasketProvider } from "./basket.jsx";
import "./shop.css";

const baseUrl = window.MEDUSA_URL ?? import.meta.env.VITE_MEDUSA_URL ?? "http://localhost:9000";

createRoot(document.getElementById("root")).render(
  <MedusaProvider baseUrl={baseUrl} queryClientProviderProps={{ client: new QueryClient() }}>
    <CartProvider>
      <BasketProvider>
        <App />
      </BasketProvider>
    </CartProvider>
  </MedusaProvider>,
);
