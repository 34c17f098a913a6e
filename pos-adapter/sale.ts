/**
 * A sale in words of our own: what every till's message, and every row of a file, becomes before anything else of
 * ours sees it. Money is in minor units of `currency`.
 */
export interface Sale {
  /** The connection or file it comes from. */
  source: string;
  /** What the source calls this sale; unique within it. */
  saleId: string;
  /** What the source calls the place; absent when a source has only one. */
  locationRef?: string;
  /** Only a completed sale is money taken. */
  status: 'completed' | 'open' | 'cancelled';
  occurredAt: Date;
  /** ISO 4217. */
  currency: string;
  /** What the customer paid, refunds not taken off. */
  totalMinor: number;
  tipMinor: number;
  discountMinor: number;
  /** What the source calls the customer. */
  customerRef?: string;
  staffRef?: string;
  deviceRef?: string;
  lines: SaleItem[];
  /** Discounts by which a till says "this was a gesture". */
  gestureMarks: string[];
  refunds: SaleRefund[];
}

export interface SaleItem {
  /** Empty when the source does not say. */
  name: string;
  quantity: number;
  totalMinor: number;
  sku?: string;
}

export interface SaleRefund {
  /** What the source calls this refund; unique within it. */
  refundId: string;
  amountMinor: number;
  at: Date;
}
