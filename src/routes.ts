import type { Database } from '../db/database.ts';
import type { Clock } from './clock.ts';
import type { Route } from './http/route.ts';
import type { Tokens } from './http/token.ts';
import type { Passwords } from './operations/passwords.ts';

/** What routes are made of. */
export interface RouteParts {
  db: Database;
  clock: Clock;
  tokens: Tokens;
  passwords: Passwords;
  /** From which the secrets of cards issued at tills are derived. */
  cardKey: Uint8Array;
  /** Whether this is the one-time token printed at the start of a server that has no merchant yet. */
  isSetupToken(token: string): boolean;
  publicUrl(): string;
}

/** Every route there is, in the one place where operations meet HTTP. Express tries them in this order. */
export function createRoutes(parts: RouteParts): Route[] {
  const { db, clock } = parts;
  void db;
  void clock;
  return [
    // What tills ask all day comes first.

    // People, tills and rules.

    // Pages.
  ];
}
