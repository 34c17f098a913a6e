import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../db/database.ts';
import {
  findEndDraw,
  listDrawFacts,
  listGesturesBetween,
  listGesturesOf,
  listGesturesSince,
  listJoinedCustomers,
  listRefundsSince,
  listSalesSince,
  sumAroundAllDraws,
  sumAroundDraws,
  sumAroundDrawsOf,
} from '../../db/queries/evidence-queries.ts';
import type { DrawSumColumns, DrawSums } from '../../db/queries/evidence-queries.ts';
import { findChainHead } from '../../db/queries/ledger-queries.ts';
import type { SeasonRow } from '../../db/queries/season-queries.ts';
import { buildColumns } from '../evidence/covariates.ts';
import { auditDraw } from '../evidence/draw.ts';
import type { SeasonHmac } from '../evidence/draw.ts';
import { OUTCOME_DAYS, PLACEBO_FROM_DAYS, PLACEBO_TO_DAYS } from '../evidence/outcome.ts';
import { GrowingColumn } from './draw-columns.ts';
import { firstIdAt } from './first-id-at.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WEEK_MS = 7 * DAY_MS;
const OUTCOME_MS = OUTCOME_DAYS * DAY_MS;
/** Draws whose outcomes are summed by one statement: a few milliseconds, then everybody else gets a turn. */
const PAGE_DRAWS = 250;
const PAGE_ROWS = 1_000;
const PAGE_FILLED = 2_000;
/** Customers whose draws are summed again, because of what came late, before everybody else gets a turn. */
const PAGE_CUSTOMERS = 50;
/** So many at once are summed customer by customer, while they are still being read. */
const MANY_DRAWS = 5_000;
/** No earlier draw. */
const NONE = -1;
/** Tills that draw at the same moment may be numbered in another order than their clocks say. */
const SEQUENCE_SLACK = 200;
/** A row is seen this long after its id was made: by then the slowest transaction is committed. */
const COMMITTED_AFTER_MS = 10 * MINUTE_MS;
const COVARIATE_COLUMNS = 9;
/** A business day and its change of clocks. */
const LONGEST_DAY_MS = 26 * 60 * MINUTE_MS;

/** A sale that counts to some draws differently from what the sums of sales say: paid back, or not known yet. */
interface Correction {
  customerId: string;
  occurredMs: number;
  /** Added to what was spent, and to the number of sales. */
  spendMinor: number;
  saleCount: number;
}

/**
 * Everything the evidence of a season needs, in columns of numbers: some 200 bytes a draw. Read once, and from then on
 * brought up to date by what was written since: the outcome of a matured draw changes only by a refund, a late sale or
 * a late gesture, and then only that customer's draws are summed again.
 */
