import type { Database } from '../../db/database.ts';
import { listMerchants } from '../../db/queries/merchant-queries.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';

const MAX_CHOICES = 1_000;

export type MerchantUnknown = { refused: 'merchant-unknown'; choices: MerchantRow[] };

/** Every shop in the database. */
export const listShops = (db: Database) => (): Promise<MerchantRow[]> =>
  db.read((queries) => listMerchants(queries, { limit: MAX_CHOICES }));

/** The merchant a command line means: the one named by id or name, or the only one there is. */
export const chooseMerchant =
  (db: Database) =>
  async (wanted?: string): Promise<MerchantRow | MerchantUnknown> => {
    const choices = await listShops(db)();
    const fitting =
      wanted === undefined
        ? choices
        : choices.filter(({ merchantId, name }) => merchantId === wanted || name === wanted);
    return fitting.length === 1 ? fitting[0]! : { refused: 'merchant-unknown', choices };
  };
