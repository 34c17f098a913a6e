import type { Response } from 'express';
import type { Logger } from 'pino';
import type { Database } from '../../../db/database.ts';
import type { Clock } from '../../clock.ts';

/** Pages of one card that are open at once and hear of it; with one more the oldest has to wait. */
export const MAX_STREAMS_PER_CARD = 5;
const MAX_STREAMS = 5_000;
/** Bytes a phone may leave unread before we hang up; it comes back when it can. */
const MAX_UNREAD_BYTES = 256 * 1024;
/** More often than any proxy's patience. */
const BEAT_MS = 20_000;
/** How long a browser waits before it comes back, spread so that not all come back at one moment. */
const LEAST_RETRY_MS = 1_000;
const RETRY_SPREAD_MS = 2_000;
/**
 * A page that gave way to a newer one waits so long before it comes back: it would push out the next at once. So of too
 * many pages each has its turn, and none shows the card as it was for longer than this.
 */
export const WAIT_FOR_TURN_MS = 30_000;

/** What an open page shows; `version` changes whenever `data` does. */
export interface State {
  version: string;
  data: string;
}

export interface StreamRequest {
  merchantId: string;
  cardId: string;
  response: Response;
  /** What the page shows already. */
  knownVersion: string | undefined;
  /** Reads the card as it is now; undefined when it is gone. */
  load(): Promise<State | undefined>;
}

export interface CardStreams {
  /** Answers with server-sent events: the card as it is if that is news to the page, then every change. */
  open(request: StreamRequest): void;
  /** How many are open. */
  count(): number;
  /** Ends every stream, so that the server can stop; browsers come back by themselves. */
  close(): void;
}

interface Stream extends StreamRequest {
  key: string;
  isLoading: boolean;
  /** Changed again while it was being read. */
  isStale: boolean;
}

/** The open card pages, told of a change once it is committed, by this process or another. */
export function openCardStreams(db: Database, log: Logger, clock: Clock): CardStreams {
  /** In the order they were opened. */
  const all = new Set<Stream>();
  const byCard = new Map<string, Set<Stream>>();
  let isClosed = false;

  function remove(stream: Stream): void {
    all.delete(stream);
    const ofCard = byCard.get(stream.key);
    ofCard?.delete(stream);
    if (ofCard?.size === 0) byCard.delete(stream.key);
  }

  function end(stream: Stream, lastWords = ''): void {
    remove(stream);
    stream.response.end(lastWords);
  }

  /** The oldest gives way, and is told how long to stay away. */
  function makeRoom(ofCard: Set<Stream>): void {
    const oldest =
      ofCard.size >= MAX_STREAMS_PER_CARD ? first(ofCard) : all.size >= MAX_STREAMS ? first(all) : null;
    if (oldest) end(oldest, `retry: ${WAIT_FOR_TURN_MS}\n\n`);
  }

  async function bringUpToDate(stream: Stream): Promise<void> {
    stream.isStale = true;
    if (stream.isLoading) return;
    stream.isLoading = true;
    while (stream.isStale && all.has(stream)) {
      stream.isStale = false;
      const state = await stream.load();
      if (!state) end(stream);
      else if (state.version !== stream.knownVersion && all.has(stream)) {
        stream.knownVersion = state.version;
        send(stream, `id: ${state.version}\ndata: ${state.data}\n\n`);
      }
    }
    stream.isLoading = false;
  }

  function update(stream: Stream): Promise<void> {
    return bringUpToDate(stream).catch((error: unknown) => {
      log.error({ err: error }, 'an open card could not be brought up to date');
      end(stream); // the browser asks again
    });
  }

  /** One after another, so that no till waits for all of them. */
  async function updateAll(): Promise<void> {
    for (const stream of all) await update(stream);
  }

  function send(stream: Stream, text: string): void {
    stream.response.write(text);
    if (stream.response.writableLength > MAX_UNREAD_BYTES) {
      remove(stream);
      stream.response.destroy();
    }
  }

  const unsubscribe = db.subscribe((change) => {
    if (change === 'any') void updateAll();
    else for (const stream of byCard.get(keyOf(change)) ?? []) void update(stream);
  });
  /** With the time it is here: phones have clocks of their own, and the live code needs the right one. */
  const sayBeat = (): string => `event: beat\ndata: ${clock.now().getTime()}\n\n`;
  const beat = setInterval(() => {
    for (const stream of all) send(stream, sayBeat());
  }, BEAT_MS);
  beat.unref();

  return {
    open(request) {
      const { response } = request;
      if (response.destroyed) return; // gone while the card was looked for: it would never be heard to close
      response.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      });
      // Who asks by HEAD is not listening.
      if (isClosed || response.req.method === 'HEAD') {
        response.end();
        return;
      }
      const key = keyOf(request);
      const ofCard = byCard.get(key) ?? new Set();
      makeRoom(ofCard);
      const stream: Stream = { ...request, key, isLoading: false, isStale: false };
      all.add(stream);
      ofCard.add(stream);
      byCard.set(key, ofCard);
      response.on('close', () => remove(stream));
      send(stream, `retry: ${LEAST_RETRY_MS + Math.round(Math.random() * RETRY_SPREAD_MS)}\n\n${sayBeat()}`);
      void update(stream);
    },
    count: () => all.size,
    close() {
      isClosed = true;
      unsubscribe();
      clearInterval(beat);
      for (const stream of all) end(stream);
    },
  };
}

function keyOf({ merchantId, cardId }: { merchantId: string; cardId: string }): string {
  return `${merchantId} ${cardId}`;
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  return set.values().next().value;
}
