import type { GestureReportTotals } from './total-gestures.ts';

/** What is made sooner than this is made afresh each time. */
const WORTH_KEEPING_MS = 250;
/** Kept for so many times what it took, so that looking again and again never fills the day. */
const KEPT_TIMES = 20;
const MAX_KEPT_MS = 600_000;
const MAX_KEPT = 50;

interface Kept {
  totals: Promise<GestureReportTotals>;
  /** By the clock of the process; null while it is being made. */
  untilMs: number | null;
}

/**
 * Totals that took long, for whoever asks the same again soon: they say as of when they are. Whoever asks while they
 * are being made gets the same ones. Kept by time rather than by the ledger's last link, because a free coffee, its
 * undo and a sale without a stamp leave no link there, and a window closes without anything being written.
 */
export class KeptTotals {
  readonly #kept = new Map<string, Kept>();
  readonly #worthKeepingMs: number;
  readonly #nowMs: () => number;

  constructor({
    worthKeepingMs = WORTH_KEEPING_MS,
    nowMs = () => performance.now(),
  }: { worthKeepingMs?: number; nowMs?: () => number } = {}) {
    this.#worthKeepingMs = worthKeepingMs;
    this.#nowMs = nowMs;
  }

  /** `asked` names what `make` makes, with the merchant it belongs to. */
  async find(asked: string, make: () => Promise<GestureReportTotals>): Promise<GestureReportTotals> {
    const startMs = this.#nowMs();
    const found = this.#kept.get(asked);
    if (found && (found.untilMs === null || found.untilMs > startMs)) return found.totals;
    const kept: Kept = { totals: make(), untilMs: null };
    this.#kept.delete(asked); // so that it goes to the end of the line
    this.#kept.set(asked, kept);
    let isWorthKeeping = false;
    try {
      const totals = await kept.totals;
      isWorthKeeping = this.#nowMs() - startMs >= this.#worthKeepingMs;
      return totals;
    } finally {
      const tookMs = this.#nowMs() - startMs;
      if (isWorthKeeping) kept.untilMs = startMs + tookMs + Math.min(tookMs * KEPT_TIMES, MAX_KEPT_MS);
      else this.#kept.delete(asked);
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    for (const [asked, { untilMs }] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT) return;
      if (untilMs !== null) this.#kept.delete(asked);
    }
  }
}
