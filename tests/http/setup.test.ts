import request from 'supertest';
import { expect, test } from 'vitest';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';
import { useTestServer } from '../support/server.ts';
import { cookieOf, setupRequest } from './a-set-up-shop.ts';

forEachDatabase('set-up', (database) => {
  const server = useTestServer(database, { clock: new FixedClock('2026-03-02T09:00:00Z') });

  const setUp = (body: object) => request(server.url).post('/api/v1/setup').send(body);

  test('nobody sets a shop up without the link the server printed', async () => {
    for (const token of ['', 'guess', `${server.setupToken}x`, server.setupToken.slice(1)]) {
      const answer = await setUp({ ...setupRequest, token });
      expect([answer.status, answer.body.refused]).toEqual([403, 'setup-token-wrong']);
    }
  });

  test('a weak password, an unknown currency and an unknown time zone are pointed at', async () => {
    const answer = await setUp({
      token: server.setupToken,
      merchant: { name: ' ', currency: 'BEANS' },
      location: { name: 'High Street', timeZone: 'Coffee/Land' },
      owner: { name: 'Olive', email: 'olive', password: 'elevenchars' },
    });
    expect(answer.status).toBe(400);
    const pointers = (answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual([
      '/body/merchant/name',
      '/body/merchant/currency',
      '/body/location/timeZone',
      '/body/owner/email',
      '/body/owner/password',
    ]);
  });

  test('what does not fit is said to an owner in words, and not in those of a program', async () => {
    const answer = await setUp({
      token: server.setupToken,
      merchant: { name: 'B'.repeat(81), currency: 'GBP' },
      location: { name: 'High Street', timeZone: 'Europe/London', cutOffMinutes: null },
      owner: { name: ' ', email: 'olive@', password: 'a flat white at seven' },
      program: { stampsRequired: 51, accrual: { per: 'sale', minimumMinor: 999_999_900 } },
    });
    expect(answer.body.errors).toEqual([
      { pointer: '/body/merchant/name', detail: 'At most 80 characters' },
      { pointer: '/body/location/cutOffMinutes', detail: 'A time of day such as 04:00, please' },
      { pointer: '/body/owner/name', detail: 'Please give a name' },
      { pointer: '/body/owner/email', detail: 'Not an e-mail address; they look like ruth@example.com' },
      { pointer: '/body/program/stampsRequired', detail: 'At most 50' },
      { pointer: '/body/program/accrual/minimumMinor', detail: 'This amount is too large' },
    ]);
    const tried = await request(server.url)
      .post('/api/v1/sessions')
      .send({ email: 'o@example.com', password: '' });
    expect(tried.body.errors).toEqual([{ pointer: '/body/password', detail: 'Please fill this in' }]);
  });

  test('of two set-ups at the same moment one is done and the other refused; then none is', async () => {
    const token = server.setupToken;
    const answers = await Promise.all([setUp({ ...setupRequest, token }), setUp({ ...setupRequest, token })]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409]);
    const done = answers.find(({ status }) => status === 201)!;
    expect(done.body.who).toMatchObject({ name: 'Olive Owner', role: 'owner' });

    const third = await setUp({ ...setupRequest, token });
    expect([third.status, third.body.refused]).toEqual([409, 'already-set-up']);

    const cookie = cookieOf(done);
    const ask = (path: string) => request(server.url).get(`/api/v1${path}`).set('Cookie', cookie);
    const merchant = await ask('/merchant');
    expect(merchant.body).toMatchObject({
      name: 'The Kind Bean',
      currency: 'GBP',
      weekStartsOn: 1,
      coolDownDays: 7,
      visitMinutes: 30,
    });
    const programs = await ask('/programs');
    expect(programs.body.items).toMatchObject([
      { stampsRequired: 10, rewardName: 'A coffee on the house', accrual: { per: 'item' }, version: 1 },
    ]);
    const allowances = await ask('/allowances');
    expect(allowances.body.items).toMatchObject([
      { scope: 'staff', subjectId: null, period: 'day', gesturesLimit: 3, costLimitMinor: null },
    ]);
    const locations = await ask('/locations');
    expect(locations.body.items).toMatchObject([{ name: 'High Street', cutOffMinutes: 240 }]);
    expect(locations.body.items[0].joinLink).toMatch(new RegExp(`^${server.publicUrl}/join/.{10,}$`));
    const audit = await ask('/audit');
    expect(audit.body.items.map(({ action }: { action: string }) => action)).toEqual(['merchant.set-up']);
  });
});
