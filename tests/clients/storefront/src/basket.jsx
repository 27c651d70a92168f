// The cart of whoever shops here: found again by the id that the browser keeps, made anew where there is none or it is gone.
import { useCart, useMedusa, useRegions } from "medusa-react";
import { createContext, useContext, useEffect, useRef, useState } from "react";

const KEPT = "cart_id";
const Basket = createContext(null);

export const useBasket = () => useContext(Basket);

export function BasketProvider({ children }) {
  const { client } = useMedusa();
  const { regions = [], error } = useRegions();
  const { cart, setCart, createCart, updateCart } = useCart();
  const [problem, setProblem] = useState(null);
  const isLooking = useRef(false);

  async function keepNew(region_id) {
    const { cart: made } = await createCart.mutateAsync({ region_id });
    localStorage.setItem(KEPT, made.id);
  }

  async function find() {
    const kept = localStorage.getItem(KEPT);
    if (!kept) return keepNew(regions[0].id);
    try {
      const { cart: found } = await client.carts.retrieve(kept);
      if (found.completed_at) return keepNew(found.region_id);
      setCart(found);
    } catch (refusal) {
      if (refusal.response?.status !== 404) throw refusal;
      return keepNew(regions[0].id);
    }
  }

  useEffect(() => {
    if (!regions.length || isLooking.current) return;
    isLooking.current = true;
    find().catch(setProblem);
  }, [regions]);

  const basket = {
    cart,
    regions,
    region: regions.find((one) => one.id === cart.region_id),
    isReady: Boolean(cart.id && regions.length),
    isMoving: updateCart.isLoading,
    problem: problem ?? error ?? updateCart.error,
    moveTo: (region_id) => updateCart.mutate({ region_id }),
    startAnew: () => keepNew(cart.region_id),
  };
  return <Basket.Provider value={basket}>{children}</Basket.Provider>;
}
