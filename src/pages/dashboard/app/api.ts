import { v4 as uuid } from 'uuid';
import type { ListPage, ProblemDocument, RefusalName } from './api-types.ts';
import { formatMoment } from './parts/day.tsx';
import { askForPassword } from './state/password.ts';
import type { Why } from './state/password.ts';
import { texts } from './texts/shell.ts';

const MOST_PAGES = 200;
/** What the question for the password sends: what it is refused is said in its own dialog. */
export const CONFIRM_PATH = '/sessions/current/confirm';
const WHY_ASK: Partial<Record<RefusalName, Why>> = {
  'fresh-sign-in-needed': 'old',
  'signed-in-as-another': 'another',
};
/** What the desk is refused only when the server was updated while it was open: it asks as one did before. */
const OF_AN_OLD_PAGE: readonly (string | undefined)[] = ['operation-id-missing', 'route-unknown'];

/** A “no” of the API, in words. Everything `ask` throws is one. */
export class Problem extends Error {
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.title);
    this.document = document;
  }
}

/** Whether the server decided: after anything else it may have been done, although nobody heard of it. */
export function isDecided({ document: { refused, status = 500 } }: Problem): boolean {
  return refused !== undefined && status < 500;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/**
 * Asks the API: `ask<Item>('POST', '/items', { name })`. What wants the password again asks for it, once, and so does what
 * is sent when the session is over, and whatever is asked when it is somebody else’s: what was typed stays on the page.
 * Throws a Problem; whoever only looks when the session is over is led to the sign-in page, and back.
 */
export async function ask<Answer>(method: Method, path: string, body?: object): Promise<Answer> {
  const response = await send(method, path, body);
  return (response.status === 204 ? undefined : await readWhole(response.json())) as Answer;
}

export type Ask = typeof ask;

let deskOf: string | undefined;

/** From now on everything is asked for this person, and refused when somebody else has signed in in another tab. */
export function askFor(staffId: string): void {
  deskOf = staffId;
}

/**
 * As `ask`, for what is done once however often it is asked for, because an answer was lost: it goes by one id until the
 * server has said yes or no. After a lost answer something else by the same id is refused (`operation-reused`): what was
 * asked for first is done.
 */
export function makeAskOnce(): Ask {
  let operationId = uuid();
  return async <Answer>(method: Method, path: string, body?: object) => {
    try {
      const response = await send(method, path, body, { 'Idempotency-Key': operationId });
      const answer = (await readWhole(response.json())) as Answer;
      operationId = uuid();
      return answer;
    } catch (error) {
      if (!(error instanceof Problem) || !isDecided(error)) throw error;
      operationId = uuid();
      if (error.document.refused !== 'operation-reused') throw error;
      throw new Problem({ ...error.document, title: texts.problems.lostAnswer });
    }
  };
}

/** As `ask`, for what may be done already, by a first try or by somebody else: `isDone` is how that is refused. */
export async function askUnlessDone(isDone: string, method: Method, path: string): Promise<void> {
  try {
    await ask(method, path);
  } catch (error) {
    if (!(error instanceof Problem) || error.document.refused !== isDone) throw error;
  }
}

/** As `ask`, with the answer itself: for files. `body` may be a file too. */
export async function send(
  method: Method,
  path: string,
  body?: object | Blob,
  headers: Record<string, string> = {},
): Promise<Response> {
  try {
    return await sendOnce(method, path, body, headers);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { refused } = error.document;
    const isOver = refused === 'not-signed-in' && location.pathname.startsWith('/desk');
    if (isOver && (method === 'GET' || path.startsWith('/sessions'))) leaveToSignIn();
    else {
      const why = isOver ? 'over' : refused && WHY_ASK[refused];
      if (why && path !== CONFIRM_PATH && (await askForPassword(why)))
        return sendOnce(method, path, body, headers);
    }
    throw error;
  }
}

/** Looks whether somebody else has signed in in another tab; if so, asks as `ask` does. Throws nothing of the API. */
export async function noticeAnother(): Promise<void> {
  try {
    await sendOnce('GET', '/sessions/current');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.document.refused === 'signed-in-as-another') await askForPassword('another');
  }
}

/** Every page of a list, for lists that are short: people, tills, the menu. */
export async function askAll<Item>(path: string, values: Record<string, string> = {}): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: ListPage<Item> = await ask('GET', withQuery(path, { ...values, cursor }));
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return items;
}

/** `/items?cursor=…`; what is null, undefined or empty is left out. */
export function withQuery(path: string, values: Record<string, string | number | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Saves an answer as a file, under the name the server gives it. */
export async function download(path: string): Promise<void> {
  const response = await send('GET', path);
  const file = await readWhole(response.blob());
  const name = /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name ?? 'download';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A problem in sentences, without what is said at fields. */
export function sayProblem(problem: ProblemDocument): string {
  const { title, detail, triesLeft, retryAt, endsAt, resetsAt, requestId } = problem;
  const againAt = endsAt ?? resetsAt;
  const sentences = [detail ? `${title}: ${lowerFirst(detail)}.` : `${title}.`];
  if (retryAt) sentences.push(texts.problems.retryAt(new Date(retryAt)));
  else if (triesLeft !== undefined) sentences.push(texts.problems.triesLeft(triesLeft));
  if (againAt) sentences.push(texts.problems.againAt(formatMoment(againAt)));
  if (requestId) sentences.push(texts.problems.requestId(requestId));
  return sentences.join(' ').replaceAll('..', '.');
}

async function sendOnce(
  method: Method,
  path: string,
  body?: object | Blob,
  headers: Record<string, string> = {},
): Promise<Response> {
  let response: Response;
  try {
    const { headers: ofBody, ...request } = bodyOf(body);
    const all = { ...ofBody, ...headers, ...(deskOf && { 'Desk-Of': deskOf }) };
    response = await fetch(`/api/v1${path}`, { method, ...request, headers: all });
  } catch {
    throw noAnswer();
  }
  if (response.ok) return response;
  const document = await readProblem(response);
  throw new Problem(
    OF_AN_OLD_PAGE.includes(document.refused) ? { ...document, title: texts.problems.oldPage } : document,
  );
}

function leaveToSignIn(): void {
  const next = location.pathname + location.search;
  location.assign(next === '/desk' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
}

/** The body of an answer: the connection may go after its head came. Throws a Problem. */
async function readWhole<Body>(reading: Promise<Body>): Promise<Body> {
  try {
    return await reading;
  } catch {
    throw noAnswer();
  }
}

function noAnswer(): Problem {
  return new Problem({ title: texts.problems.noAnswer });
}

function bodyOf(body: object | Blob | undefined): { body?: BodyInit; headers?: Record<string, string> } {
  if (body === undefined) return {};
  if (body instanceof Blob) return { body, headers: { 'Content-Type': body.type } };
  return { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

async function readProblem(response: Response): Promise<ProblemDocument> {
  try {
    return (await response.json()) as ProblemDocument;
  } catch {
    return { title: texts.problems.http(response.status), status: response.status };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
