import type { DrawSums, listDrawFacts } from '../../db/queries/evidence-queries.ts';
import { buildColumns } from '../evidence/covariates.ts';
import { findFirst } from '../evidence/find-first.ts';
import { OUTCOME_DAYS, PLACEBO_FROM_DAYS, PLACEBO_TO_DAYS } from '../evidence/outcome.ts';
import { GrowingColumn } from './growing-column.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const OUTCOME_MS = OUTCOME_DAYS * DAY_MS;
const PLACEBO_FROM_MS = PLACEBO_FROM_DAYS * DAY_MS;
const PLACEBO_TO_MS = PLACEBO_TO_DAYS * DAY_MS;
const COVARIATE_COLUMNS = 9;
/** No earlier draw. */
const NONE = -1;

export type DrawFacts = Awaited<ReturnType<typeof listDrawFacts>>[number];

/** Places of draws in the columns, `to` not included. */
export interface Places {
  from: number;
  to: number;
}

/** What was given to somebody, at a location and on its business day. */
export interface GivenOnDay {
  customerId: string;
  locationId: string;
  businessDay: string;
  givenAt: Date;
  costMinor: number;
}

/** A sale that counts to some draws differently from what the sums of sales say: paid back, or not known yet. */
export interface Correction {
  customerId: string;
  occurredMs: number;
  /** Added to what was spent, and to the number of sales. */
  spendMinor: number;
  saleCount: number;
}

/**
 * The draws of a season in columns of numbers, some 200 bytes a draw: what was known when each was made, and what came
 * of it as it becomes known. A draw's place in them is its number in the order they were made.
 */
export class SeasonDraws {
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
  readonly locationIds: string[] = [];
  /** Draws that were read, and those of them whose 30 days are over and counted. */
  count = 0;
  maturedCount = 0;
  readonly #startedMs: number;
  readonly #sequences: number[] = [];
  /** The business day of each draw; few different texts, many times. */
  readonly #days: string[] = [];
  readonly #dayTexts = new Map<string, string>();
  /** Customers by number. With the two below their draws are found, without an object for each. */
  readonly #customers = new Map<string, number>();
  /** The place of each customer's last draw, and of each draw the place of the one before by the same customer. */
  readonly #lastPlaces: number[] = [];
  readonly #earlierPlaces: number[] = [];
  /** Of those who have joined another and were drawn before: as their draws call them, by who they are now. */
  readonly #joinedIds = new Map<string, Set<string>>();
  readonly #locations = new Map<string, number>();

  constructor({ startedAt }: { startedAt: Date }) {
    this.#startedMs = startedAt.getTime();
  }

  get customerCount(): number {
    return this.#customers.size;
  }

  isOfCustomer(customerId: string): boolean {
    return this.#customers.has(customerId);
  }

