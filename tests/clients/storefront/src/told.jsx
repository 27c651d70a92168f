// How amounts are written, and what a shopper is told where something went wrong.
import { formatAmount } from "medusa-react";

// formatAmount would add the taxes of the region, which these amounts have already or have on a line of their own
export const money = (amount, region) => formatAmount({ amount, region, includeTaxes: false });

export function said(error) {
  const { message, errors } = error.response?.data ?? {};
  return message ?? errors?.map((one) => one.message).join(" ") ?? error.message;
}

export const Problem = ({ of: error }) => error && <p role="alert">{said(error)}</p>;
