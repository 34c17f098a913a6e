import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import {
  findEndDraw,
  listDrawFacts,
  listGesturesBetween,
  listGesturesOf,
  listJoins,
  sumAroundAllDraws,
  sumAroundDraws,
  sumAroundDrawsOf,
} from '../../db/queries/evidence-queries.ts';
import type { DrawSumColumns } from '../../db/queries/evidence-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import { auditDraw } from '../evidence/draw.ts';
import type { SeasonHmac } from '../evidence/draw.ts';
import { PLACEBO_FROM_DAYS } from '../evidence/outcome.ts';
import type { GrowingColumn } from './growing-column.ts';
import { SeasonDraws } from './season-draws.ts';
import type { Places } from './season-draws.ts';
import { SeasonLateRows } from './season-late-rows.ts';
import { visitMinutesOf } from './visit-minutes-of.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Draws whose outcomes are summed by one statement: a few milliseconds, then everybody else gets a turn. */
const PAGE_DRAWS = 250;
const PAGE_GESTURES = 1_000;
const PAGE_FILLED = 2_000;
/** Customers whose draws are summed again, because of what came late, before everybody else gets a turn. */
const PAGE_CUSTOMERS = 50;
/** So many at once are summed customer by customer, while they are still being read. */
const MANY_DRAWS = 5_000;
/** Tills that draw at the same moment may be numbered in another order than their clocks say. */
const SEQUENCE_SLACK = 200;
/** A row is seen this long after its id was made: by then the slowest transaction is committed. */
const COMMITTED_AFTER_MS = 10 * MINUTE_MS;
/** A business day and its change of clocks. */
const LONGEST_DAY_MS = 26 * 60 * MINUTE_MS;

/**
 * Everything the evidence of a season needs. Read once, and from then on brought up to date by what was written since:
 * the outcome of a matured draw changes only by a refund, a late sale or a late gesture, and then only that customer's
 * draws are summed again.
 */
export class SeasonData {
  readonly draws: SeasonDraws;
  readonly audit = { checkedCount: 0, mismatchedCount: 0 };
  /** One more whenever what is counted changes. */
  version = 0;
  readonly #db: Database;
  readonly #season: SeasonRow;
  readonly #hmac: SeasonHmac;
  /** null: as things are, to be brought up to date again and again. An instant: as they were then, once. */
  readonly #pinnedAt: Date | null;
  readonly #manyDraws: number;
  readonly #rule: { saleCapMinor: number; visitMs: number };
  readonly #late: SeasonLateRows;
  /** Who has joined whom. */
  #joined: Map<string, string> | undefined;
  #frozenHashes: { count: number; hashes: string[] } | null = null;
  #readTo: number | null = null;
  /** Up to when everything written is counted; null before the first time. */
  #watermark: Date | null = null;

  constructor(
    db: Database,
    {
      season,
      hmac,
      pinnedAt,
      manyDraws = MANY_DRAWS,
    }: { season: SeasonRow; hmac: SeasonHmac; pinnedAt: Date | null; manyDraws?: number },
  ) {
    const { saleCapMinor } = season;
    this.#db = db;
    this.#season = season;
    this.#hmac = hmac;
    this.#pinnedAt = pinnedAt;
    this.#manyDraws = manyDraws;
    this.#rule = { saleCapMinor, visitMs: visitMinutesOf(season) * MINUTE_MS };
    this.draws = new SeasonDraws(season);
    this.#late = new SeasonLateRows(db, { merchantId: season.merchantId, saleCapMinor, draws: this.draws });
  }