  /** Adds draws that come after all that are here. `joined`: who has joined whom. */
  add(page: readonly DrawFacts[], joined: ReadonlyMap<string, string>): void {
    const empty = (): Float64Array => new Float64Array(page.length);
    const [z, p, week, cluster, location, drawnMs] = [empty(), empty(), empty(), empty(), empty(), empty()];
    for (let at = 0; at < page.length; at++) {
      const row = page[at]!;
      const ms = row.drawnAt.getTime();
      this.#sequences.push(row.sequence);
      this.#days.push(this.#sameText(row.businessDay));
      z[at] = row.isDrawn ? 1 : 0;
      p[at] = row.chanceMillionths / 1_000_000;
      week[at] = Math.floor((ms - this.#startedMs) / WEEK_MS);
      cluster[at] = this.#noteCustomer(this.count++, row.customerId, joined.get(row.customerId));
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
  }

  /** The draws of a customer, in the columns, the last first. */
  placesOf(customerId: string): number[] {
    const places: number[] = [];
    const code = this.#customers.get(customerId);
    if (code === undefined) return places;
    for (let place = this.#lastPlaces[code]!; place !== NONE; place = this.#earlierPlaces[place]!)
      places.push(place);
    return places;
  }

  /** Those whom others have joined that were drawn before. */
  listJoinedInto(): Iterable<string> {
    return this.#joinedIds.keys();
  }

  /** Everybody whose draws are this customer's now. */
  idsOf(customerId: string): string[] {
    return [customerId, ...(this.#joinedIds.get(customerId) ?? [])];
  }

  sequenceAt(place: number): number {
    return this.#sequences[place]!;
  }

  /** The first place, from one on, whose 30 days are not over by `asOf`. */
  endOfMatured(from: number, asOf: Date): number {
    let to = from;
    while (to < this.count && this.columns.drawnMs.get(to) + OUTCOME_MS <= asOf.getTime()) to++;
    return to;
  }

  /** Whether a sale or gesture of that instant counts to a draw of the customer that was counted already. */
  touchesMatured(customerId: string, atMs: number): boolean {
    return this.placesOf(customerId).some((place) => {
      const drawnMs = this.columns.drawnMs.get(place);
      const isNear = atMs >= drawnMs - PLACEBO_FROM_MS && atMs <= drawnMs + OUTCOME_MS;
      return place < this.maturedCount && isNear;
    });
  }

  /** Sets the sums of draws, or of those of them that are in a stretch. */
  setSums(sums: readonly DrawSums[], { from, to }: Places = { from: 0, to: this.count }): void {
    const { spendMinor, saleCount, placeboMinor } = this.columns;
    for (const row of sums) {
      const place = this.#placeOf(row.sequence);
      if (place === undefined) continue; // a draw of another season, or read the next time
      if (place < from || place >= to) continue;
      spendMinor.set(place, row.spendMinor ?? 0);
      saleCount.set(place, row.saleCount ?? 0);
      placeboMinor.set(place, row.placeboMinor ?? 0);
    }
  }

  clearSums(places: readonly number[]): void {
    const { spendMinor, saleCount, placeboMinor } = this.columns;
    for (const column of [spendMinor, saleCount, placeboMinor])
      for (const place of places) column.set(place, 0);
  }

  clearGestures(places: readonly number[]): void {
    for (const column of [this.columns.d, this.columns.costMinor])
      for (const place of places) column.set(place, 0);
  }

  /** Counts a gesture to the draw it was given on: there, that day, not before it. */
  countGesture(
    { customerId, locationId, businessDay, givenAt, costMinor }: GivenOnDay,
    { from, to }: Places,
  ): void {
    const location = this.#locations.get(locationId);
    for (const place of this.placesOf(customerId)) {
      if (place < from || place >= to) continue;
      const isThere = this.columns.location.get(place) === location && this.#days[place] === businessDay;
      if (!isThere || this.columns.drawnMs.get(place) > givenAt.getTime()) continue;
      this.columns.d.set(place, 1);
      this.columns.costMinor.set(place, this.columns.costMinor.get(place) + costMinor);
    }
  }

  /** Counts a correction to the draws whose 30 days, or placebo days, its sale is in. */
  correct(
    { customerId, occurredMs, spendMinor, saleCount }: Correction,
    { from, to, visitMs }: Places & { visitMs: number },
  ): void {
    const { columns } = this;
    for (const place of this.placesOf(customerId)) {
      if (place < from || place >= to) continue;
      const drawnMs = columns.drawnMs.get(place);
      if (occurredMs > drawnMs + visitMs && occurredMs <= drawnMs + OUTCOME_MS) {
        columns.spendMinor.set(place, columns.spendMinor.get(place) + spendMinor);
        columns.saleCount.set(place, columns.saleCount.get(place) + saleCount);
      }
      const isPlacebo = occurredMs >= drawnMs - PLACEBO_FROM_MS && occurredMs < drawnMs - PLACEBO_TO_MS;
      if (isPlacebo) columns.placeboMinor.set(place, columns.placeboMinor.get(place) + spendMinor);
    }
  }

  /** Notes whose draw it was, as they are now, and answers their number. */
  #noteCustomer(place: number, customerId: string, rootId: string | undefined): number {
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

  #placeOf(sequence: number): number | undefined {
    const found = findFirst(this.#sequences.length, (place) => this.#sequences[place]! >= sequence);
    return this.#sequences[found] === sequence ? found : undefined;
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
}
