import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { endDevice } from '../../src/operations/edit-device.ts';
import { editLocation } from '../../src/operations/edit-location.ts';
import { endStaff } from '../../src/operations/edit-staff.ts';
import { findCallingStaff } from '../../src/operations/find-caller.ts';
import { signOut } from '../../src/operations/sign-out.ts';
import { startSession } from '../../src/operations/start-session.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

forEachDatabase('who is asking is remembered from one stamp to the next', (database) => {
  const open = async () => {
    const { db } = database;
    const clock = new FixedClock('2026-03-02T09:00:00Z');
    const shop = await aShop(db);
    const { merchantId, deviceId, ada } = shop;
    const sessionId = uuid();
    const signedInAt = clock.now();
    const expiresAt = new Date('2026-03-02T21:00:00Z');
    await db.transact((tx) =>
      startSession(tx, { merchantId, sessionId, staffId: ada.staffId, deviceId, signedInAt, expiresAt }),
    );
    const find = findCallingStaff(db);
    const ask = () => find({ merchantId, sessionId, now: clock.now(), isAtTill: true });
    expect(await ask()).toMatchObject({ staffName: 'Ada', place: { deviceId } });
    expect(await ask()).toMatchObject({ staffName: 'Ada', place: { deviceId } });
    return { db, clock, shop, sessionId, find, ask };
  };

  it('and forgotten at once when they sign out', async () => {
    const { db, clock, shop, sessionId, ask } = await open();
    await signOut(db, clock)(shop.ada, { sessionId });
    expect(await ask()).toBeUndefined();
  });

  it('also when another process ends their time here', async () => {
    const { clock, shop, ask } = await open();
    const other = await openDatabase(database.url);
    try {
      await endStaff(other, clock)(shop.owner, { staffId: shop.ada.staffId });
    } finally {
      await other.close();
    }
    expect(await ask()).toBeUndefined();
  });

  it('also when the till is ended, and when the session is over', async () => {
    const ended = await open();
    await endDevice(ended.db, ended.clock)(ended.shop.owner, { deviceId: ended.shop.deviceId });
    expect(await ended.ask()).toBeUndefined();
    const late = await open();
    late.clock.set('2026-03-02T21:00:00Z');
    expect(await late.ask()).toBeUndefined();
  });

  it('and knows the shop’s new business day as soon as it is changed', async () => {
    const { db, clock, shop, ask } = await open();
    await editLocation(db, clock)(shop.owner, { locationId: shop.locationId, change: { cutOffMinutes: 0 } });
    expect(await ask()).toMatchObject({ place: { cutOffMinutes: 0 } });
  });

  it('and a session of one merchant says nothing to another, nor one of a till at the desk', async () => {
    const { clock, shop, sessionId, find } = await open();
    const { merchantId } = shop;
    const now = clock.now();
    expect(await find({ merchantId, sessionId, now, isAtTill: false })).toBeUndefined();
    expect(await find({ merchantId: uuid(), sessionId, now, isAtTill: true })).toBeUndefined();
  });
});
