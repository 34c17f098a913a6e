import type { Database } from '../../db/database.ts';
import { listCustomerGestures, listCustomerSales } from '../../db/queries/report-queries.ts';
import type { CustomerGesture, ReportGesture } from '../../db/queries/report-queries.ts';
import { sweepTouches } from '../evidence/touch-sweep.ts';
import type { Outcome } from '../evidence/touch-sweep.ts';
import type { ReportPlan } from './plan-report.ts';
import { walkByCustomer } from './walk-by-customer.ts';

const DAY_MS = 86_400_000;

/** What became of some gestures, by gesture and by customer. */
export interface Followed {
  outcomes: Map<string, Outcome>;
  /** Everything these customers were given around that time, in the order it was given. */
  given: Map<string, CustomerGesture[]>;
}

/**
 * Follows gestures that were given one after another. All that their customers were given up to a window before or
 * after counts too, whatever the report shows: a sale's last touch may be a gesture outside the filter.
 */
export async function followGestures(
  db: Database,
  { merchantId, rule }: Pick<ReportPlan, 'merchantId' | 'rule'>,
  gestures: readonly ReportGesture[],
): Promise<Followed> {
  const outcomes = new Map<string, Outcome>();
  const given = new Map<string, CustomerGesture[]>();
  const standing = gestures.filter(({ undoneAt }) => undoneAt === null);
  const [first, last] = [standing[0], standing.at(-1)];
  if (!first || !last) return { outcomes, given };

  const windowMs = rule.windowDays * DAY_MS;
  for (const { customerId } of standing) given.set(customerId, []);
  const customers = { merchantId, customerIds: [...given.keys()] };
  const to = new Date(Math.min(last.givenAt.getTime() + windowMs, rule.asOf.getTime()));
  await walkByCustomer(
    db,
    customers,
    (queries, page) =>
      listCustomerGestures(queries, page, { from: new Date(first.givenAt.getTime() - windowMs), to }),
    (gesture, customerId) => given.get(customerId)?.push(gesture),
  );

  const sweeps = new Map(
    [...given].map(([customerId, received]) => [
      customerId,
      sweepTouches(
        received.map(({ at, saleId }) => ({ givenAt: at, saleId })),
        rule,
      ),
    ]),
  );
  await walkByCustomer(
    db,
    customers,
    (queries, page) => listCustomerSales(queries, page, { from: first.givenAt, to, asOf: rule.asOf }),
    (sale, customerId) =>
      sweeps.get(customerId)?.add({
        saleId: sale.id,
        occurredAt: sale.at,
        netMinor: sale.totalMinor - (sale.refundedMinor ?? 0),
      }),
  );
  for (const [customerId, sweep] of sweeps) {
    const received = given.get(customerId)!;
    sweep.finish().forEach((outcome, place) => outcomes.set(received[place]!.id, outcome));
  }
  return { outcomes, given };
}
