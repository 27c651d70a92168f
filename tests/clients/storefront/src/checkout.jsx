// From a cart to its order: where it goes, how it is sent, how it is paid.
import { useCart, useCartShippingOptions } from "medusa-react";
import { useState } from "react";

import { useBasket } from "./basket.jsx";
import { Bill } from "./cart.jsx";
import { money, Problem } from "./told.jsx";

const FIELDS = { first_name: "First name", last_name: "Last name", address_1: "Address", postal_code: "Postal code", city: "City" };

function Address() {
  const { cart, region } = useBasket();
  const { updateCart } = useCart();
  function submit(event) {
    event.preventDefault();
    const { email, ...shipping_address } = Object.fromEntries(new FormData(event.target));
    updateCart.mutate({ email, shipping_address });
  }
  return (
    <form onSubmit={submit}>
      <h2>Where it goes</h2>
      <label>E-mail <input name="email" type="email" required defaultValue={cart.email ?? ""} /></label>
      {Object.entries(FIELDS).map(([name, label]) => (
        <label key={name}>{label} <input name={name} required defaultValue={cart.shipping_address?.[name] ?? ""} /></label>
      ))}
      <label>
        Country{" "}
        <select name="country_code" defaultValue={cart.shipping_address?.country_code ?? region.countries[0].iso_2}>
          {region.countries.map((one) => <option key={one.iso_2} value={one.iso_2}>{one.display_name}</option>)}
        </select>
      </label>
      <button disabled={updateCart.isLoading}>Continue</button>
    </form>
  );
}

function Shipping() {
  const { cart, region } = useBasket();
  const { addShippingMethod, startCheckout } = useCart();
  const { shipping_options, error } = useCartShippingOptions(cart.id);
  const chosen = cart.shipping_methods[0]?.shipping_option_id;
  const choose = (option_id) => addShippingMethod.mutate({ option_id }, { onSuccess: () => startCheckout.mutate() });
  return (
    <fieldset disabled={addShippingMethod.isLoading}>
      <legend>How it is sent</legend>
      {shipping_options?.map((one) => (
        <label key={one.id}>
          <input type="radio" name="shipping" checked={one.id === chosen} onChange={() => choose(one.id)} /> {one.name}, {money(one.amount, region)}
        </label>
      ))}
      {shipping_options?.length === 0 && <p role="alert">We cannot send this to you.</p>}
      <Problem of={error ?? addShippingMethod.error ?? startCheckout.error} />
    </fieldset>
  );
}

function Payment() {
  const { cart, startAnew } = useBasket();
  const { pay, completeCheckout } = useCart();
  const [wanted, setWanted] = useState(null);
  async function complete() {
    setWanted(null);
    const { type, data, payment_status } = await completeCheckout.mutateAsync();
    if (type !== "order") return setWanted(payment_status);
    location.hash = `#/orders/${data.id}`;
    await startAnew();
  }
  return (
    <fieldset disabled={pay.isLoading || completeCheckout.isLoading}>
      <legend>How it is paid</legend>
      {cart.payment_sessions.map((one) => (
        <label key={one.id}>
          <input type="radio" name="payment" checked={Boolean(one.is_selected)} onChange={() => pay.mutate({ provider_id: one.provider_id })} /> {one.provider_id}
        </label>
      ))}
      {wanted && <p role="status">Your bank wants you to confirm this payment ({wanted}). Then place the order again.</p>}
      <Problem of={pay.error ?? completeCheckout.error} />
      <button onClick={() => complete().catch(() => {})}>Place order</button>
    </fieldset>
  );
}

export function Checkout() {
  const { cart, region } = useBasket();
  if (!cart.items.length) return <p>Your cart is empty.</p>;
  return (
    <>
      <h1>Checkout</h1>
      <Address />
      {cart.shipping_address?.address_1 && <Shipping />}
      {cart.shipping_methods?.length > 0 && cart.payment_sessions?.length > 0 && <Payment />}
      <Bill of={cart} region={region} />
    </>
  );
}
