import { pino } from 'pino';
import type { DestinationStream, Level, Logger } from 'pino';
import { withoutValues } from './http/problem.ts';

/** The server's log, a line of JSON each. What a failed query was run with is in none of them, whoever logs it. */
export function createLog(level: Level | 'silent', destination?: DestinationStream): Logger {
  const serializers = { err: (error: Error) => pino.stdSerializers.err(withoutValues(error) as Error) };
  return destination ? pino({ level, serializers }, destination) : pino({ level, serializers });
}
