/** A regular who stayed away this long has noticed it, and so may the shop. */
const LONG_AWAY_DAYS = 21;
const DAY_MS = 86_400_000;

/** What is worth knowing about a customer before something is given. */
export type WhyNow =
  /** One extra stamp, by itself (1) or with the one of today's coffee (2), fills the card. */
  | { kind: 'extra-fills-card'; stampsLeft: 1 | 2 }
  | { kind: 'back-after'; days: number }
  | { kind: 'first-visit' };

/**
 * The one thing worth knowing about a customer at the till now, or null on an ordinary day. It says what is so and
 * never what to do: whoever is told to be kind is not being kind. `stamps` are those on the card now, `lastVisitAt` the
 * visit before this one; days are of 24 hours.
 */
export function computeWhyNow({
  stamps,
  stampsRequired,
  lastVisitAt,
  isBlocked,
  now,
}: {
  stamps: number;
  stampsRequired: number;
  lastVisitAt: Date | null;
  isBlocked: boolean;
  now: Date;
}): WhyNow | null {
  if (isBlocked) return null;
  const stampsLeft = stampsRequired - stamps;
  // A card of two or three stamps is nearly full from its first day: that says nothing.
  if (stamps > 0 && (stampsLeft === 1 || stampsLeft === 2)) return { kind: 'extra-fills-card', stampsLeft };
  if (!lastVisitAt) return stamps === 0 ? { kind: 'first-visit' } : null;
  const days = Math.floor((now.getTime() - lastVisitAt.getTime()) / DAY_MS);
  return days >= LONG_AWAY_DAYS ? { kind: 'back-after', days } : null;
}