export class SeasonData {
  readonly columns = {
    z: new GrowingColumn(),
    p: new GrowingColumn(),
    d: new GrowingColumn(),
    spendMinor: new GrowingColumn(),
    saleCount: new GrowingColumn(),
    placeboMinor: new GrowingColumn(),
    costMinor: new GrowingColumn(),
    week: new GrowingColumn(),
    cluster: new GrowingColumn(),
    location: new GrowingColumn(),
    drawnMs: new GrowingColumn(),
  };
  readonly x = Array.from({ length: COVARIATE_COLUMNS }, () => new GrowingColumn());
  readonly audit = { checkedCount: 0, mismatchedCount: 0 };
  readonly locationIds: string[] = [];
  /** Draws that were read, and those of them whose 30 days are over and counted. */
  count = 0;
  maturedCount = 0;
  /** One more whenever what is counted changes. */
  version = 0;
  readonly #db: Database;
  readonly #season: SeasonRow;
  readonly #hmac: SeasonHmac;
  /** null: as things are, to be brought up to date again and again. An instant: as they were then, once. */
  readonly #pinnedAt: Date | null;
  readonly #manyDraws: number;
  readonly #sequences: number[] = [];
  /** The business day of each draw; few different texts, many times. */
  readonly #days: string[] = [];
  readonly #dayTexts = new Map<string, string>();
  /** Customers by number. With the two below their draws are found, without an object for each. */
  readonly #customers = new Map<string, number>();
  /** The place of each customer's last draw, and of each draw the place of the one before by the same customer. */
  readonly #lastPlaces: number[] = [];
  readonly #earlierPlaces: number[] = [];
  /** Who has joined whom, and of the latter that were drawn: as their draws call them. */
  #joined: Map<string, string> | undefined;
  readonly #joinedIds = new Map<string, Set<string>>();
  readonly #locations = new Map<string, number>();
  /** By customer, and by sale. */
  readonly #corrections = new Map<string, Map<string, Correction>>();
  /** Rows read lately: what is read twice changes nothing, but is not worth counting again. */
  readonly #seen = new Map<string, number>();
  /** For good: a refund read twice would be paid back twice. */
  readonly #refundsSeen = new Set<string>();
  /** What was paid back of each sale. */
  readonly #refunded = new Map<string, number>();
  #frozenHashes: { count: number; hashes: string[] } | null = null;
  #readTo: number | null = null;
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
    this.#db = db;
    this.#season = season;
    this.#hmac = hmac;
    this.#pinnedAt = pinnedAt;
    this.#manyDraws = manyDraws;
  }

  get customerCount(): number {
    return this.#customers.size;
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
    if (this.count === 0) return;
    const since = this.#watermark ?? new Date(this.columns.drawnMs.get(0) - PLACEBO_FROM_DAYS * DAY_MS);
    const dirty = new Set<string>();
    await this.#readRefunds(since, asOf, dirty);
    if (this.#watermark || this.#pinnedAt) await this.#readLateSales(this.#watermark ?? asOf, asOf, dirty);
    if (this.#watermark) await this.#readLateGestures(this.#watermark, dirty);
    await this.#countMatured(asOf, allSums);
    let countedAgain = 0;
    for (const customerId of dirty) {
      await this.#countAgain(customerId, asOf);
      if (++countedAgain % PAGE_CUSTOMERS === 0) await nextTurn();
    }
    this.#watermark = new Date(asOf.getTime() - COMMITTED_AFTER_MS);
    for (const [key, ms] of this.#seen) if (ms < this.#watermark.getTime() - DAY_MS) this.#seen.delete(key);
  }

  /** Where the first draw is, once there is one, and the number of the last. */
  async #findRange(): Promise<number> {
    const { merchantId } = this.#season;
    this.#readTo ??= await this.#findStart();
    const [head] = await this.#db.read((queries) => findChainHead(queries, { merchantId, chain: 'draws' }));
    return this.#findEnd(head?.sequence ?? 0);
  }

  async #readDraws(asOf: Date, last: number): Promise<void> {
    const { merchantId, seasonId, startedAt } = this.#season;
    this.#joined ??= await this.#readJoined();
    while (this.#readTo! < last) {
      const range = { merchantId, afterSequence: this.#readTo!, toSequence: this.#readTo! + PAGE_DRAWS };
      const rows = await this.#db.read((queries) => listDrawFacts(queries, range));
      const page = rows.filter(
        (row) => row.seasonId === seasonId && (!this.#pinnedAt || row.drawnAt <= asOf),
      );
      const empty = (): Float64Array => new Float64Array(page.length);
      const [z, p, week, cluster, location, drawnMs] = [empty(), empty(), empty(), empty(), empty(), empty()];
      for (let at = 0; at < page.length; at++) {
        const row = page[at]!;
        this.#sequences.push(row.sequence);
        this.#days.push(this.#sameText(row.businessDay));
        this.audit.checkedCount++;
        if (!auditDraw(row, this.#hmac)) this.audit.mismatchedCount++;
        const ms = row.drawnAt.getTime();
        z[at] = row.isDrawn ? 1 : 0;
        p[at] = row.chanceMillionths / 1_000_000;
        week[at] = Math.floor((ms - startedAt.getTime()) / WEEK_MS);
        cluster[at] = this.#addDraw(this.count++, row.customerId);
        location[at] = this.#locationOf(row.locationId);
        drawnMs[at] = ms;
      }
      const { columns } = this;
      columns.z.push(z);
      columns.p.push(p);
      columns.week.push(week);
      columns.cluster.push(cluster);
      columns.location.push(location);
      columns.drawnMs.push(drawnMs);
      const built = buildColumns(page.map(({ covariates }) => covariates));
      built.forEach((column, place) => this.x[place]!.push(column));
      const { d, spendMinor, saleCount, placeboMinor, costMinor } = columns;
      for (const column of [d, spendMinor, saleCount, placeboMinor, costMinor]) column.push(empty());
      // A page may end where a chain that is being written ends: what comes after is read the next time.
      this.#readTo = Math.min(range.toSequence, last);
      await nextTurn();
    }
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

  async #readJoined(): Promise<Map<string, string>> {
    const { merchantId } = this.#season;
    const rows = await this.#db.read((queries) => listJoinedCustomers(queries, { merchantId }));
    return new Map(rows.map(({ customerId, joinedIntoId }) => [customerId, joinedIntoId!]));
  }

  /** Notes whose draw it was, as they are now, and answers their number. */
  #addDraw(place: number, customerId: string): number {
    const rootId = this.#joined!.get(customerId);
    if (rootId !== undefined) {
      const ids = this.#joinedIds.get(rootId);
      if (ids) ids.add(customerId);
      else this.#joinedIds.set(rootId, new Set([customerId]));
    }
    const name = rootId ?? customerId;
    let code = this.#customers.get(name);
    if (code === undefined) this.#customers.set(name, (code = this.#customers.size));
    this.#earlierPlaces.push(this.#lastPlaces[code] ?? NONE);
    this.#lastPlaces[code] = place;
    return code;
  }

  /** The draws of a customer, in the columns, the last first. */
  #placesOf(customerId: string): number[] {
    const places: number[] = [];
    const code = this.#customers.get(customerId);
    if (code === undefined) return places;
    for (let place = this.#lastPlaces[code]!; place !== NONE; place = this.#earlierPlaces[place]!)
      places.push(place);
    return places;
  }

  #placeOf(sequence: number): number | undefined {
    let [low, high] = [0, this.#sequences.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sequences[middle]! < sequence) low = middle + 1;
      else high = middle;
    }
    return this.#sequences[low] === sequence ? low : undefined;
  }

  /** One text for each day, and not one for each draw. */
  #sameText(day: string): string {
    const known = this.#dayTexts.get(day);
    if (known === undefined) this.#dayTexts.set(day, day);
    return known ?? day;
  }

  #locationOf(locationId: string): number {
    let place = this.#locations.get(locationId);
    if (place === undefined) {
      place = this.locationIds.push(locationId) - 1;
      this.#locations.set(locationId, place);
    }
    return place;
  }

  get #rule(): { saleCapMinor: number; visitMs: number } {
    const { saleCapMinor, visitMinutes } = this.#season;
    return { saleCapMinor, visitMs: (visitMinutes ?? 30) * MINUTE_MS };
  }

  /** Counts the draws that have matured since the last time, in the order they were made. */
  async #countMatured(asOf: Date, allSums: Promise<DrawSumColumns> | null): Promise<void> {
    const from = this.maturedCount;
    let to = from;
    while (to < this.count && this.columns.drawnMs.get(to) + OUTCOME_MS <= asOf.getTime()) to++;
    if (to === from) return;
    if (allSums) await this.#fillAll(await allSums);
    else await this.#sumBySequence({ from, to });
    for (const customerId of this.#joinedIds.keys()) {
      const places = this.#placesOf(customerId).filter((place) => place >= from && place < to);
      if (places.length > 0) await this.#sumOf(customerId, places);
    }
    await this.#fillGestures({ from, to }, asOf);
    this.maturedCount = to;
    this.version++;
    let corrected = 0;
    for (const ofCustomer of this.#corrections.values())
      for (const correction of ofCustomer.values()) {
        this.#correct(correction, { from, to });
        if (++corrected % PAGE_FILLED === 0) await nextTurn();
      }
  }

  async #sumBySequence({ from, to }: { from: number; to: number }): Promise<void> {
    const { merchantId } = this.#season;
    const lastSequence = this.#sequences[to - 1]!;
    for (let after = this.#sequences[from]! - 1; after < lastSequence; after += PAGE_DRAWS) {
      const toSequence = Math.min(after + PAGE_DRAWS, lastSequence);
      const range = { merchantId, afterSequence: after, toSequence, ...this.#rule };
      this.#fill(await this.#db.read((queries) => sumAroundDraws(queries, range)));
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
      this.#fill(page);
      await nextTurn();
    }
  }

  /** Sums a customer's draws again, because something about the past was written just now. */
  async #countAgain(customerId: string, asOf: Date): Promise<void> {
    const { merchantId } = this.#season;
    const matured = this.#placesOf(customerId).filter((place) => place < this.maturedCount);
    if (matured.length === 0) return;
    for (const column of [this.columns.d, this.columns.costMinor])
      for (const place of matured) column.set(place, 0);
    await this.#sumOf(customerId, matured);
    const given = await this.#db.read((queries) => listGesturesOf(queries, { merchantId, customerId, asOf }));
    for (const gesture of given) this.#place(gesture, { from: 0, to: this.maturedCount });
    for (const correction of this.#corrections.get(customerId)?.values() ?? [])
      this.#correct(correction, { from: 0, to: this.maturedCount });
    this.version++;
  }

  /** Sums these draws of a customer, whoever they were then. */
  async #sumOf(customerId: string, places: readonly number[]): Promise<void> {
    const { merchantId } = this.#season;
    const { spendMinor, saleCount, placeboMinor } = this.columns;
    for (const column of [spendMinor, saleCount, placeboMinor])
      for (const place of places) column.set(place, 0);
    for (const id of [customerId, ...(this.#joinedIds.get(customerId) ?? [])]) {
      const one = { merchantId, customerId: id, rootId: customerId, ...this.#rule };
      this.#fill(await this.#db.read((queries) => sumAroundDrawsOf(queries, one)));
    }
  }

  #fill(sums: readonly DrawSums[]): void {
    const { spendMinor, saleCount, placeboMinor } = this.columns;
    for (const row of sums) {
      const place = this.#placeOf(row.sequence);
      if (place === undefined) continue; // a draw of another season, or read the next time
      spendMinor.set(place, row.spendMinor ?? 0);
      saleCount.set(place, row.saleCount ?? 0);
      placeboMinor.set(place, row.placeboMinor ?? 0);
    }
  }

  /** What was given around the draws from one place to another: gestures are few beside draws, so these are read. */
  async #fillGestures({ from, to }: { from: number; to: number }, asOf: Date): Promise<void> {
    const { merchantId } = this.#season;
    const { drawnMs } = this.columns;
    const until = new Date(drawnMs.get(to - 1) + LONGEST_DAY_MS);
    let [since, afterGestureId] = [new Date(drawnMs.get(from) - COMMITTED_AFTER_MS), ''];
    for (;;) {
      const span = { merchantId, from: since, afterGestureId, to: until, asOf, limit: PAGE_ROWS };
      const page = await this.#db.read((queries) => listGesturesBetween(queries, span));
      for (const gesture of page) this.#place(gesture, { from, to });
      const last = page.at(-1);
      if (!last || page.length < PAGE_ROWS) return;
      since = last.givenAt;
      afterGestureId = last.gestureId;
      await nextTurn();
    }
  }

  /** Counts a gesture to the draw it was given on: there, that day, not before it. */
  #place(
    {
      customerId,
      locationId,
      businessDay,
      givenAt,
      costMinor,
    }: { customerId: string; locationId: string; businessDay: string; givenAt: Date; costMinor: number },
    { from, to }: { from: number; to: number },
  ): void {
    const location = this.#locations.get(locationId);
    for (const place of this.#placesOf(customerId)) {
      if (place < from || place >= to) continue;
      const isThere = this.columns.location.get(place) === location && this.#days[place] === businessDay;
      if (!isThere || this.columns.drawnMs.get(place) > givenAt.getTime()) continue;
      this.columns.d.set(place, 1);
      this.columns.costMinor.set(place, this.columns.costMinor.get(place) + costMinor);
    }
  }

  /** Refunds are few: each sale they pay back is counted by what is left of it. */
  async #readRefunds(since: Date, asOf: Date, dirty: Set<string>): Promise<void> {
    const { merchantId } = this.#season;
    const { saleCapMinor } = this.#rule;
    const refunded = this.#refunded;
    let afterRefundId = firstIdAt(since);
    for (;;) {
      const place = { merchantId, afterRefundId, limit: PAGE_ROWS };
      const page = await this.#db.read((queries) => listRefundsSince(queries, place));
      for (const row of page) {
        if (!row.customerId || !this.#customers.has(row.customerId) || this.#refundsSeen.has(row.refundId))
          continue;
        if (row.recordedAt > asOf || row.refundedAt > asOf || row.saleRecordedAt > asOf) continue;
        this.#refundsSeen.add(row.refundId);
        const paidBack = (refunded.get(row.saleId) ?? 0) + row.amountMinor;
        refunded.set(row.saleId, paidBack);
        this.#addCorrection(row.saleId, {
          customerId: row.customerId,
          occurredMs: row.occurredAt.getTime(),
          spendMinor:
            Math.min(row.totalMinor - paidBack, saleCapMinor) - Math.min(row.totalMinor, saleCapMinor),
          saleCount: 0,
        });
        dirty.add(row.customerId);
      }
      if (page.length < PAGE_ROWS) break;
      afterRefundId = page.at(-1)!.refundId;
      await nextTurn();
    }
    // The first time nothing is counted yet, so there is nothing to count again.
    if (!this.#watermark) dirty.clear();
  }

  /**
   * Sales written since. Of the past as it is now, their customers are counted again; of the past as it was then, they
   * are taken out, because then they were not known.
   */
  async #readLateSales(since: Date, asOf: Date, dirty: Set<string>): Promise<void> {
    const { merchantId } = this.#season;
    const { saleCapMinor } = this.#rule;
    let afterSaleId = firstIdAt(since);
    for (;;) {
      const place = { merchantId, afterSaleId, limit: PAGE_ROWS };
      const page = await this.#db.read((queries) => listSalesSince(queries, place));
      for (const { saleId, customerId, occurredAt, totalMinor, recordedAt } of page) {
        if (!customerId || !this.#customers.has(customerId)) continue;
        if (this.#pinnedAt) {
          if (recordedAt <= asOf) continue;
          const spendMinor = -Math.min(totalMinor, saleCapMinor);
          const occurredMs = occurredAt.getTime();
          this.#addCorrection(saleId, { customerId, occurredMs, spendMinor, saleCount: -1 });
          continue;
        }
        const key = `${saleId} ${totalMinor} ${customerId}`;
        if (this.#seen.has(key)) continue;
        this.#seen.set(key, recordedAt.getTime());
        if (this.#touchesMatured(customerId, occurredAt.getTime())) dirty.add(customerId);
      }
      if (page.length < PAGE_ROWS) break;
      afterSaleId = page.at(-1)!.saleId;
      await nextTurn();
    }
  }

  async #readLateGestures(since: Date, dirty: Set<string>): Promise<void> {
    const { merchantId } = this.#season;
    let afterGestureId = firstIdAt(since);
    for (;;) {
      const place = { merchantId, afterGestureId, limit: PAGE_ROWS };
      const page = await this.#db.read((queries) => listGesturesSince(queries, place));
      for (const { gestureId, customerId, givenAt } of page) {
        if (this.#seen.has(gestureId) || !this.#customers.has(customerId)) continue;
        this.#seen.set(gestureId, givenAt.getTime());
        if (this.#touchesMatured(customerId, givenAt.getTime())) dirty.add(customerId);
      }
      if (page.length < PAGE_ROWS) break;
      afterGestureId = page.at(-1)!.gestureId;
      await nextTurn();
    }
  }

  #touchesMatured(customerId: string, atMs: number): boolean {
    return this.#placesOf(customerId).some((place) => {
      const drawnMs = this.columns.drawnMs.get(place);
      const isNear = atMs >= drawnMs - PLACEBO_FROM_DAYS * DAY_MS && atMs <= drawnMs + OUTCOME_MS;
      return place < this.maturedCount && isNear;
    });
  }

  /** In place of what was known of the sale before. */
  #addCorrection(saleId: string, correction: Correction): void {
    const ofCustomer = this.#corrections.get(correction.customerId);
    if (ofCustomer) ofCustomer.set(saleId, correction);
    else this.#corrections.set(correction.customerId, new Map([[saleId, correction]]));
  }

  #correct(
    { customerId, occurredMs, spendMinor, saleCount }: Correction,
    { from, to }: { from: number; to: number },
  ): void {
    const { visitMs } = this.#rule;
    const columns = this.columns;
    for (const place of this.#placesOf(customerId)) {
      if (place < from || place >= to) continue;
      const drawnMs = columns.drawnMs.get(place);
      if (occurredMs > drawnMs + visitMs && occurredMs <= drawnMs + OUTCOME_MS) {
        columns.spendMinor.set(place, columns.spendMinor.get(place) + spendMinor);
        columns.saleCount.set(place, columns.saleCount.get(place) + saleCount);
      }
      const isPlacebo =
        occurredMs >= drawnMs - PLACEBO_FROM_DAYS * DAY_MS && occurredMs < drawnMs - PLACEBO_TO_DAYS * DAY_MS;
      if (isPlacebo) columns.placeboMinor.set(place, columns.placeboMinor.get(place) + spendMinor);
    }
  }

  /** SHA-256 of everything that is counted: the same figures, the same hash. */
  async hashInputs(): Promise<string> {
    const { z, p, d, spendMinor, saleCount, placeboMinor, costMinor, cluster } = this.columns;
    const hashAll = async (columns: readonly GrowingColumn[]): Promise<string[]> => {
      const hashes: string[] = [];
      for (const column of columns) {
        const { buffer, byteOffset, byteLength } = column.first(this.maturedCount);
        hashes.push(hash('sha256', new Uint8Array(buffer, byteOffset, byteLength).slice()));
        await nextTurn();
      }
      return hashes;
    };
    // What was known at the draw stays: while no other draw matures, so does its hash.
    if (this.#frozenHashes?.count !== this.maturedCount)
      this.#frozenHashes = { count: this.maturedCount, hashes: await hashAll([z, p, cluster, ...this.x]) };
    const [ofZ, ofP, ofCluster, ...ofX] = this.#frozenHashes.hashes;
    const outcomes = await hashAll([d, spendMinor, saleCount, placeboMinor, costMinor]);
    const hashes = [ofZ, ofP, ...outcomes, ofCluster, ...ofX];
    const { seasonId, plannedDraws, saleCapMinor, visitMinutes } = this.#season;
    return hash('sha256', JSON.stringify([seasonId, plannedDraws, saleCapMinor, visitMinutes, hashes]));
  }
}
