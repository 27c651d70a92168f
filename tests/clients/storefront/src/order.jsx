// An order, as its server knows it.
import { useOrder } from "medusa-react";

import { Bill } from "./cart.jsx";
import { money, Problem } from "./told.jsx";

export function OrderPage({ id }) {
  const { order, error } = useOrder(id);
  if (!order) return <Problem of={error} />;
  return (
    <>
      <h1>Thank you, {order.shipping_address.first_name}</h1>
      <p>Order {order.display_id} goes to {order.shipping_address.city}; {order.email} hears of it.</p>
      <ul>
        {order.items.map((line) => <li key={line.id}>{line.quantity} of {line.title}, {money(line.subtotal, order.region)}</li>)}
      </ul>
      <Bill of={order} region={order.region} />
    </>
  );
}
