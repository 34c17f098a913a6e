import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenShop } from './running-shop.ts';

const ANSWER_TIMEOUT_MS = 60_000;
const PAUSE_MS = 100;

export interface Operation {
  path: string;
  /** The Idempotency-Key; empty for none. */
  key: string;
  body: string;
}

export interface Answer {
  status: number;
  body: string;
  isReplay: boolean;
}

export interface TillClient {
  /** Sends it once; throws when the connection breaks before the answer is whole. */
  send(operation: Operation): Promise<Answer>;
  /** Sends it, with the same key, until there is an answer. */
  sendUntilAnswered(operation: Operation): Promise<Answer>;
  /** What a till sees when it scans a card. */
  look(cardCode: string): Promise<{ card: { openRewards: unknown[] } }>;
  close(): void;
}

/** Tills as the server sees them: connections that stay open, and repeats when one breaks. */
export function openTillClient(url: string, { authorization }: OpenShop): TillClient {
  const agent = new Agent({ keepAlive: true });
  const send = ({ path, key, body }: Operation): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asked = request(
        `${url}${path}`,
        {
          method: 'POST',
          agent,
          timeout: ANSWER_TIMEOUT_MS,
          headers: {
            authorization,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...(key && { 'idempotency-key': key }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () =>
            response.complete
              ? resolve({
                  status: response.statusCode!,
                  body: text,
                  isReplay: response.headers['idempotency-replayed'] === 'true',
                })
              : reject(new Error('The answer broke off')),
          );
        },
      );
      asked.on('error', reject);
      asked.on('timeout', () => asked.destroy(new Error('No answer in time')));
      asked.end(body);
    });
  return {
    send,
    async sendUntilAnswered(operation) {
      for (;;) {
        try {
          return await send(operation);
        } catch {
          await sleep(PAUSE_MS);
        }
      }
    },
    async look(cardCode) {
      const response = await fetch(`${url}/api/v1/cards/${encodeURIComponent(cardCode)}`, {
        headers: { authorization },
      });
      if (!response.ok) throw new Error(`A card was answered ${response.status}`);
      return (await response.json()) as { card: { openRewards: unknown[] } };
    },
    close: () => agent.destroy(),
  };
}