  /** Reads what was written since the last time, and counts the draws that have matured by `asOf`. */
  async bringUpToDate(asOf: Date): Promise<void> {
    const last = await this.#findRange();
    if (this.#readTo === null) return;
    const isLong = this.#watermark === null && last - this.#readTo > this.#manyDraws;
    const allSums = isLong
      ? sumAroundAllDraws(this.#db, { merchantId: this.#season.merchantId, ...this.#rule })
      : null;
    allSums?.catch(() => undefined); // told where it is waited for, unless something else goes wrong before
    await this.#readDraws(asOf, last);
    if (this.draws.count === 0) return;
    const changed = await this.#readLateRows(asOf);
    await this.#countMatured(asOf, allSums);
    let countedAgain = 0;
    for (const customerId of changed) {
      await this.#countAgain(customerId, asOf);
      if (++countedAgain % PAGE_CUSTOMERS === 0) await nextTurn();
    }
    this.#watermark = new Date(asOf.getTime() - COMMITTED_AFTER_MS);
    this.#late.forgetSeenBefore(this.#watermark.getTime() - LONGEST_DAY_MS);
  }

  /** Where the first draw is, once there is one, and the number of the last. */
  async #findRange(): Promise<number> {
    const { merchantId } = this.#season;
    this.#readTo ??= await this.#findStart();
    const [head] = await this.#db.read((queries) => findChainHead(queries, { merchantId, chain: 'draws' }));
    return this.#findEnd(head?.sequence ?? 0);
  }

  async #findStart(): Promise<number | null> {
    const { merchantId, seasonId } = this.#season;
    const first = await this.#db.read((queries) =>
      findEndDraw(queries, { merchantId, seasonId, end: 'first' }),
    );
    return first ? Math.max(0, first.sequence - SEQUENCE_SLACK) : null;
  }

  async #findEnd(head: number): Promise<number> {
    const { merchantId, seasonId, endedAt } = this.#season;
    if (!endedAt) return head;
    const last = await this.#db.read((queries) =>
      findEndDraw(queries, { merchantId, seasonId, end: 'last' }),
    );
    return Math.min(head, (last?.sequence ?? 0) + SEQUENCE_SLACK);
  }

  async #readDraws(asOf: Date, last: number): Promise<void> {
    const { merchantId, seasonId, chanceMillionths } = this.#season;
    const rule = { chanceMillionths, hmac: this.#hmac };
    this.#joined ??= await this.#readJoined();
    while (this.#readTo! < last) {
      const range = { merchantId, afterSequence: this.#readTo!, toSequence: this.#readTo! + PAGE_DRAWS };
      const rows = await this.#db.read((queries) => listDrawFacts(queries, range));
      const page = rows.filter(
        (row) => row.seasonId === seasonId && (!this.#pinnedAt || row.drawnAt <= asOf),
      );
      for (const row of page) if (!auditDraw(row, rule)) this.audit.mismatchedCount++;
      this.audit.checkedCount += page.length;
      this.draws.add(page, this.#joined);
      // A page may end where a chain that is being written ends: what comes after is read the next time.
      this.#readTo = Math.min(range.toSequence, last);
      await nextTurn();
    }
  }

  async #readJoined(): Promise<Map<string, string>> {
    const { merchantId } = this.#season;
    const rows = await this.#db.read((queries) => listJoins(queries, { merchantId }));
    return new Map(rows.map(({ customerId, joinedIntoId }) => [customerId, joinedIntoId!]));
  }

  /** Reads what came late, and answers whose matured draws are to be counted again. */
  async #readLateRows(asOf: Date): Promise<Set<string>> {
    const watermark = this.#watermark;
    const firstMs = this.draws.columns.drawnMs.get(0);
    const since = watermark ?? new Date(firstMs - PLACEBO_FROM_DAYS * DAY_MS);
    const paidBack = await this.#late.readRefunds({ since, asOf });
    if (this.#pinnedAt) await this.#late.takeOutSalesAfter(asOf);
    // The first time nothing is counted yet, so there is nothing to count again.
    if (!watermark) return new Set();
    const sold = await this.#late.readSales(watermark);
    // Until its day is over a gesture may be undone.
    const given = await this.#late.readGestures(new Date(watermark.getTime() - LONGEST_DAY_MS));
    return new Set([...paidBack, ...sold, ...given]);
  }

  /** Counts the draws that have matured since the last time, in the order they were made. */
  async #countMatured(asOf: Date, allSums: Promise<DrawSumColumns> | null): Promise<void> {
    const { draws } = this;
    const from = draws.maturedCount;
    const to = draws.endOfMatured(from, asOf);
    if (to === from) return;
    if (allSums) await this.#fillAll(await allSums);
    else await this.#sumBySequence({ from, to });
    for (const customerId of draws.listJoinedInto()) await this.#sumOf(customerId, { from, to });
    await this.#readGestures({ from, to }, asOf);
    draws.maturedCount = to;
    this.version++;
    let corrected = 0;
    for (const correction of this.#late.allCorrections()) {
      draws.correct(correction, { from, to, visitMs: this.#rule.visitMs });
      if (++corrected % PAGE_FILLED === 0) await nextTurn();
    }
  }

  async #sumBySequence({ from, to }: Places): Promise<void> {
    const { merchantId } = this.#season;
    const lastSequence = this.draws.sequenceAt(to - 1);
    for (let after = this.draws.sequenceAt(from) - 1; after < lastSequence; after += PAGE_DRAWS) {
      const toSequence = Math.min(after + PAGE_DRAWS, lastSequence);
      const range = { merchantId, afterSequence: after, toSequence, ...this.#rule };
      this.draws.setSums(await this.#db.read((queries) => sumAroundDraws(queries, range)));
      await nextTurn();
    }
  }

  async #fillAll({ sequence, spendMinor, saleCount, placeboMinor }: DrawSumColumns): Promise<void> {
    for (let from = 0; from < sequence.length; from += PAGE_FILLED) {
      const page = Array.from(sequence.subarray(from, from + PAGE_FILLED), (one, place) => ({
        sequence: one,
        spendMinor: spendMinor[from + place]!,
        saleCount: saleCount[from + place]!,
        placeboMinor: placeboMinor[from + place]!,
      }));
      this.draws.setSums(page);
      await nextTurn();
    }
  }

  /** Sums a customer's draws again, because something about the past was written just now. */
  async #countAgain(customerId: string, asOf: Date): Promise<void> {
    const { draws } = this;
    const { merchantId } = this.#season;
    const matured = draws.placesOf(customerId).filter((place) => place < draws.maturedCount);
    if (matured.length === 0) return;
    const all = { from: 0, to: draws.maturedCount };
    draws.clearGestures(matured);
    await this.#sumOf(customerId, all);
    const given = await this.#db.read((queries) => listGesturesOf(queries, { merchantId, customerId, asOf }));
    for (const gesture of given) draws.countGesture(gesture, all);
    for (const correction of this.#late.correctionsOf(customerId))
      draws.correct(correction, { ...all, visitMs: this.#rule.visitMs });
    this.version++;
  }

  /** Sums the draws of a customer from one place to another, whoever they were then; the others stay as they were counted. */
  async #sumOf(customerId: string, { from, to }: Places): Promise<void> {
    const { merchantId } = this.#season;
    const places = this.draws.placesOf(customerId).filter((place) => place >= from && place < to);
    if (places.length === 0) return;
    this.draws.clearSums(places);
    for (const id of this.draws.idsOf(customerId)) {
      const one = { merchantId, customerId: id, rootId: customerId, ...this.#rule };
      this.draws.setSums(await this.#db.read((queries) => sumAroundDrawsOf(queries, one)), { from, to });
    }
  }

  /** What was given around the draws from one place to another: gestures are few beside draws, so these are read. */
  async #readGestures({ from, to }: Places, asOf: Date): Promise<void> {
    const { merchantId } = this.#season;
    const { drawnMs } = this.draws.columns;
    const until = new Date(drawnMs.get(to - 1) + LONGEST_DAY_MS);
    let [since, afterGestureId] = [new Date(drawnMs.get(from) - COMMITTED_AFTER_MS), ''];
    for (;;) {
      const span = { merchantId, from: since, afterGestureId, to: until, asOf, limit: PAGE_GESTURES };
      const page = await this.#db.read((queries) => listGesturesBetween(queries, span));
      for (const gesture of page) this.draws.countGesture(gesture, { from, to });
      const last = page.at(-1);
      if (!last || page.length < PAGE_GESTURES) return;
      since = last.givenAt;
      afterGestureId = last.gestureId;
      await nextTurn();
    }
  }

  /** SHA-256 of everything that is counted: the same figures, the same hash. */
  async hashCounted(): Promise<string> {
    const { columns, x, maturedCount } = this.draws;
    const { z, p, d, spendMinor, saleCount, placeboMinor, costMinor, cluster } = columns;
    // What was known at the draw stays: while no other draw matures, so does its hash.
    if (this.#frozenHashes?.count !== maturedCount)
      this.#frozenHashes = {
        count: maturedCount,
        hashes: await hashColumns([z, p, cluster, ...x], maturedCount),
      };
    const [ofZ, ofP, ofCluster, ...ofX] = this.#frozenHashes.hashes;
    const outcomes = await hashColumns([d, spendMinor, saleCount, placeboMinor, costMinor], maturedCount);
    const hashes = [ofZ, ofP, ...outcomes, ofCluster, ...ofX];
    const { seasonId, plannedDraws, saleCapMinor, visitMinutes } = this.#season;
    return hash('sha256', JSON.stringify([seasonId, plannedDraws, saleCapMinor, visitMinutes, hashes]));
  }
}

/** SHA-256 of the first values of each column, with a turn for everybody else after each. */
async function hashColumns(columns: readonly GrowingColumn[], count: number): Promise<string[]> {
  const hashes: string[] = [];
  for (const column of columns) {
    const { buffer, byteOffset, byteLength } = column.first(count);
    hashes.push(hash('sha256', new Uint8Array(buffer, byteOffset, byteLength).slice()));
    await nextTurn();
  }
  return hashes;
}
