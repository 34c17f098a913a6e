import { and, eq } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { Database, Tables } from '../../db/database.ts';
import type { Shop } from './a-shop.ts';

type Rule = Tables['allowances']['$inferSelect'];
type Version = Tables['programVersions']['$inferSelect'];

/** Replaces every allowance of the shop by these. */
export async function setAllowances(
  db: Database,
  { merchantId }: Shop,
  ...rules: (Partial<Rule> & Pick<Rule, 'scope' | 'period'>)[]
): Promise<void> {
  await db.transact(async (tx) => {
    await tx.query((d, { allowances }) => d.delete(allowances).where(eq(allowances.merchantId, merchantId)));
    for (const rule of rules)
      await tx.query((d, { allowances }) =>
        d.insert(allowances).values({
          merchantId,
          allowanceId: uuid(),
          subjectId: '*',
          gesturesLimit: null,
          costLimitMinor: null,
          createdAt: new Date('2026-03-02T09:00:00Z'),
          ...rule,
        }),
      );
  });
}

/** Gives the shop's program another version; cards take it up when their present card is full. */
export async function setProgram(
  db: Database,
  { merchantId, programId }: Shop,
  change: Partial<Version>,
): Promise<void> {
  await db.transact(async (tx) => {
    const [program] = await tx.query((d, { programs }) =>
      d
        .select()
        .from(programs)
        .where(and(eq(programs.merchantId, merchantId), eq(programs.programId, programId))),
    );
    const [current] = await tx.query((d, { programVersions }) =>
      d
        .select()
        .from(programVersions)
        .where(
          and(
            eq(programVersions.merchantId, merchantId),
            eq(programVersions.programId, programId),
            eq(programVersions.version, program!.currentVersion),
          ),
        ),
    );
    const version = program!.currentVersion + 1;
    await tx.query((d, { programVersions }) =>
      d.insert(programVersions).values({ ...current!, ...change, version }),
    );
    await tx.query((d, { programs }) =>
      d
        .update(programs)
        .set({ currentVersion: version })
        .where(and(eq(programs.merchantId, merchantId), eq(programs.programId, programId))),
    );
  });
}

export async function blockCard(db: Database, { merchantId }: Shop, cardId: string): Promise<void> {
  await db.transact((tx) =>
    tx.query((d, { cards }) =>
      d
        .update(cards)
        .set({ blockedAt: new Date('2026-03-02T09:00:00Z') })
        .where(and(eq(cards.merchantId, merchantId), eq(cards.cardId, cardId))),
    ),
  );
}

export async function changeItem(
  db: Database,
  { merchantId }: Shop,
  itemId: string,
  change: Partial<Tables['items']['$inferSelect']>,
): Promise<void> {
  await db.transact((tx) =>
    tx.query((d, { items }) =>
      d
        .update(items)
        .set(change)
        .where(and(eq(items.merchantId, merchantId), eq(items.itemId, itemId))),
    ),
  );
}

/** Everything the shop has written in one of its tables. */
export function rowsOf<Name extends keyof Tables>(
  db: Database,
  { merchantId }: Shop,
  name: Name,
): Promise<Tables[Name]['$inferSelect'][]> {
  return db.read((queries) =>
    queries.query((d, tables) => {
      const table = tables[name] as Tables['gestures'];
      return d.select().from(table).where(eq(table.merchantId, merchantId));
    }),
  ) as unknown as Promise<Tables[Name]['$inferSelect'][]>;
}

export async function savePin(
  db: Database,
  { merchantId }: Shop,
  staffId: string,
  pinHash: string,
): Promise<void> {
  await db.transact((tx) =>
    tx.query((d, { staff }) =>
      d
        .update(staff)
        .set({ pinHash })
        .where(and(eq(staff.merchantId, merchantId), eq(staff.staffId, staffId))),
    ),
  );
}
