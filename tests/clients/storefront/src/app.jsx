// What stands on every page, and which page an address means: `#/products/HANDLE`, `#/cart`, `#/checkout`, `#/orders/ID`.
import { useEffect, useState } from "react";

import { useBasket } from "./basket.jsx";
import { CartPage } from "./cart.jsx";
import { Checkout } from "./checkout.jsx";
import { OrderPage } from "./order.jsx";
import { ProductPage, Products } from "./products.jsx";
import { Problem } from "./told.jsx";

function useAddress() {
  const [address, setAddress] = useState(location.hash);
  useEffect(() => {
    const changed = () => setAddress(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return address.split("/").slice(1);
}

export function App() {
  const { cart, regions, isReady, problem, moveTo, isMoving } = useBasket();
  const [page, id] = useAddress();
  const pages = { products: ProductPage, cart: CartPage, checkout: Checkout, orders: OrderPage };
  const Page = pages[page] ?? Products;
  const count = cart.items.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <>
      <header>
        <a href="#/" className="name">A small shop</a>
        <label>
          Region{" "}
          <select value={cart.region_id ?? ""} disabled={!isReady || isMoving} onChange={(event) => moveTo(event.target.value)}>
            {regions.map((region) => <option key={region.id} value={region.id}>{region.name}</option>)}
          </select>
        </label>
        <a href="#/cart">Cart ({count})</a>
      </header>
      <main>
        <Problem of={problem} />
        {isReady ? <Page id={id} /> : <p>One moment.</p>}
      </main>
    </>
  );
}
