import type { Database } from '../../db/database.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import { chooseMerchant } from '../operations/choose-merchant.ts';
import { CommandFailed, UsageError } from './command.ts';

/**
 * The shop that `--merchant` names, by name or id; without it the only one there is.
 *
 * @throws UsageError, with the choices, when several fit; CommandFailed with `whenNone` when none is set up
 */
export async function findMerchant(
  db: Database,
  wanted: string | undefined,
  whenNone: string,
): Promise<MerchantRow> {
  const merchant = await chooseMerchant(db)(wanted);
  if (!('refused' in merchant)) return merchant;
  if (merchant.choices.length === 0) throw new CommandFailed(whenNone);
  const names = merchant.choices.map(({ merchantId, name }) => `  ${merchantId}  ${name}`);
  throw new UsageError(`Say which shop with --merchant:\n${names.join('\n')}`);
}
