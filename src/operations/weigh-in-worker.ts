import { Worker } from 'node:worker_threads';
import type { Column } from '../evidence/residualise.ts';
import type { MaturedDraws, SeasonEvidence, SeasonPlan } from '../evidence/weigh-season.ts';

export interface WeighRequest {
  /** The same for the same columns of x. */
  key: string;
  draws: Omit<MaturedDraws, 'x'> & { x: readonly Column[] };
  plan: SeasonPlan;
}

export interface Weigher {
  /** Starts the thread while what is to be weighed is still being read. */
  getReady(): void;
  weigh(request: WeighRequest): Promise<SeasonEvidence>;
}

interface Waiting {
  resolve(evidence: SeasonEvidence): void;
  reject(error: unknown): void;
}

/** Without work for so long the worker ends, and its memory with it. */
const IDLE_MS = 60_000;

/**
 * As `weighSeason`, on another thread: 200,000 draws, or 999 redraws of a few, take a quarter of a second, in which no
 * till would get an answer. The columns should be shared memory, which is not copied.
 */
export function createWeigher(): Weigher {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  function start(): Worker {
    const started = new Worker(new URL('weigh-worker.ts', import.meta.url));
    // A server that ends does not wait for it.
    started.unref();
    started.on(
      'message',
      ({ id, evidence, error }: { id: number; evidence: SeasonEvidence; error?: unknown }) => {
        const asked = waiting.get(id);
        waiting.delete(id);
        if (error) asked?.reject(error);
        else asked?.resolve(evidence);
        if (waiting.size === 0) {
          started.unref();
          idle = setTimeout(end, IDLE_MS).unref();
        }
      },
    );
    started.on('error', (error) => {
      worker = undefined;
      for (const asked of waiting.values()) asked.reject(error);
      waiting.clear();
    });
    return started;
  }

  function end(): void {
    void worker?.terminate();
    worker = undefined;
  }

  return {
    getReady() {
      if (worker) return;
      worker = start();
      idle = setTimeout(end, IDLE_MS).unref();
    },
    weigh: (request) =>
      new Promise((resolve, reject) => {
        clearTimeout(idle);
        worker ??= start();
        worker.ref();
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, ...request });
      }),
  };
}
