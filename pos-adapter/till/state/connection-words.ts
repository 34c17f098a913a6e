import type { Card } from '../api-types.ts';
import { moment, readableCode } from '../formats.ts';
import { isOffline } from '../send.ts';
import { serverNow } from '../server-time.ts';
import { texts } from '../texts.ts';

const words = () => (isOffline.value ? texts.offline : texts.slow);

/** What becomes of a tap that is not answered yet: there is no connection, or a slow one. */
export const keptWords = (): string => words().kept;

export const stampsLaterWords = (): string => words().stampsLater;

/** A card was scanned, and nobody here knows yet whose it is; or eight letters were typed, which may be a name. */
export const unreadWords = ({ cardId }: Pick<Card, 'cardId'>): { title: string; note: string } =>
  cardId.startsWith('GST1:')
    ? { title: texts.offline.unreadTitle, note: words().unread }
    : { title: texts.offline.typedTitle(readableCode(cardId)), note: words().typed };

/** What is shown is remembered: since `seenAt` on `performance.now()`, as a time of day. */
export const asOfWords = (seenAt: number): string =>
  words().asOf(moment(new Date(serverNow() - (performance.now() - seenAt)).toISOString()));
