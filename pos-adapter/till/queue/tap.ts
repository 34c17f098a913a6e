import type { TapTime } from './tap-time.ts';

/** What a till may send later; the server's names for it. */
export type TapOperation = 'sale' | 'claim' | 'gesture' | 'undo_sale' | 'undo_gesture' | 'return_lease';

/** Which id of an answer another tap waits for. */
export type AnsweredId = 'saleId' | 'gestureId';

/** Something a barista tapped, from the moment of the tap until the server has answered. No name, no PIN. */
export interface Tap {
  /** Its Idempotency-Key, the same however often it is sent. */
  tapId: string;
  operation: TapOperation;
  method: 'POST' | 'DELETE';
  /** May hold `{saleId}` or `{gestureId}` until the tap it needs is answered. */
  path: string;
  body: Record<string, unknown> | null;
  /** The session it was made under; its token may be over when it is sent. */
  sessionId: string;
  /** What was tapped, in words without a customer's name, for when it is refused. */
  label: string;
  tappedAt: TapTime;
  /** It may have reached the server: taking it back is then another tap. */
  wasSent: boolean;
  /** An earlier tap whose answer holds an id that this one needs. */
  needs: { tapId: string; id: AnsweredId } | null;
}

/** A tap the server said no to while nobody was looking. */
export interface RefusedTap {
  tapId: string;
  tap: Tap;
  /** The name of the problem. */
  refusal: string;
  /** On the tablet's clock, milliseconds since 1970. */
  refusedAt: number;
  /** The server keeps it for the manager. */
  isKept: boolean;
}

export type AnsweredIds = Partial<Record<AnsweredId, string>>;

/** The tap once an earlier one that it waited for is answered, or (`ids` null) will never be. */
export function resolveTap(tap: Tap, earlierTapId: string, ids: AnsweredIds | null): Tap | null {
  if (tap.needs?.tapId !== earlierTapId) return tap;
  const { id } = tap.needs;
  const value = ids?.[id];
  const isInPath = tap.path.includes(`{${id}}`);
  // Undoing what never was is nothing to do; a gesture given with a sale stands without it.
  if (value === undefined) return isInPath || tap.operation === 'claim' ? null : { ...tap, needs: null };
  return isInPath
    ? { ...tap, needs: null, path: tap.path.replace(`{${id}}`, value) }
    : { ...tap, needs: null, body: { ...tap.body, [id]: value } };
}

/** A tap that is refused, with what was tapped on it since: a sale with the card it was put on; null when it was taken back. */
export function withLater(tap: Tap, later: readonly Tap[]): Tap | null {
  if (later.some(({ operation }) => operation !== 'claim')) return null;
  const [claim] = later;
  return claim ? { ...tap, body: { ...tap.body, cardCode: claim.body?.['cardCode'] } } : tap;
}
