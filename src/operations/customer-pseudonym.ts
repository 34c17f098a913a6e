import { hash } from 'node:crypto';

const LENGTH = 16;

/**
 * What a customer is called in files that leave the shop: the same in every report of a merchant, and no way back to
 * the person. (The id that goes in has 74 random bits, so nobody finds it by trying.)
 */
export function customerPseudonym({
  merchantId,
  customerId,
}: {
  merchantId: string;
  customerId: string;
}): string {
  return `c-${hash('sha256', `${merchantId} ${customerId}`).slice(0, LENGTH)}`;
}
