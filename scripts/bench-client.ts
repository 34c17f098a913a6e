import autocannon from 'autocannon';
import { v7 as uuid } from 'uuid';

/** What the bench asks of this process: many clients of one route, for a while. */
export interface Load {
  url: string;
  seconds: number;
  connections: number;
  headers: Record<string, string>;
  /** Sent in turn, each with an Idempotency-Key of its own. */
  bodies: string[];
}

export interface LoadResult {
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  failed: number;
}

process.on('message', async (load: Load) => {
  process.send!(await run(load));
});

async function run({ url, seconds, connections, headers, bodies }: Load): Promise<LoadResult> {
  let turn = 0;
  // Counted from when each client has had an answer, so that connecting, which is no stamp's cost, is left out.
  let answered = 0;
  let firstAt = 0;
  let lastAt = 0;
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    method: 'POST',
    setupClient: (client) => {
      client.on('response', () => {
        lastAt = performance.now();
        if (++answered === connections) firstAt = lastAt;
      });
    },
    requests: [
      {
        setupRequest: (request) => {
          turn = (turn + 1) % bodies.length;
          request.body = bodies[turn]!;
          request.headers = {
            ...headers,
            'content-type': 'application/json',
            'idempotency-key': uuid(), // in time order, as the till makes them
          };
          return request;
        },
      },
    ],
  });
  return {
    perSecond: (answered - connections) / ((lastAt - firstAt) / 1000),
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}
