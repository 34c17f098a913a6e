import { v7 as uuid } from 'uuid';
import type { Queries } from '../../db/database.ts';
import { listRefundsOfSales, listSalesByReference } from '../../db/queries/import-queries.ts';
import { findLocationClock, findSale } from '../../db/queries/sale-queries.ts';
import type { RefundInFile } from '../../pos-adapter/sales-file/read-sales.ts';
import { computeBusinessDay } from '../loyalty/business-day.ts';
import { applyRefund } from './refund-sale.ts';
import type { FileToWrite } from './write-sales-file.ts';

/** Pays back a sale of the same source, once however often the file is imported. */
export async function importRefund(
  tx: Queries,
  { file, refund }: { file: FileToWrite; refund: RefundInFile },
): Promise<'added' | 'known' | 'sale-unknown' | 'refused'> {
  const { merchantId, source, staffId, now } = file;
  const references = [refund.refundOf];
  const [found] = await listSalesByReference(tx, { merchantId, source, references });
  if (!found) return 'sale-unknown';
  const { saleId } = found;
  const earlier = await listRefundsOfSales(tx, { merchantId, saleIds: [saleId] });
  if (isKnownRefund(refund, earlier)) return 'known';
  const [sale] = await findSale(tx, { merchantId, saleId });
  // The sale's, where files of this source may not go any more.
  const [location] = await findLocationClock(tx, { merchantId, locationId: sale!.locationId });
  const outcome = await applyRefund(tx, {
    sale: sale!,
    refund: { amountMinor: refund.amountMinor },
    refundId: uuid(),
    reference: refund.refundId,
    staffId,
    deviceId: null,
    refundedAt: refund.at,
    businessDay: computeBusinessDay({ instant: refund.at, ...location! }),
    recordedAt: now,
  });
  return 'refused' in outcome ? 'refused' : 'added';
}

/**
 * Whether a refund is among those its sale has already. Without a number it is known by how many like it there are: the
 * number behind a reference once counted refunds of other sales too.
 */
export function isKnownRefund(
  { refundId, place }: RefundInFile,
  earlier: readonly { reference: string | null }[],
): boolean {
  if (place === null) return earlier.some(({ reference }) => reference === refundId);
  const mark = refundId.slice(0, refundId.lastIndexOf('-') + 1);
  return earlier.filter(({ reference }) => reference?.startsWith(mark)).length >= place;
}
