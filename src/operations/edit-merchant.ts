import type { Database } from '../../db/database.ts';
import { findMerchant, updateMerchant } from '../../db/queries/merchant-queries.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import { hasPicture } from '../../db/queries/picture-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';
import { isSameJson } from './canonical-json.ts';

export type MerchantView = Omit<MerchantRow, 'createdAt'>;

/** The settings of the business. */
export const readMerchant =
  (db: Database) =>
  async ({ merchantId }: Actor): Promise<MerchantView> =>
    presentMerchant(await db.read((queries) => findMerchant(queries, { merchantId })));

/** Changes a setting. Currency and the first day of the week are chosen once, at set-up. */
export const editMerchant =
  (db: Database, clock: Clock) =>
  (
    actor: Actor,
    change: {
      name?: string | undefined;
      visitMinutes?: number | undefined;
      coolDownDays?: number | undefined;
      logoPictureId?: string | null | undefined;
    },
  ): Promise<MerchantView | { refused: 'picture-unknown' }> => {
    const { merchantId, staffId } = actor;
    const now = clock.now();
    return db.transact(async (tx) => {
      const merchant = await findMerchant(tx, { merchantId });
      const { name, visitMinutes, coolDownDays, logoPictureId } = merchant;
      const pictureId = change.logoPictureId;
      if (pictureId && !(await hasPicture(tx, { merchantId, pictureId })))
        return { refused: 'picture-unknown' };
      const edited = {
        name: change.name ?? name,
        visitMinutes: change.visitMinutes ?? visitMinutes,
        coolDownDays: change.coolDownDays ?? coolDownDays,
        logoPictureId: change.logoPictureId === undefined ? logoPictureId : change.logoPictureId,
      };
      if (isSameJson({ ...merchant, ...edited }, merchant)) return presentMerchant(merchant);
      await updateMerchant(tx, { merchantId, ...edited });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'merchant.edited',
        subjectId: merchantId,
        details: { from: { name, visitMinutes, coolDownDays, logoPictureId }, to: edited },
      });
      return presentMerchant({ ...merchant, ...edited });
    });
  };

function presentMerchant({ createdAt: _, ...merchant }: MerchantRow): MerchantView {
  return merchant;
}
