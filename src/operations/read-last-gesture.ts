import type { Queries } from '../../db/database.ts';
import { findMerchantRules } from '../../db/queries/allowance-queries.ts';
import { findLastGesture } from '../../db/queries/gesture-queries.ts';
import { computeCoolDownEnd } from '../loyalty/gesture.ts';

/** The customer's last gesture that was not undone, and until when the cool-down keeps the next one. */
export interface LastGesture {
  givenAt: Date;
  coolDownEndsAt: Date | null;
}

export async function readLastGesture(
  queries: Queries,
  { merchantId, customerId, now }: { merchantId: string; customerId: string; now: Date },
): Promise<LastGesture | null> {
  const [last] = await findLastGesture(queries, { merchantId, customerId });
  const [rules] = await findMerchantRules(queries, { merchantId });
  if (!last) return null;
  const { givenAt } = last;
  const coolDownDays = rules?.coolDownDays ?? 0;
  return { givenAt, coolDownEndsAt: computeCoolDownEnd({ lastGestureAt: givenAt, coolDownDays, at: now }) };
}
