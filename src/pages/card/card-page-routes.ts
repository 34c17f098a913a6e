import type { Request, Response } from 'express';
import { v4 as uuid } from 'uuid';
import * as z from 'zod';
import { makeHourlyLimit } from '../../http/hourly-limit.ts';
import { networkOf } from '../../http/network-of.ts';
import { rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { joinProgram } from '../../operations/join-program.ts';
import type { CardPage } from '../../operations/read-card-page.ts';
import type { JoinPage } from '../../operations/read-join-page.ts';
import type { thankForGesture } from '../../operations/thank-for-gesture.ts';
import { APP_ICON_SIZES, appIconPath, drawAppIcon } from './app-icon.ts';
import type { AppIconSize } from './app-icon.ts';
import type { CardStreams } from './card-streams.ts';
import { findPageRoutes } from './find-page-routes.ts';
import type { FindPageParts } from './find-page-routes.ts';
import { makeMailLimit } from './mail-limit.ts';
import { mePageRoutes } from './me-page-routes.ts';
import type { MePageParts } from './me-page-routes.ts';
import {
  findLinkedCard,
  keepPrivate,
  localeQuery,
  oneLine,
  readForm,
  readRememberedCards,
  redirect,
  rememberCard,
  sendAsset,
  sendPage,
  sendSorry,
  sendSvg,
  wordsFor,
} from './page-answers.ts';
import { findScript, makeStyle, worker } from './page-assets.ts';
import { cardIcon, findPathOf, joinPathOf } from './page-frame.ts';
import { computePalette } from './palette.ts';
import { drawQrCode } from './qr-code.ts';
import { computeShownCode, renderCardPage, renderLivePart, titleOf } from './render-card-page.ts';
import { MAX_NAME_LENGTH, renderJoinPage, renderPoster } from './render-join-page.ts';
import type { KnownCard } from './render-join-page.ts';
import { renderPosterSvg } from './render-poster-svg.ts';
import { wordsIn } from './words.ts';
import type { Words } from './words.ts';

/** A whole café may share one address, and a mobile network thousands of customers. */
const MAX_JOINS_PER_HOUR = 60;
const DAY_S = 86_400;

export interface CardPageParts extends MePageParts, FindPageParts {
  streams: CardStreams;
  joinProgram: ReturnType<typeof joinProgram>;
  thankForGesture: ReturnType<typeof thankForGesture>;
}

const cardParams = z.object({ secret: z.string() });
const joinParams = z.object({ joinCode: z.string() });
const posterQuery = localeQuery.extend({ size: z.enum(['a4', 'a5']).default('a5') });

/** The customer's card and the way to get one. Whoever has a card's secret link, has the card. */
export function cardPageRoutes(parts: CardPageParts): Route[] {
  const mailLimit = makeMailLimit();
  return [
    ...assetRoutes(),
    ...cardRoutes(parts),
    ...mePageRoutes(parts, mailLimit),
    ...joinRoutes(parts),
    ...findPageRoutes(parts, mailLimit),
  ];
}

const thanksForm = z.object({ gesture: z.string().max(64).optional().catch(undefined) });

function cardRoutes(parts: CardPageParts): Route[] {
  const shared = {
    method: 'get',
    tag: 'Card page',
    audience: ['anonymous'],
    params: cardParams,
    statuses: [200, 404],
  } as const;
  const find = findLinkedCard(parts.readCardPage);

  return [
    rawRoute({
      ...shared,
      path: '/c/{secret}',
      summary: 'The stamp card, as its customer sees it',
      statuses: [200, 303, 404],
      query: localeQuery,
      produces: 'text/html',
      async handle({ params, query: { locale }, request, response, publicUrl }) {
        const words = wordsFor(request, locale);
        const found = await find(params.secret, response, words);
        if (!found) return;
        const { secret, page } = found;
        // Typed with capitals, or with a slash at the end: what the phone keeps has one name.
        if (request.path !== `/c/${secret}`) return redirect(response, `/c/${secret}`);
        rememberCard(response, { merchantId: page.merchantId, secret, publicUrl, as: 'opened' });
        const { canSend: canSendMail } = parts.mailer;
        sendPage(response, 200, await renderCardPage({ page, secret, words, canSendMail }));
      },
    }),
    rawRoute({
      ...shared,
      method: 'post',
      path: '/c/{secret}/thanks',
      summary: 'Says thank you for a gesture',
      description: 'Whoever gave it hears of it at the till. Said again it changes nothing.',
      query: localeQuery,
      consumes: ['application/x-www-form-urlencoded'],
      produces: 'text/html',
      statuses: [303, 404],
      async handle({ params, query: { locale }, request, response }) {
        const found = await find(params.secret, response, wordsFor(request, locale));
        if (!found) return;
        const { gesture: gestureId } = thanksForm.parse(await readForm(request, response));
        // What was undone meanwhile is not on the page any more, which says so best.
        if (gestureId) await parts.thankForGesture({ secret: found.secret, gestureId });
        redirect(response, `/c/${found.secret}`);
      },
    }),
    rawRoute({
      ...shared,
      path: '/c/{secret}/qr.svg',
      summary: 'The QR code that the till scans, with the live code of this half minute',
      produces: 'image/svg+xml',
      async handle({ params, response }) {
        const found = await find(params.secret, response);
        if (found) sendSvg(response, (await drawQrCode(computeShownCode(found.page, found.secret))).text);
      },
    }),
    rawRoute({
      ...shared,
      path: '/c/{secret}/link.svg',
      summary: 'The QR code that brings the card to another phone',
      produces: 'image/svg+xml',
      async handle({ params, response, publicUrl }) {
        const found = await find(params.secret, response);
        if (found) sendSvg(response, (await drawQrCode(`${publicUrl}/c/${found.secret}`)).text);
      },
    }),
    rawRoute({
      ...shared,
      path: '/c/{secret}/events',
      summary: 'Tells an open card page of every change',
      description: 'Server-sent events. Each message is JSON: version, announcement, title, greeting, html.',
      query: localeQuery.extend({ version: z.string().max(64).optional() }),
      produces: 'text/event-stream',
      async handle({ params, query, request, response }) {
        const found = await find(params.secret, response);
        if (!found) return;
        const { merchantId, cardId } = found.page;
        parts.streams.open({
          merchantId,
          cardId,
          response,
          knownVersion: request.get('last-event-id') ?? query.version,
          load: () => loadState(found.secret, cardId, wordsFor(request, query.locale)),
        });
      },
    }),
    rawRoute({
      ...shared,
      path: '/c/{secret}/card.webmanifest',
      summary: 'Lets a phone keep the card beside its apps',
      produces: 'application/manifest+json',
      async handle({ params, response }) {
        const found = await find(params.secret, response);
        if (!found) return;
        keepPrivate(response)
          .type('application/manifest+json')
          .send(JSON.stringify(describeApp(found.page, found.secret)));
      },
    }),
  ];

  /** Undefined also when the card was joined with another meanwhile: the page comes back and watches that one. */
  async function loadState(secret: string, cardId: string, words: Words) {
    const page = await parts.readCardPage({ secret });
    if ('refused' in page || page.cardId !== cardId) return undefined;
    const { version, announcement, greeting, content } = await renderLivePart({ page, secret, words });
    const title = titleOf(page, words);
    const message = { version, announcement, title, greeting: greeting.text, html: content.text };
    return { version, data: JSON.stringify(message) };
  }
}

/** W3C: Web Application Manifest. */
function describeApp(page: CardPage, secret: string): object {
  return {
    id: `/c/${secret}`,
    name: wordsIn('en').texts.card.appName(page.shopName),
    short_name: page.shopName,
    start_url: `/c/${secret}`,
    scope: `/c/${secret}`,
    display: 'standalone',
    background_color: '#faf6ef',
    theme_color: computePalette(page.colour).card,
    icons: APP_ICON_SIZES.map((size) => ({
      src: appIconPath(page, size),
      sizes: `${size}x${size}`,
      type: 'image/png',
      purpose: 'any maskable',
    })),
  };
}

function joinRoutes(parts: CardPageParts): Route[] {
  const shared = {
    tag: 'Card page',
    audience: ['anonymous'],
    params: joinParams,
    statuses: [200, 404],
  } as const;
  const limit = makeHourlyLimit(MAX_JOINS_PER_HOUR);

  /** The place, or nothing after a friendly no. */
  async function findPlace(joinCode: string, response: Response, words?: Words) {
    const page = await parts.readJoinPage({ joinCode });
    if (!('refused' in page || page.hasEnded)) return page;
    sendSorry(response, 404, 'unknownJoinLink', words);
    return undefined;
  }

  /** What is offered there, or nothing after a friendly no. */
  async function find(joinCode: string, response: Response, words?: Words) {
    const page = await findPlace(joinCode, response, words);
    if (page?.program) return { page, program: page.program };
    if (page) sendSorry(response, 404, 'noProgram', words);
    return undefined;
  }

  /** The card that a secret which a browser remembers opens, when it is still open and of this merchant. */
  async function findKnown(
    secret: string | undefined,
    { merchantId }: JoinPage,
  ): Promise<KnownCard | undefined> {
    const card = secret && (await parts.readCardPage({ secret }));
    return !card || 'refused' in card || card.merchantId !== merchantId ? undefined : { secret, card };
  }

  /** The cards of this merchant that this browser remembers, the one it was given first. */
  async function listKnown(request: Request, page: JoinPage): Promise<KnownCard[]> {
    const { given, opened } = readRememberedCards(request, page.merchantId);
    const [first, other] = [await findKnown(given, page), await findKnown(opened, page)];
    const isSame = first?.card.cardId === other?.card.cardId;
    return [first, isSame ? undefined : other].filter((known) => known !== undefined);
  }

  return [
    rawRoute({
      ...shared,
      method: 'get',
      path: '/join/{joinCode}',
      summary: 'What somebody sees who scanned the poster',
      query: localeQuery,
      produces: 'text/html',
      async handle({ params, query: { locale }, request, response }) {
        const words = wordsIn(locale);
        const page = await findPlace(params.joinCode, response, words);
        if (!page) return;
        sendPage(
          response,
          200,
          renderJoinPage({
            page,
            joinPath: joinPathOf(params),
            findPath: findPathOf(params),
            cards: await listKnown(request, page),
            words,
          }),
        );
      },
    }),
    rawRoute({
      ...shared,
      method: 'post',
      path: '/join/{joinCode}',
      summary: 'Gives a new stamp card and goes to its page',
      query: localeQuery,
      consumes: ['application/x-www-form-urlencoded'],
      produces: 'text/html',
      statuses: [303, 404, 429],
      async handle({ params, query: { locale }, request, response, publicUrl }) {
        const words = wordsIn(locale);
        const found = await find(params.joinCode, response, words);
        if (!found) return;
        const form = joinForm.parse(await readForm(request, response));
        const { given } = readRememberedCards(request, found.page.merchantId);
        const own = form.another ? undefined : await findKnown(given, found.page);
        if (own) return redirect(response, `/c/${own.secret}`);
        if (!limit.take(networkOf(request.ip ?? ''), parts.clock.now()))
          return sendSorry(response, 429, 'tooManyJoins', words);
        const joined = await parts.joinProgram({
          joinCode: params.joinCode,
          // With the answer to the first tap the browser remembers another card: who comes next to it is somebody else.
          once: `${form.once} ${given ?? ''}`,
          customerName: form.name,
        });
        if ('refused' in joined) return sendSorry(response, 404, 'noProgram', words);
        rememberCard(response, { ...joined, publicUrl, as: 'given' });
        redirect(response, `/c/${joined.secret}`);
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
      query: posterQuery,
      produces: 'text/html',
      async handle({ params, query, response, publicUrl }) {
        const found = await find(params.joinCode, response);
        if (!found) return;
        const joinPath = joinPathOf(params);
        const words = wordsIn(query.locale);
        const poster = { ...found, joinPath, joinUrl: publicUrl + joinPath, size: query.size, words };
        sendPage(response, 200, await renderPoster(poster));
      },
    }),
    rawRoute({
      ...shared,
      method: 'get',
      path: '/join/{joinCode}/poster.svg',
      summary: 'The poster as a drawing',
      query: posterQuery,
      produces: 'image/svg+xml',
      async handle({ params, query, response, publicUrl }) {
        const found = await find(params.joinCode, response);
        if (!found) return;
        const words = wordsIn(query.locale);
        const poster = { ...found, joinUrl: publicUrl + joinPathOf(params), size: query.size, words };
        sendSvg(response, await renderPosterSvg(poster));
      },
    }),
  ];
}

const joinForm = z.object({
  name: oneLine(MAX_NAME_LENGTH).transform((name) => name || undefined),
  /** Of the page that was sent: a second tap gives no second card. */
  once: z.uuid().catch(() => uuid()),
  another: z.literal('yes').optional().catch(undefined),
});

const colourField = z.stringFormat('colour', /^[0-9a-f]{6}$/);

function assetRoutes(): Route[] {
  const shared = { method: 'get', tag: 'Card page', audience: ['anonymous'] } as const;
  return [
    rawRoute({
      ...shared,
      path: '/assets/card/{version}/{name}',
      summary: 'A script of the card',
      params: z.object({ version: z.string(), name: z.string() }),
      produces: 'text/javascript',
      refusals: ['route-unknown'],
      async handle({ params, request, response }) {
        const asset = findScript(params.name);
        if (!asset) return { refused: 'route-unknown' };
        sendAsset({ request, response, type: 'text/javascript', asset });
        return undefined;
      },
    }),
    rawRoute({
      ...shared,
      path: '/c/worker.js',
      summary: 'Opens a card without a network',
      produces: 'text/javascript',
      async handle({ response }) {
        response.set('Cache-Control', 'no-cache').type('text/javascript').send(worker.body);
      },
    }),
    rawRoute({
      ...shared,
      path: '/assets/card-icon.png',
      summary: 'A card’s picture on a home screen',
      query: z.object({
        colour: colourField,
        size: z.literal(APP_ICON_SIZES.map(String) as ['192', '512']),
      }),
      produces: 'image/png',
      async handle({ query, response }) {
        const size = Number(query.size) as AppIconSize;
        response
          .set('Cache-Control', `public, max-age=${DAY_S}`)
          .type('image/png')
          .send(drawAppIcon({ colour: `#${query.colour}`, size }));
      },
    }),
    rawRoute({
      ...shared,
      path: '/assets/card.css',
      summary: 'The look of a card of some colour',
      query: z.object({
        colour: colourField,
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
        response.set('Cache-Control', `public, max-age=${DAY_S}`).type('image/svg+xml').send(cardIcon);
      },
    }),
  ];
}
