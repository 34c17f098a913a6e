import type { Request } from 'express';
import type { ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Upper bounds in seconds; a tap that a barista notices is slower than 0.25. */
const BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG_RESOLUTION_MS = 20;

interface Series {
  labels: string;
  count: number;
  sumSeconds: number;
  /** Requests per bound, not yet added up; the slower ones only in `count`. */
  buckets: Uint32Array;
}

export interface Metrics {
  /** Counts a request that was answered: two numbers and a bucket. Null for a stream, whose length says nothing. */
  count(request: Request, response: ServerResponse, seconds: number | null): void;
  /** Everything, in the text format of Prometheus. */
  render(): string;
}

/** Counters for whoever keeps the server running. They name routes, never addresses: a path may hold a secret. */
export function createMetrics({
  waitingTransactions,
  requestsUnderWay,
}: {
  waitingTransactions: () => number;
  requestsUnderWay: () => number;
}): Metrics {
  const series = new Map<string, Series>();
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();

  return {
    count(request, response, seconds) {
      const labels = labelsOf(request, response);
      let one = series.get(labels);
      if (!one) {
        one = { labels, count: 0, sumSeconds: 0, buckets: new Uint32Array(BOUNDS_S.length) };
        series.set(labels, one);
      }
      one.count++;
      if (seconds === null) return;
      one.sumSeconds += seconds;
      const place = BOUNDS_S.findIndex((bound) => seconds <= bound);
      if (place !== -1) one.buckets[place]!++;
    },
    render() {
      const lines = [
        ...renderRequests([...series.values()]),
        ...gauge(
          'doublestamp_http_requests_under_way',
          'Requests that are not answered yet',
          requestsUnderWay(),
        ),
        ...gauge(
          'doublestamp_waiting_transactions',
          'Transactions waiting for a writer',
          waitingTransactions(),
        ),
        ...gauge(
          'doublestamp_event_loop_lag_p99_seconds',
          'Since the last look, 99 % of turns of the event loop were late by less',
          Math.max(0, lag.percentile(99) / 1e9 - LAG_RESOLUTION_MS / 1_000),
        ),
        ...gauge('process_resident_memory_bytes', 'Memory in use', process.memoryUsage.rss()),
        ...gauge('process_uptime_seconds', 'Time since the start', process.uptime()),
      ];
      lag.reset();
      return `${lines.join('\n')}\n`;
    },
  };
}

function labelsOf(request: Request, response: ServerResponse): string {
  const route = (request.route as { path?: string } | undefined)?.path ?? 'none';
  const status = `${Math.floor(response.statusCode / 100)}xx`;
  return `method="${methodOf(request)}",route="${route}",status="${status}"`;
}

/** A caller can invent methods; each would be a counter of its own. */
function methodOf({ method, route }: Request): string {
  return route || method === 'GET' ? method : 'other';
}

function renderRequests(series: readonly Series[]): string[] {
  const name = 'doublestamp_http_request_duration_seconds';
  const lines = [`# HELP ${name} Time until an answer was sent`, `# TYPE ${name} histogram`];
  for (const { labels, count, sumSeconds, buckets } of series) {
    let total = 0;
    for (const [place, bound] of BOUNDS_S.entries()) {
      total += buckets[place]!;
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${total}`);
    }
    lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`);
    lines.push(`${name}_sum{${labels}} ${sumSeconds}`, `${name}_count{${labels}} ${count}`);
  }
  return lines;
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}
