import type * as z from 'zod';
import type {
  daySaleSchema,
  daySalesSchema,
  saleDetailsSchema,
} from '../../../../http/routes/day-sale-routes.ts';
import type { refundAnswerSchema } from '../../../../http/routes/sale-routes.ts';
import type { Refund } from '../../../../loyalty/refund.ts';
import { ask, withQuery } from '../api.ts';
import type { Ask } from '../api.ts';

export type DaySale = z.infer<typeof daySaleSchema>;
export type DaySales = z.infer<typeof daySalesSchema>;
export type SaleDetails = z.infer<typeof saleDetailsSchema>;
export type RefundAnswer = z.infer<typeof refundAnswerSchema>;

/** As `nameOf` wants it: with the cards they may be called by. */
export function customerOf({ name, shortCode }: NonNullable<DaySale['customer']>) {
  return { name, cards: shortCode === null ? [] : [{ shortCode }] };
}

const PAGE_SIZE = 30;

/** What the desk asks about sales. Everything throws a Problem. */
export const salesApi = {
  ofDay: (asked: { locationId: string; businessDay: string | null }, cursor: string | null) =>
    ask<DaySales>('GET', withQuery('/sales', { ...asked, cursor, limit: PAGE_SIZE })),
  read: (saleId: string) => ask<SaleDetails>('GET', `/sales/${saleId}`),
  refund: (askOnce: Ask, saleId: string, refund: Refund) =>
    askOnce<RefundAnswer>('POST', `/sales/${saleId}/refunds`, refund),
};
