// What is for sale, and one of it.
import { useCart, useCreateLineItem, useProducts } from "medusa-react";
import { useState } from "react";

import { useBasket } from "./basket.jsx";
import { money, Problem } from "./told.jsx";

const cheapest = (product) => Math.min(...product.variants.map((one) => one.calculated_price ?? Infinity));
const isSold = (variant) => variant.calculated_price != null;
const isLeft = (variant) => variant.allow_backorder || !variant.manage_inventory || variant.inventory_quantity > 0;

export function Products() {
  const { cart, region } = useBasket();
  const { products, error } = useProducts({ cart_id: cart.id, region_id: region.id });
  return (
    <>
      <h1>For sale in {region.name}</h1>
      <Problem of={error} />
      <ul className="products">
        {products?.map((one) => (
          <li key={one.id}>
            <a href={`#/products/${one.handle}`}>
              {one.thumbnail && <img src={one.thumbnail} alt="" />}
              <h2>{one.title}</h2>
            </a>
            <p>{cheapest(one) < Infinity ? `from ${money(cheapest(one), region)}` : "not sold here"}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

export function ProductPage({ id: handle }) {
  const { cart, region } = useBasket();
  const { setCart } = useCart();
  const [chosen, choose] = useState(null);
  const { products, error } = useProducts({ handle, cart_id: cart.id, region_id: region.id });
  const add = useCreateLineItem(cart.id, { onSuccess: (answer) => setCart(answer.cart) });
  if (!products) return <Problem of={error} />;
  const [product] = products;
  if (!product) return <p>There is nothing of this name.</p>;
  const sold = product.variants.filter(isSold);
  const variant = sold.find((one) => one.id === chosen) ?? sold.find(isLeft) ?? sold[0];
  if (!variant) return <p>{product.title} is not sold in {region.name}.</p>;
  return (
    <>
      <h1>{product.title}</h1>
      {product.thumbnail && <img src={product.thumbnail} alt="" />}
      <p>{product.description}</p>
      <label>
        Variant{" "}
        <select value={variant.id} onChange={(event) => choose(event.target.value)}>
          {sold.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}
        </select>
      </label>
      <p className="price">{money(variant.calculated_price, region)}</p>
      {isLeft(variant) ? (
        <button disabled={add.isLoading} onClick={() => add.mutate({ variant_id: variant.id, quantity: 1 })}>Add to cart</button>
      ) : (
        <p>Sold out</p>
      )}
      <Problem of={add.error} />
    </>
  );
}
