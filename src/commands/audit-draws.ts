import { parseArgs } from 'node:util';
import { listShops } from '../operations/choose-merchant.ts';
import { createSealer } from '../operations/seal.ts';
import { verifyDraws } from '../operations/verify-draws.ts';
import { loadSecrets } from '../secrets.ts';
import type { Command } from './command.ts';
import { describeDrawFault } from './check-text.ts';
import { requireDatabase } from './shop-file.ts';

export const auditDrawsCommand: Command = {
  summary: 'Draw every lucky moment again and compare',
  help: `
Usage: npm run cli -- audit-draws

Follows the chain of all draws and draws each of them once more from its season's key: the published key of
a season that has ended, the sealed key of one that is on. Ends with code 1 and the first draw that is not as
the key says. Changes nothing, but for bringing a database of an older version up to date, and the tills go
on meanwhile.
`,
  async run(args, { config, withDatabase, out, say }) {
    parseArgs({ args: [...args] }); // takes none: whoever names a backup must not be told about the shop
    requireDatabase(config.databaseUrl);
    return withDatabase(async (db) => {
      const shops = await listShops(db)();
      if (shops.length === 0) {
        out.write('No shop is set up in this database yet; nothing was drawn.\n');
        return 0;
      }
      const sealer = createSealer(loadSecrets(config, { hasShop: true }).sealKey);
      for (const shop of shops) {
        const { drawCount, redrawnCount, fault } = await verifyDraws(db, sealer)(shop);
        if (fault) {
          say(`NOT RIGHT: ${shop.name}: ${describeDrawFault(fault)}`);
          return 1;
        }
        const number = new Intl.NumberFormat('en');
        const sealedCount = drawCount - redrawnCount;
        const found = [
          `${number.format(drawCount)} draws, each chained to the one before it`,
          ...(redrawnCount > 0 || sealedCount === 0
            ? [`${number.format(redrawnCount)} drawn again, each as its season's key says`]
            : []),
          ...(sealedCount > 0
            ? [
                `${number.format(sealedCount)} not drawn again: the secrets that sealed their season's key are not here`,
              ]
            : []),
        ];
        out.write(`${shop.name}: ${found.join('; ')}.\n`);
      }
      return 0;
    });
  },
};
