import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../../db/database.ts';
import { listOpenLocations } from '../../db/queries/location-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import { findReportNames, listGestures } from '../../db/queries/report-queries.ts';
import { listStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import type { AllowanceRule } from '../loyalty/allowance.ts';
import {
  computeAllowancePreview,
  computeMostPerMonth,
  listExceptions,
} from '../loyalty/allowance-preview.ts';
import type { AllowancePreview, SpentGesture } from '../loyalty/allowance-preview.ts';
import { addDays, computeBusinessWeek } from '../loyalty/business-day.ts';
import type { Actor } from './actor.ts';
import { latestBusinessDay } from './business-day-of.ts';
import { refuseSubject } from './edit-allowance-rule.ts';
import type { SubjectUnknown } from './edit-allowance-rule.ts';
import { findDearestGesture } from './gesture-costs.ts';
import { loadRules } from './load-allowance.ts';

/** So many days, with today; and on to the first day of that week, so that no week is cut. */
const DAYS = 30;
/** Gestures that are read at once. */
const PAGE_GESTURES = 500;
/** What is looked at, at most: the newest. More than a chain of a hundred shops gives in five weeks. */
const MAX_GESTURES = 20_000;
const MAX_SUBJECTS = 10_000;

export interface AllowanceRulePreview extends Omit<AllowancePreview, 'refusedOf' | 'mostUsed'> {
  /** Business days, both included. */
  from: string;
  to: string;
  refusedOf: (AllowancePreview['refusedOf'][number] & { staffName: string })[];
  mostUsed: (NonNullable<AllowancePreview['mostUsed']> & { name: string }) | null;
  /** How many people, or locations, the rule is for today. */
  subjects: number;
  /** What it lets be given away in a month at the most. */
  costPerMonthMinor: number;
}

/** What a rule would have done in the last weeks, before it is set. Nothing changes. */
export const previewAllowanceRule =
  (db: Database, clock: Clock) =>
  async ({ merchantId }: Actor, rule: AllowanceRule): Promise<AllowanceRulePreview | SubjectUnknown> => {
    const now = clock.now();
    const facts = await db.read(async (queries) => {
      const refusal = await refuseSubject(queries, merchantId, rule);
      return refusal ?? (await loadFacts(queries, merchantId, now));
    });
    if ('refused' in facts) return facts;
    const exceptions = listExceptions(facts.rules, rule);
    const from = computeBusinessWeek({
      businessDay: addDays(facts.today, 1 - DAYS),
      weekStartsOn: facts.weekStartsOn,
    });
    const gestures = await loadSpent(db, { merchantId, from, asOf: now, weekStartsOn: facts.weekStartsOn });
    const preview = computeAllowancePreview({ rule, exceptions, gestures });
    const ids = rule.scope === 'staff' ? facts.staffIds : facts.locationIds;
    const subjects = rule.subjectId === null ? ids.filter((id) => !exceptions.includes(id)).length : 1;
    const nameOf = (id: string): string => facts.names.get(id) ?? '';
    return {
      ...preview,
      from,
      to: facts.today,
      refusedOf: preview.refusedOf.map((one) => ({ ...one, staffName: nameOf(one.staffId) })),
      mostUsed: preview.mostUsed && { ...preview.mostUsed, name: nameOf(preview.mostUsed.subjectId) },
      subjects,
      costPerMonthMinor: computeMostPerMonth({
        rule,
        subjectCount: subjects,
        dearestMinor: facts.dearestMinor,
      }),
    };
  };

async function loadFacts(queries: Queries, merchantId: string, now: Date) {
  const { weekStartsOn } = await findMerchant(queries, { merchantId });
  const everything = { merchantId, after: '', limit: MAX_SUBJECTS };
  const locations = await listOpenLocations(queries, everything);
  const staff = await listStaff(queries, everything);
  const named = await findReportNames(queries, { merchantId });
  return {
    weekStartsOn,
    today: latestBusinessDay(locations, now),
    locationIds: locations.map(({ locationId }) => locationId),
    staffIds: staff.map(({ staffId }) => staffId),
    names: new Map([
      ...named.staff.map(({ staffId, name }) => [staffId, name] as const),
      ...named.locations.map(({ locationId, name }) => [locationId, name] as const),
    ]),
    rules: await loadRules(queries, merchantId),
    dearestMinor: await findDearestGesture(queries, merchantId),
  };
}

/** What was given from allowances and not taken back, in the order it was given. */
async function loadSpent(
  db: Database,
  {
    merchantId,
    from,
    asOf,
    weekStartsOn,
  }: { merchantId: string; from: string; asOf: Date; weekStartsOn: number },
): Promise<SpentGesture[]> {
  const spent: SpentGesture[] = [];
  let after: { givenAt: Date; gestureId: string } | null = null;
  for (let seen = 0; seen < MAX_GESTURES; seen += PAGE_GESTURES) {
    const place = { after, limit: PAGE_GESTURES, first: 'newest' as const };
    const filter = { merchantId, from, asOf, includeUndone: false };
    const page: Awaited<ReturnType<typeof listGestures>> = await db.read((queries) =>
      listGestures(queries, filter, place),
    );
    for (const { fundedBy, isPast, staffId, locationId, businessDay, costMinor } of page)
      if (fundedBy === 'allowance' && !isPast)
        spent.push({
          staffId,
          locationId,
          businessDay,
          weekStart: computeBusinessWeek({ businessDay, weekStartsOn }),
          costMinor,
        });
    if (page.length < PAGE_GESTURES) break;
    after = page.at(-1)!;
    await nextTurn();
  }
  return spent.reverse();
}
