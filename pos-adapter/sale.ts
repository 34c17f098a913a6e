/**
 * A sale in words of our own: what a row of a point of sale's file becomes before anything else of ours sees it. Money is
 * in minor units of the merchant's currency.
 */
export interface Sale {
  /** What the source calls this sale; unique within it. */
  saleId: string;
  occurredAt: Date;
  /** What the customer paid, refunds not taken off. */
  totalMinor: number;
  /** What the source calls the customer. */
  customerRef?: string;
  lines: SaleItem[];
}

export interface SaleItem {
  /** Empty when the source does not say. */
  name: string;
  quantity: number;
  totalMinor: number;
}
