import { hashOf } from '../../src/operations/card-codes.ts';
import { computeJoiningCode } from '../../src/operations/joining-code.ts';
import { computeLiveCode, deriveLiveKey } from '../../src/operations/live-code.ts';
import { testSecrets } from './server.ts';

/** The six digits that the phone of this card's customer shows at an instant. */
export function liveCodeOf({ cardId, secret }: { cardId: string; secret: string }, at: Date): string {
  const liveKey = deriveLiveKey(testSecrets.cardKey, { cardId, secretHash: hashOf(secret) });
  return computeLiveCode(liveKey, at);
}

/** The six digits that the page of this card's customer shows for joining it to another. */
export function joiningCodeOf({ cardId, secret }: { cardId: string; secret: string }, at: Date): string {
  return computeJoiningCode(testSecrets.cardKey, { cardId, secretHash: hashOf(secret) }, at);
}
