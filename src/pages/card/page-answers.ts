import express from 'express';
import type { Request, Response } from 'express';
import * as z from 'zod';
import { sendPacked } from '../../http/packed-text.ts';
import type { CardPage, readCardPage } from '../../operations/read-card-page.ts';
import type { Asset } from './page-assets.ts';
import { renderSorryPage } from './render-sorry-page.ts';
import type { SorryName } from './texts.ts';
import { LOCALES, REGIONS, wordsIn } from './words.ts';
import type { Locale, Words } from './words.ts';

const MAX_FORM_BYTES = 4 * 1024;
const MAX_FORM_FIELDS = 6;
const YEAR_S = 31_536_000;

/** What is in a card's link. */
const SECRET = /^[a-z2-7]{26}$/;

const parseForm = express.urlencoded({
  limit: MAX_FORM_BYTES,
  parameterLimit: MAX_FORM_FIELDS,
  extended: false,
});

/** What a form sent; throws what Express's parser throws. */
export function readForm(request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parseForm(request, response, (error?: unknown) => (error ? reject(error) : resolve(request.body ?? {})));
  });
}

/** A line that somebody typed, cut and not refused when it is longer than `maxLength` letters. */
export const oneLine = (maxLength: number) =>
  z
    .string()
    .optional()
    .catch(undefined)
    .transform((typed) =>
      typed
        ?.replaceAll(/[\p{Cc}\s]+/gu, ' ')
        .trim()
        .slice(0, maxLength)
        .trim(),
    );

/** In which language a page is asked for; see `LOCALES`. */
export const localeQuery = z.object({ locale: z.enum(LOCALES).default('en').catch('en') });

/** The words of a page that tells days: they are written as the phone asks for them, British when it does not care. */
export function wordsFor(request: Request, locale: Locale): Words {
  return wordsIn(
    locale,
    REGIONS.find((one) => one === request.acceptsLanguages(...REGIONS)),
  );
}

/** A page whose address, or whose content, is somebody's secret. */
export function sendPage(response: Response, status: number, page: string): void {
  keepPrivate(response).status(status).type('html').send(page);
}

/** A friendly no, and what to do now. */
export function sendSorry(response: Response, status: number, sorry: SorryName, words?: Words): void {
  sendPage(response, status, renderSorryPage(sorry, words));
}

/** A drawing that belongs to a secret page. */
export function sendSvg(response: Response, svg: string): void {
  keepPrivate(response).type('image/svg+xml').send(svg);
}

/** To a page that is a secret as well. */
export function redirect(response: Response, path: string): void {
  keepPrivate(response).redirect(303, path);
}

/** Finds the card that a link opens, with its secret as it is kept; or says a friendly 404, and answers nothing. */
export const findLinkedCard =
  (read: ReturnType<typeof readCardPage>) =>
  async (
    typed: string,
    response: Response,
    words?: Words,
  ): Promise<{ secret: string; page: CardPage } | undefined> => {
    const secret = typed.toLowerCase();
    const page = SECRET.test(secret) ? await read({ secret }) : undefined;
    if (page && !('refused' in page)) return { secret, page };
    sendSorry(response, 404, 'unknownCard', words);
    return undefined;
  };

/** An answer that nobody keeps or lists, from an address that is not told to others. */
export function keepPrivate(response: Response): Response {
  return response.set({
    'Cache-Control': 'no-store',
    // Never the address, which is a secret, but of which site it is: with `no-referrer` browsers hide that of a form, too,
    // and where they say no `Sec-Fetch-Site`, as without https, it would be refused.
    'Referrer-Policy': 'strict-origin',
    'X-Robots-Tag': 'noindex',
  });
}

/** A file that has its version in its address. */
export function sendAsset({
  request,
  response,
  type,
  asset,
}: {
  request: Request;
  response: Response;
  type: string;
  asset: Asset;
}): void {
  response.set({
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': `public, max-age=${YEAR_S}, immutable`,
  });
  sendPacked(request, response, asset);
}

/** How a browser came by a card: by asking for it there, or whoever held it opened the card's link. */
const REMEMBERED_AS = ['given', 'opened'] as const;
type RememberedAs = (typeof REMEMBERED_AS)[number];

/** Two for each merchant: what a browser holds of one shop says nothing to another. */
function cookieNameOf(merchantId: string, as: RememberedAs): string {
  return `${as === 'given' ? 'card' : 'opened'}-${merchantId}`;
}

/** The longest a browser keeps a cookie. */
const COOKIE_MS = 400 * 86_400_000;
const COOKIE_PATH = '/join';

/**
 * Lets the join page know the card that this browser was given, or opened last, so that nobody gets a second one by
 * accident. Somebody else's card, opened on a phone that was lent, takes no given one's place.
 */
export function rememberCard(
  response: Response,
  {
    merchantId,
    secret,
    publicUrl,
    as,
  }: { merchantId: string; secret: string; publicUrl: string; as: RememberedAs },
): void {
  response.cookie(cookieNameOf(merchantId, as), secret, { ...cookieOptions(publicUrl), maxAge: COOKIE_MS });
}

/** Takes out what `rememberCard` noted. */
export function forgetRememberedCards(
  response: Response,
  { merchantId, publicUrl }: { merchantId: string; publicUrl: string },
): void {
  for (const as of REMEMBERED_AS)
    response.clearCookie(cookieNameOf(merchantId, as), cookieOptions(publicUrl));
}

function cookieOptions(publicUrl: string) {
  return {
    path: COOKIE_PATH,
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: publicUrl.startsWith('https:'),
  };
}

/** The secrets of the cards of a merchant that a browser remembers; they may open nothing any more. */
export function readRememberedCards(
  request: Request,
  merchantId: string,
): Record<RememberedAs, string | undefined> {
  const [given, opened] = REMEMBERED_AS.map((as) => readSecret(request, cookieNameOf(merchantId, as)));
  return { given, opened };
}

function readSecret(request: Request, name: string): string | undefined {
  const cookies = (request.get('cookie') ?? '').split(';').map((cookie) => cookie.trim());
  const secret = cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
  return secret && SECRET.test(secret) ? secret : undefined;
}
