import type { Queries } from '../../db/database.ts';
import { listGiveableCosts } from '../../db/queries/allowance-queries.ts';
import { findProgramVersion, listOpenPrograms } from '../../db/queries/card-queries.ts';
import type { GestureKind } from '../loyalty/gesture.ts';
import { computeStampCost } from '../loyalty/program.ts';

/** What each gesture that may be given costs the shop: an item, or a stamp of a card of which somebody said what its reward costs. */
export async function listGestureCosts(
  queries: Queries,
  merchantId: string,
): Promise<{ kind: GestureKind; costMinor: number }[]> {
  const items = await listGiveableCosts(queries, { merchantId });
  const costs = items.map(({ costMinor }) => ({ kind: 'free_item' as GestureKind, costMinor }));
  for (const { programId, currentVersion: version } of await listOpenPrograms(queries, { merchantId })) {
    const [program] = await findProgramVersion(queries, { merchantId, programId, version });
    if (program?.rewardCostMinor == null) continue;
    costs.push({ kind: 'double_stamp', costMinor: computeStampCost(program) });
  }
  return costs;
}

/** The most that one gesture may cost the shop. */
export async function findDearestGesture(queries: Queries, merchantId: string): Promise<number> {
  const costs = await listGestureCosts(queries, merchantId);
  return Math.max(0, ...costs.map(({ costMinor }) => costMinor));
}
