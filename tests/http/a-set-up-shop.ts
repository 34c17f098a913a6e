import request from 'supertest';
import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import type { FixedClock } from '../support/fixed-clock.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

export const ownerSignIn = { email: 'olive@example.com', password: 'a flat white at seven' };

export const setupRequest = {
  merchant: { name: 'The Kind Bean', currency: 'GBP' },
  location: { name: 'High Street', timeZone: 'Europe/London' },
  owner: { name: 'Olive Owner', ...ownerSignIn },
};

/** Asks the API; a change with a key of its own. */
export type Ask = (method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object) => request.Test;

export interface SetUpShop {
  server: TestServer;
  merchantId: string;
  locationId: string;
  programId: string;
  /** The Cookie header of the owner's desk. */
  desk: string;
  /** A request to the API from the owner's desk. */
  ask: Ask;
  /** A till enrolled as an owner would; its Authorization header. */
  enrolTill(): Promise<{ deviceId: string; authorization: string }>;
}

/** A shop set up through the API on an empty database, as an owner would. */
export async function aSetUpShop({ db, clock }: { db: Database; clock: FixedClock }): Promise<SetUpShop> {
  const server = await startTestServer({ db, clock });
  const answer = await request(server.url)
    .post('/api/v1/setup')
    .send({ ...setupRequest, token: server.setupToken });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  const desk = cookieOf(answer);
  const ask = askFrom(server, desk);
  return {
    server,
    ...(answer.body as { merchantId: string; locationId: string; programId: string }),
    desk,
    ask,
    async enrolTill() {
      const { locationId } = answer.body as { locationId: string };
      const enrolment = await ask('post', '/devices/enrolments', { locationId, deviceName: 'Counter' });
      const { code } = enrolment.body as { code: string };
      const enrolled = await request(server.url).post('/api/v1/devices').send({ code });
      const { token, device } = enrolled.body as { token: string; device: { deviceId: string } };
      return { deviceId: device.deviceId, authorization: `Bearer ${token}` };
    },
  };
}

/** Asks the API of a server from a desk, by its Cookie header. */
export function askFrom({ url }: { url: string }, desk: string): Ask {
  return (method, path, body) => {
    const asked = request(url)[method](`/api/v1${path}`).set({ Cookie: desk, 'Idempotency-Key': uuid() });
    return body ? asked.send(body) : asked;
  };
}

/** What a browser would send back. */
export function cookieOf(answer: request.Response): string {
  const [cookie] = answer.headers['set-cookie'] as unknown as string[];
  return cookie!.split(';', 1)[0]!;
}
