import express from 'express';
import type { Request, Response } from 'express';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { computeCardCode } from '../../operations/card-codes.ts';
import type { joinProgram } from '../../operations/join-program.ts';
import type { CardPage, readCardPage } from '../../operations/read-card-page.ts';
import type { hasCardOf, JoinPage, readJoinPage } from '../../operations/read-join-page.ts';
import type { CardStreams } from './card-streams.ts';
import { makeJoinLimit } from './join-limit.ts';
import { makeStyle, script } from './page-assets.ts';
import type { Asset } from './page-assets.ts';
import { cardIcon } from './page-frame.ts';
import { drawQrCode } from './qr-code.ts';
import { renderCardPage, renderLivePart, titleOf } from './render-card-page.ts';
import { MAX_NAME_LENGTH, renderJoinPage, renderPoster } from './render-join-page.ts';
import {
  noProgram,
  renderSorryPage,
  tooManyJoins,
  unknownCard,
  unknownJoinLink,
} from './render-sorry-page.ts';
import type { Sorry } from './render-sorry-page.ts';

const MAX_FORM_BYTES = 2 * 1024;
const MAX_FORM_FIELDS = 5;
/** The longest a browser keeps a cookie. */
const COOKIE_MS = 400 * 86_400_000;
const COOKIE_PATH = '/join';
const SECRET = /^[a-z2-7]{26}$/;
const YEAR_S = 31_536_000;

export interface CardPageParts {
  clock: Clock;
  streams: CardStreams;
  readCardPage: ReturnType<typeof readCardPage>;
  readJoinPage: ReturnType<typeof readJoinPage>;
  hasCardOf: ReturnType<typeof hasCardOf>;
  joinProgram: ReturnType<typeof joinProgram>;
}

const cardParams = z.object({ secret: z.string() });
const joinParams = z.object({ joinCode: z.string() });

/** The customer's card and the way to get one. Whoever has a card's secret link, has the card. */
export function cardPageRoutes(parts: CardPageParts): Route[] {
  return [...cardRoutes(parts), ...joinRoutes(parts), ...assetRoutes()];
}

function cardRoutes(parts: CardPageParts): Route[] {
  const shared = { method: 'get', tag: 'Card page', audience: ['anonymous'], params: cardParams } as const;

  /** The card, or nothing after a friendly 404. */
  async function find(secret: string, response: Response): Promise<CardPage | undefined> {
    const page = SECRET.test(secret)
      ? await parts.readCardPage({ secret })
      : { refused: 'card-unknown' as const };
    if (!('refused' in page)) return page;
    sendSorry(response, 404, unknownCard);
    return undefined;
  }

  return [
    rawRoute({
      ...shared,
      path: '/c/{secret}',
      summary: 'The stamp card, as its customer sees it',
      produces: 'text/html',
      async handle({ params, response }) {
        const secret = params.secret.toLowerCase();
        const page = await find(secret, response);
        if (page) sendPage(response, 200, await renderCardPage({ page, secret }));
      },
    }),
    rawRoute({
      ...shared,
      path: '/c/{secret}/qr.svg',
      summary: 'The QR code that the till scans',
      produces: 'image/svg+xml',
      async handle({ params, response }) {
        const secret = params.secret.toLowerCase();
        const page = await find(secret, response);
        if (page) sendSvg(response, (await drawQrCode(computeCardCode(secret))).text);
      },
    }),
    rawRoute({
      ...shared,
      path: '/c/{secret}/events',
      summary: 'Tells an open card page of every change',
      description: 'Server-sent events. Each message is JSON: version, announcement, title, html.',
      query: z.object({ version: z.string().max(64).optional() }),
      produces: 'text/event-stream',
      async handle({ params, query, request, response }) {
        const secret = params.secret.toLowerCase();
        const page = await find(secret, response);
        if (!page) return;
        parts.streams.open({
          merchantId: page.merchantId,
          cardId: page.cardId,
          response,
          knownVersion: request.get('last-event-id') ?? query.version,
          load: () => loadState(secret),
        });
      },
    }),
  ];

  async function loadState(secret: string) {
    const page = await parts.readCardPage({ secret });
    if ('refused' in page) return undefined;
    const { version, announcement, content } = await renderLivePart({ page, secret });
    return {
      version,
      data: JSON.stringify({ version, announcement, title: titleOf(page), html: content.text }),
    };
  }
}

