import type { Request } from 'express';
import * as z from 'zod';
import type { Metrics } from '../metrics.ts';
import { jsonRoute, rawRoute } from '../route.ts';
import type { Route } from '../route.ts';

const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

interface HealthParts {
  isReady: () => Promise<boolean>;
  metrics: Metrics;
}

/** For whoever keeps the server running: a supervisor, a load balancer, Prometheus. */
export const healthRoutes = ({ isReady, metrics }: HealthParts): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/healthz',
    summary: 'The program is up',
    tag: 'Operations',
    audience: ['anonymous'],
    status: 200,
    answer: healthSchema,
    handle: async () => ({ status: 'ok' }),
  }),
  jsonRoute({
    method: 'get',
    path: '/readyz',
    summary: 'The program can work: its database reads and takes writes',
    tag: 'Operations',
    audience: ['anonymous'],
    status: 200,
    answer: healthSchema,
    refusals: ['not-ready'],
    handle: async () => ((await isReady()) ? { status: 'ok' } : { refused: 'not-ready' }),
  }),
  rawRoute({
    method: 'get',
    path: '/metrics',
    summary: 'Counters in the text format of Prometheus',
    description: 'Only for a program on the same machine that asks directly; for all others it is not there.',
    tag: 'Operations',
    audience: ['anonymous'],
    produces: 'text/plain',
    refusals: ['route-unknown'],
    async handle({ request, response }) {
      if (!isFromThisMachine(request)) return { refused: 'route-unknown' };
      response.set('Cache-Control', 'no-store').type('text/plain; version=0.0.4').send(metrics.render());
    },
  }),
];

/** A reverse proxy here asks from here as well, on behalf of the whole world; then it says for whom. */
function isFromThisMachine(request: Request): boolean {
  const address = request.socket.remoteAddress ?? '';
  const isLoopback = address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.');
  const isForwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'].some(
    (name) => request.get(name) !== undefined,
  );
  return isLoopback && !isForwarded;
}
