import { expect, it } from 'vitest';
import { findLiveSession } from '../../db/queries/session-queries.ts';
import { listAudit } from '../../db/queries/audit-queries.ts';
import { createPasswords } from '../../src/operations/passwords.ts';
import { resetPassword } from '../../src/operations/reset-password.ts';
import { createSealer } from '../../src/operations/seal.ts';
import { setUpShop } from '../../src/operations/set-up-shop.ts';
import { signIn } from '../../src/operations/sign-in.ts';
import { granted, refusalOf } from '../support/answers.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

const passwords = createPasswords(Buffer.from('a-test-pepper-of-more-than-32-bytes-0123456789'));
const sealer = createSealer(Buffer.alloc(32, 7));
const email = 'olive@example.com';
const OLD = 'a flat white at seven';
const NEW = 'a long walk by the sea';

forEachDatabase('an owner who forgot the password', (database) => {
  it('gets a new one from the command line, is signed out everywhere and unlocked; the log says so', async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = granted(
      await setUpShop(
        db,
        clock,
        passwords,
      )({
        merchant: { name: 'The Kind Bean', currency: 'GBP', weekStartsOn: 1 },
        location: { name: 'High Street', timeZone: 'Europe/London', cutOffMinutes: 240 },
        owner: { name: 'Olive', email, password: OLD },
        program: {
          name: 'Coffee card',
          stampsRequired: 10,
          rewardName: 'A coffee',
          accrual: { per: 'item' },
        },
      }),
    );
    const { merchantId } = shop;
    const sessionId = granted(
      await signIn(db, clock, { passwords, sealer })({ email, password: OLD }),
    ).sessionId;
    const isSignedIn = () =>
      db.read(async (queries) => {
        const found = await findLiveSession(queries, { merchantId, sessionId, now: clock.now() });
        return found.length > 0;
      });
    expect(await isSignedIn()).toBe(true);
    const browser = { staffId: shop.session.actor.staffId, browserId: 'Olive’s laptop' };
    for (let wrong = 0; wrong < 6; wrong++)
      for (const from of [undefined, browser])
        await signIn(db, clock, { passwords, sealer })({ email, password: NEW, browser: from });
    expect(refusalOf(await signIn(db, clock, { passwords, sealer })({ email, password: OLD }))).toBe(
      'locked',
    );

    const reset = resetPassword(db, clock, passwords);
    expect(await reset({ email: ' Olive@Example.com', password: NEW })).toEqual({ staffName: 'Olive' });
    expect(await isSignedIn()).toBe(false);
    expect(refusalOf(await signIn(db, clock, { passwords, sealer })({ email, password: OLD }))).toBe(
      'credentials-wrong',
    );
    granted(await signIn(db, clock, { passwords, sealer })({ email, password: NEW, browser }));
    granted(await signIn(db, clock, { passwords, sealer })({ email, password: NEW }));
    await reset({ email, password: NEW, removesSecondFactor: true });
    const log = await db.read((queries) => listAudit(queries, { merchantId, afterSequence: 0, limit: 99 }));
    const told = log.filter(({ action }) => action === 'password.reset');
    const { staffId } = browser;
    expect(told).toMatchObject([
      { staffId: null, subjectId: staffId, details: { by: 'command line' } },
      { staffId: null, subjectId: staffId, details: { removedSecondFactor: true } },
    ]);
    expect(JSON.stringify(log)).not.toContain(NEW);
  });

  it('must be an owner or a manager', async () => {
    const reset = resetPassword(database.db, new FixedClock('2026-03-02T09:00:00Z'), passwords);
    expect(await reset({ email: 'nobody@example.com', password: NEW })).toEqual({ refused: 'staff-unknown' });
  });
});
