import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import { listGesturesSince, listRefundsSince, listSalesSince } from '../../db/queries/evidence-queries.ts';
import { firstIdAt } from './first-id-at.ts';
import type { Correction, SeasonDraws } from './season-draws.ts';

const PAGE_ROWS = 1_000;

type RefundRow = Awaited<ReturnType<typeof listRefundsSince>>[number];

/** Rows written from `since` on, as they were known at `asOf`. */
interface LateSpan {
  since: Date;
  asOf: Date;
}

/**
 * What was written about the past of a season's draws: refunds, sales and gestures that came after the draws they count
 * to were counted, or after the instant they are counted as of.
 */
export class SeasonLateRows {
  readonly #db: Database;
  readonly #merchantId: string;
  readonly #saleCapMinor: number;
  readonly #draws: SeasonDraws;
  /** By customer, and by sale. */
  readonly #corrections = new Map<string, Map<string, Correction>>();
  /** Rows read lately: what is read twice changes nothing, but is not worth counting again. */
  readonly #seen = new Map<string, number>();
  /** For good: a refund read twice would be paid back twice. */
  readonly #refundsSeen = new Set<string>();
  /** What was paid back of each sale, minor units. */
  readonly #refunded = new Map<string, number>();

  constructor(
    db: Database,
    { merchantId, saleCapMinor, draws }: { merchantId: string; saleCapMinor: number; draws: SeasonDraws },
  ) {
    this.#db = db;
    this.#merchantId = merchantId;
    this.#saleCapMinor = saleCapMinor;
    this.#draws = draws;
  }

  correctionsOf(customerId: string): Iterable<Correction> {
    return this.#corrections.get(customerId)?.values() ?? [];
  }

  *allCorrections(): Generator<Correction> {
    for (const ofCustomer of this.#corrections.values()) yield* ofCustomer.values();
  }

  /** Corrects the sales that were paid back, each by what is left of it, and answers whose they are. Refunds are few. */
  async readRefunds({ since, asOf }: LateSpan): Promise<Set<string>> {
    const changed = new Set<string>();
    const pages = this.#pagesSince(since, listRefundsSince, ({ refundId }) => refundId);
    for await (const page of pages)
      for (const row of page) {
        const { refundId, customerId } = row;
        // Also of those who are not drawn for yet: it may be of the time before their first draw.
        if (!customerId || this.#refundsSeen.has(refundId)) continue;
        if (row.recordedAt > asOf || row.refundedAt > asOf || row.saleRecordedAt > asOf) continue;
        this.#refundsSeen.add(refundId);
        this.#payBack(row, customerId);
        changed.add(customerId);
      }
    return changed;
  }

  #payBack({ saleId, occurredAt, totalMinor, amountMinor }: RefundRow, customerId: string): void {
    const cap = this.#saleCapMinor;
    const paidBackMinor = (this.#refunded.get(saleId) ?? 0) + amountMinor;
    this.#refunded.set(saleId, paidBackMinor);
    this.#addCorrection(saleId, {
      customerId,
      occurredMs: occurredAt.getTime(),
      spendMinor: Math.min(totalMinor - paidBackMinor, cap) - Math.min(totalMinor, cap),
      saleCount: 0,
    });
  }

  /** Answers whose matured draws are to be counted again because of a sale written since. */
  async readSales(since: Date): Promise<Set<string>> {
    const changed = new Set<string>();
    for await (const page of this.#pagesSince(since, listSalesSince, ({ saleId }) => saleId))
      for (const { saleId, customerId, occurredAt, totalMinor, recordedAt } of page) {
        if (!customerId || !this.#draws.touchesMatured(customerId, occurredAt.getTime())) continue;
        if (this.#see(`${saleId} ${totalMinor} ${customerId}`, recordedAt)) changed.add(customerId);
      }
    return changed;
  }

  /** Takes out what was sold or sent in after an instant: of the past as it was then, it was not known. */
  async takeOutSalesAfter(asOf: Date): Promise<void> {
    for await (const page of this.#pagesSince(asOf, listSalesSince, ({ saleId }) => saleId))
      for (const { saleId, customerId, occurredAt, totalMinor, recordedAt } of page) {
        if (!customerId || !this.#draws.isOfCustomer(customerId) || recordedAt <= asOf) continue;
        // What was only sold later counts to no draw that had matured by then.
        if (occurredAt > asOf) continue;
        const spendMinor = -Math.min(totalMinor, this.#saleCapMinor);
        const occurredMs = occurredAt.getTime();
        this.#addCorrection(saleId, { customerId, occurredMs, spendMinor, saleCount: -1 });
      }
  }

  /** Answers whose matured draws are to be counted again because of a gesture written, or undone, since. */
  async readGestures(since: Date): Promise<Set<string>> {
    const changed = new Set<string>();
    for await (const page of this.#pagesSince(since, listGesturesSince, ({ gestureId }) => gestureId))
      for (const { gestureId, customerId, givenAt, recordedAt, undoneAt } of page) {
        if (!this.#draws.touchesMatured(customerId, givenAt.getTime())) continue;
        if (this.#see(`${gestureId} ${undoneAt?.getTime()}`, recordedAt)) changed.add(customerId);
      }
    return changed;
  }

  /** Forgets that rows from before an instant were seen: they are not read again. */
  forgetSeenBefore(atMs: number): void {
    for (const [key, ms] of this.#seen) if (ms < atMs) this.#seen.delete(key);
  }

  /** Whether it is the first time. */
  #see(key: string, at: Date): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.set(key, at.getTime());
    return true;
  }

  /** In place of what was known of the sale before. */
  #addCorrection(saleId: string, correction: Correction): void {
    const ofCustomer = this.#corrections.get(correction.customerId);
    if (ofCustomer) ofCustomer.set(saleId, correction);
    else this.#corrections.set(correction.customerId, new Map([[saleId, correction]]));
  }

  /** Rows in the order they were written, with a turn for everybody else between two pages. */
  async *#pagesSince<Row>(
    since: Date,
    list: (queries: Queries, page: { merchantId: string; afterId: string; limit: number }) => Promise<Row[]>,
    idOf: (row: Row) => string,
  ): AsyncGenerator<Row[]> {
    let afterId = firstIdAt(since);
    for (;;) {
      const place = { merchantId: this.#merchantId, afterId, limit: PAGE_ROWS };
      const page = await this.#db.read((queries) => list(queries, place));
      yield page;
      if (page.length < PAGE_ROWS) return;
      afterId = idOf(page.at(-1)!);
      await nextTurn();
    }
  }
}