function joinRoutes(parts: CardPageParts): Route[] {
  const shared = { tag: 'Card page', audience: ['anonymous'], params: joinParams } as const;
  const limit = makeJoinLimit();

  /** What is offered, or nothing after a friendly no. */
  async function find(joinCode: string, response: Response) {
    const page = await parts.readJoinPage({ joinCode });
    if ('refused' in page) sendSorry(response, 404, unknownJoinLink);
    else if (!page.program) sendSorry(response, 404, noProgram);
    else return { page, program: page.program };
    return undefined;
  }

  /** The secret of the card that this browser was given at this merchant, if it still opens one. */
  async function findOwnSecret(request: Request, { merchantId }: JoinPage): Promise<string | undefined> {
    const secret = readCookie(request, cookieNameOf(merchantId));
    if (!secret || !SECRET.test(secret)) return undefined;
    return (await parts.hasCardOf({ merchantId, secret })) ? secret : undefined;
  }

  return [
    rawRoute({
      ...shared,
      method: 'get',
      path: '/join/{joinCode}',
      summary: 'What somebody sees who scanned the poster',
      produces: 'text/html',
      async handle({ params, request, response }) {
        const found = await find(params.joinCode, response);
        if (!found) return;
        const hasCard = (await findOwnSecret(request, found.page)) !== undefined;
        sendPage(response, 200, renderJoinPage({ ...found, joinPath: joinPathOf(params), hasCard }));
      },
    }),
    rawRoute({
      ...shared,
      method: 'post',
      path: '/join/{joinCode}',
      summary: 'Gives a new stamp card and goes to its page',
      consumes: ['application/x-www-form-urlencoded'],
      produces: 'text/html',
      async handle({ params, request, response, publicUrl }) {
        const found = await find(params.joinCode, response);
        if (!found) return;
        const form = joinForm.parse(await readForm(request, response));
        const ownSecret = form.another ? undefined : await findOwnSecret(request, found.page);
        if (ownSecret) return response.redirect(303, `/c/${ownSecret}`);
        if (!limit.mayJoin(request.ip ?? '', parts.clock.now()))
          return sendSorry(response, 429, tooManyJoins);
        const joined = await parts.joinProgram({ joinCode: params.joinCode, customerName: form.name });
        if ('refused' in joined) return sendSorry(response, 404, noProgram);
        response.cookie(cookieNameOf(joined.merchantId), joined.secret, {
          path: COOKIE_PATH,
          httpOnly: true,
          sameSite: 'lax',
          secure: publicUrl.startsWith('https:'),
          maxAge: COOKIE_MS,
        });
        response.set('Cache-Control', 'no-store').redirect(303, `/c/${joined.secret}`);
      },
    }),
    rawRoute({
      ...shared,
      method: 'get',
      path: '/join/{joinCode}/qr.svg',
      summary: "The QR code of a location's join link",
      produces: 'image/svg+xml',
      async handle({ params, response, publicUrl }) {
        const found = await find(params.joinCode, response);
        if (found) sendSvg(response, (await drawQrCode(publicUrl + joinPathOf(params))).text);
      },
    }),
    rawRoute({
      ...shared,
      method: 'get',
      path: '/join/{joinCode}/poster',
      summary: 'A poster to print',
      query: z.object({ size: z.enum(['a4', 'a5']).default('a5') }),
      produces: 'text/html',
      async handle({ params, query, response, publicUrl }) {
        const found = await find(params.joinCode, response);
        if (!found) return;
        const joinPath = joinPathOf(params);
        const poster = { ...found, joinPath, joinUrl: publicUrl + joinPath, size: query.size };
        sendPage(response, 200, await renderPoster(poster));
      },
    }),
  ];
}

const joinForm = z.object({
  /** One line of what people call somebody; longer names are cut, not refused. */
  name: z
    .string()
    .catch('')
    .transform(
      (typed) =>
        typed
          .replaceAll(/[\p{Cc}\s]+/gu, ' ')
          .trim()
          .slice(0, MAX_NAME_LENGTH)
          .trim() || undefined,
    ),
  another: z.literal('yes').optional().catch(undefined),
});

const parseForm = express.urlencoded({
  limit: MAX_FORM_BYTES,
  parameterLimit: MAX_FORM_FIELDS,
  extended: false,
});

function readForm(request: Request, response: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parseForm(request, response, (error?: unknown) => (error ? reject(error) : resolve(request.body ?? {})));
  });
}

function joinPathOf({ joinCode }: { joinCode: string }): string {
  return `/join/${encodeURIComponent(joinCode)}`;
}

/** One for each merchant: what a browser holds of one shop says nothing to another. */
function cookieNameOf(merchantId: string): string {
  return `card-${merchantId}`;
}

function readCookie(request: Request, name: string): string | undefined {
  const cookies = (request.get('cookie') ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

function assetRoutes(): Route[] {
  const shared = { method: 'get', tag: 'Card page', audience: ['anonymous'] } as const;
  return [
    rawRoute({
      ...shared,
      path: '/assets/card.js',
      summary: 'Keeps an open card up to date',
      produces: 'text/javascript',
      async handle({ request, response }) {
        sendAsset({ request, response, type: 'text/javascript', asset: script });
      },
    }),
    rawRoute({
      ...shared,
      path: '/assets/card.css',
      summary: 'The look of a card of some colour',
      query: z.object({
        colour: z.stringFormat('colour', /^[0-9a-f]{6}$/),
        v: z.string().max(64).optional(),
      }),
      produces: 'text/css',
      async handle({ query, request, response }) {
        sendAsset({ request, response, type: 'text/css', asset: makeStyle(`#${query.colour}`) });
      },
    }),
    rawRoute({
      ...shared,
      path: '/assets/card-icon.svg',
      summary: 'The small picture in a tab',
      produces: 'image/svg+xml',
      async handle({ response }) {
        response.set('Cache-Control', 'public, max-age=86400').type('image/svg+xml').send(cardIcon);
      },
    }),
  ];
}

function sendAsset({
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
    Vary: 'Accept-Encoding',
  });
  if (request.acceptsEncodings('gzip')) response.set('Content-Encoding', 'gzip').send(asset.compressed);
  else response.send(asset.body);
}

function sendSorry(response: Response, status: number, sorry: Sorry): void {
  sendPage(response, status, renderSorryPage(sorry));
}

/** A page whose address, or whose content, is somebody's secret. */
function sendPage(response: Response, status: number, page: string): void {
  keepPrivate(response).status(status).type('html').send(page);
}

function sendSvg(response: Response, svg: string): void {
  keepPrivate(response).type('image/svg+xml').send(svg);
}

function keepPrivate(response: Response): Response {
  return response.set({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex',
  });
}
