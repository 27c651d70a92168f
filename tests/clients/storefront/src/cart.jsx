// What lies in the cart, which can be changed, and what it comes to.
import { useCart, useDeleteLineItem, useUpdateLineItem } from "medusa-react";

import { useBasket } from "./basket.jsx";
import { money, Problem } from "./told.jsx";

export function Bill({ of: bill, region }) {
  const lines = { Subtotal: bill.subtotal, Discount: -bill.discount_total, Shipping: bill.shipping_total, Tax: bill.tax_total };
  return (
    <dl>
      {Object.entries(lines).map(([name, amount]) => amount !== 0 && <div key={name}><dt>{name}</dt><dd>{money(amount, region)}</dd></div>)}
      <div className="total"><dt>Total</dt><dd>{money(bill.total, region)}</dd></div>
    </dl>
  );
}

export function CartPage() {
  const { cart, region } = useBasket();
  const { setCart } = useCart();
  const onSuccess = (answer) => setCart(answer.cart);
  const update = useUpdateLineItem(cart.id, { onSuccess });
  const remove = useDeleteLineItem(cart.id, { onSuccess });
  const isBusy = update.isLoading || remove.isLoading;
  if (!cart.items.length) return <p>Your cart is empty.</p>;
  return (
    <>
      <h1>Cart</h1>
      <table>
        <tbody>
          {cart.items.map((line) => (
            <tr key={line.id}>
              <th scope="row">{line.title}, {line.description}</th>
              <td>
                <button aria-label={`One less of ${line.title}`} disabled={isBusy || line.quantity < 2} onClick={() => update.mutate({ lineId: line.id, quantity: line.quantity - 1 })}>−</button>
                <span className="quantity">{line.quantity}</span>
                <button aria-label={`One more of ${line.title}`} disabled={isBusy} onClick={() => update.mutate({ lineId: line.id, quantity: line.quantity + 1 })}>+</button>
              </td>
              <td>{money(line.subtotal, region)}</td>
              <td><button aria-label={`Remove ${line.title}`} disabled={isBusy} onClick={() => remove.mutate({ lineId: line.id })}>Remove</button></td>
            </tr>
          ))}
        </tbody>
      </table>
      <Bill of={cart} region={region} />
      <Problem of={update.error ?? remove.error} />
      <a className="next" href="#/checkout">Check out</a>
    </>
  );
}
