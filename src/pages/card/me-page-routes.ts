import type { Request, Response } from 'express';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { makeHourlyLimit } from '../../http/hourly-limit.ts';
import { networkOf } from '../../http/network-of.ts';
import { rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { plainFigures } from '../../operations/contact-keys.ts';
import type { editOwnCard } from '../../operations/edit-own-card.ts';
import type { exportMyData } from '../../operations/export-my-data.ts';
import type { forgetCustomer } from '../../operations/forget-customer.ts';
import type { joinCards } from '../../operations/join-cards.ts';
import type { CodeToSend, confirmKeepingSafe, startKeepingSafe } from '../../operations/keep-card-safe.ts';
import type { CardPage, readCardPage } from '../../operations/read-card-page.ts';
import type { MailLimit } from './mail-limit.ts';
import {
  findLinkedCard,
  forgetRememberedCards,
  keepPrivate,
  localeQuery,
  oneLine,
  readForm,
  redirect,
  sendPage,
  sendSorry,
} from './page-answers.ts';
import { findPathOf } from './page-frame.ts';
import { MAX_NAME_LENGTH } from './render-join-page.ts';
import {
  MAX_EMAIL_LENGTH,
  MAX_PHONE_LENGTH,
  MAX_PREFERENCES_LENGTH,
  renderForgetPage,
  renderForgottenPage,
  renderMePage,
} from './render-me-page.ts';
import type { Typed } from './render-me-page.ts';
import { noticeNames } from './texts.ts';
import type { NoticeName } from './texts.ts';
import { wordsIn } from './words.ts';
import type { Words } from './words.ts';

const MAX_EXPORTS_PER_HOUR = 30;
/** Of one card. Each is written down for ever, so that a script must not be able to fill the disk with them. */
const MAX_FORMS_PER_CARD_AND_HOUR = 60;
const MAX_CODE_LENGTH = 60;

export interface MePageParts {
  clock: Clock;
  /** The part of `Mailer` that is needed. */
  mailer: {
    readonly canSend: boolean;
    send(mail: { to: string; subject: string; text: string; customerId: string }): void;
  };
  readCardPage: ReturnType<typeof readCardPage>;
  editOwnCard: ReturnType<typeof editOwnCard>;
  startKeepingSafe: ReturnType<typeof startKeepingSafe>;
  confirmKeepingSafe: ReturnType<typeof confirmKeepingSafe>;
  joinCards: ReturnType<typeof joinCards>;
  exportMyData: ReturnType<typeof exportMyData>;
  forgetCustomer: ReturnType<typeof forgetCustomer>;
}

/** `wayBack` is where the card is found again, for somebody who does not know it yet. */
export function sendCode(
  mailer: MePageParts['mailer'],
  { customerId, email, code, shopName }: CodeToSend,
  wayBack?: string,
): void {
  const says = wordsIn('en').texts.mail;
  mailer.send({
    to: email,
    customerId,
    subject: says.subject(code, shopName),
    text: says.text(code, shopName) + (wayBack ? `\n${says.wayBack(wayBack)}` : ''),
  });
}

export const emailField = z.string().trim().max(MAX_EMAIL_LENGTH).pipe(z.email());
/** What is no address, to be mended where it was typed. */
export const emailAsTyped = (form: unknown): string =>
  z.object({ email: z.string().max(MAX_EMAIL_LENGTH).catch('') }).parse(form).email;
/** Six figures, with or without a space between. */
export const codeInForm = z
  .string()
  .catch('')
  .transform((typed) => plainFigures(typed).replaceAll(/\D/g, '').slice(0, 6));

/** Of the details only what was typed: the rest may be something else by now, changed at the till or on another phone. */
const detailsForm = z
  .object({
    name: oneLine(MAX_NAME_LENGTH),
    shownName: oneLine(MAX_NAME_LENGTH),
    preferences: oneLine(MAX_PREFERENCES_LENGTH),
    shownPreferences: oneLine(MAX_PREFERENCES_LENGTH),
    phone: oneLine(MAX_PHONE_LENGTH),
    shownPhone: oneLine(MAX_PHONE_LENGTH),
  })
  .transform(({ name, shownName, preferences, shownPreferences, phone, shownPhone }) => ({
    name: name === shownName ? undefined : name,
    preferences: preferences === shownPreferences ? undefined : preferences,
    phone: phone === shownPhone ? undefined : phone,
  }));
const joinForm = z.object({
  otherCode: z.string().max(MAX_CODE_LENGTH).catch(''),
  joiningCode: codeInForm,
});

const params = z.object({ secret: z.string() });
const query = localeQuery.extend({
  said: z.enum(noticeNames).optional().catch(undefined),
});

interface FormContext {
  secret: string;
  page: CardPage;
  words: Words;
  form: unknown;
  request: Request;
  response: Response;
  publicUrl: string;
}

/** What customers say about themselves, keeping the card safe, joining another, taking their data along, being forgotten. */
export function mePageRoutes(parts: MePageParts, mailLimit: MailLimit): Route[] {
  const shared = { tag: 'Card page', audience: ['anonymous'], params, statuses: [200, 404] } as const;
  const exportLimit = makeHourlyLimit(MAX_EXPORTS_PER_HOUR);
  const formLimit = makeHourlyLimit(MAX_FORMS_PER_CARD_AND_HOUR);
  const find = findLinkedCard(parts.readCardPage);

  function show(response: Response, shown: Omit<Parameters<typeof renderMePage>[0], 'canSendMail'>): void {
    sendPage(response, 200, renderMePage({ ...shown, canSendMail: parts.mailer.canSend }));
  }

  /**
   * A form of the page: afterwards the page is shown again and says what came of it, with what was `typed` still in it
   * if that was refused; or `handle` has answered.
   */
  function form(
    path: string,
    summary: string,
    handle: (context: FormContext) => Promise<{ said: NoticeName; at?: string; typed?: Typed } | undefined>,
  ): Route {
    return rawRoute({
      ...shared,
      method: 'post',
      path: `/c/{secret}/${path}`,
      summary,
      query: localeQuery,
      consumes: ['application/x-www-form-urlencoded'],
      produces: 'text/html',
      statuses: [200, 303, 404, 429],
      async handle({ params, query: { locale }, request, response, publicUrl }) {
        const words = wordsIn(locale);
        const found = await find(params.secret, response, words);
        if (!found) return;
        if (!formLimit.take(found.page.cardId, parts.clock.now()))
          return sendSorry(response, 429, 'tooManyTries', words);
        const sent = await readForm(request, response);
        const outcome = await handle({ ...found, words, form: sent, request, response, publicUrl });
        if (!outcome) return;
        const { said, at = 'me', typed } = outcome;
        if (typed) show(response, { ...found, notice: said, typed, words });
        else redirect(response, `/c/${found.secret}/${at}?said=${said}`);
      },
    });
  }

  return [
    rawRoute({
      ...shared,
      method: 'get',
      path: '/c/{secret}/me',
      summary: 'What a customer says about themselves',
      query,
      produces: 'text/html',
      async handle({ params: { secret }, query: { said, locale }, response }) {
        const words = wordsIn(locale);
        const found = await find(secret, response, words);
        if (found) show(response, { ...found, notice: said, words });
      },
    }),
    form('me', 'Changes name, preferences and phone number', async ({ secret, form: sent }) => {
      const typed = detailsForm.parse(sent);
      const edited = await parts.editOwnCard({ secret, change: typed });
      const isUnreadable = 'refused' in edited && edited.refused === 'phone-unreadable';
      return isUnreadable ? { said: 'phone-unreadable', typed } : { said: 'saved' };
    }),
    form(
      'me/email',
      'Sends a code to an address',
      async ({ secret, page, form: sent, request, publicUrl }) => {
        const email = emailField.safeParse((sent as { email?: unknown }).email);
        if (!email.success || !parts.mailer.canSend)
          return { said: 'email-unreadable', typed: { email: emailAsTyped(sent) } };
        const network = networkOf(request.ip ?? '');
        if (!mailLimit.maySend(email.data, network, parts.clock.now())) return { said: 'too-many' };
        const started = await parts.startKeepingSafe({ secret, email: email.data });
        if ('refused' in started) return { said: 'too-many' };
        sendCode(parts.mailer, started, publicUrl + findPathOf(page));
        return { said: 'code-sent' };
      },
    ),
    form('me/code', 'Proves an address', async ({ secret, form: sent }) => {
      const code = codeInForm.parse((sent as { code?: unknown }).code);
      const confirmed = await parts.confirmKeepingSafe({ secret, code });
      return { said: 'refused' in confirmed ? 'code-wrong' : 'safe' };
    }),
    form('me/no-email', 'Takes the address out', async ({ secret }) => {
      await parts.editOwnCard({ secret, change: { email: '' } });
      return { said: 'removed' };
    }),
    form('me/join', 'Joins another card with this one', async ({ secret, form: sent }) => {
      const typed = joinForm.parse(sent);
      const joined = await parts.joinCards({ secret, ...typed });
      const { otherCode } = typed;
      if ('refused' in joined) return { said: sayJoinRefusal(joined.refused), typed: { otherCode } };
      return { said: 'joined' };
    }),
    rawRoute({
      ...shared,
      method: 'get',
      path: '/c/{secret}/my-data.json',
      summary: 'Everything the shop keeps about the customer',
      produces: 'application/json',
      refusals: ['too-many-requests'],
      async handle({ params: { secret: typed }, request, response }) {
        const found = await find(typed, response);
        if (!found) return undefined;
        const isHead = request.method === 'HEAD';
        if (!isHead && !exportLimit.take(networkOf(request.ip ?? ''), parts.clock.now()))
          return { refused: 'too-many-requests' };
        const mine = isHead || (await parts.exportMyData({ secret: found.secret }));
        keepPrivate(response)
          .set('Content-Disposition', 'attachment; filename="my-stamp-card.json"')
          .type('application/json');
        if (isHead) response.end();
        else response.send(JSON.stringify(mine, null, 2));
        return undefined;
      },
    }),
    rawRoute({
      ...shared,
      method: 'get',
      path: '/c/{secret}/forget',
      summary: 'Asks whether the customer really wants to be forgotten',
      query,
      produces: 'text/html',
      async handle({ params: { secret }, query: { said, locale }, response }) {
        const words = wordsIn(locale);
        const found = await find(secret, response, words);
        if (found) sendPage(response, 200, renderForgetPage({ ...found, notice: said, words }));
      },
    }),
    form(
      'forget',
      'Forgets the customer',
      async ({ page, secret, words, form: sent, response, publicUrl }) => {
        if ((sent as { sure?: unknown }).sure !== 'yes') return { said: 'not-sure', at: 'forget' };
        const { merchantId, customerId } = page;
        await parts.forgetCustomer({ merchantId, customerId, staffId: null });
        forgetRememberedCards(response, { merchantId, publicUrl });
        sendPage(response, 200, renderForgottenPage({ page, secret, words }));
        return undefined;
      },
    ),
  ];
}

function sayJoinRefusal(refused: string): NoticeName {
  switch (refused) {
    case 'joining-code-wrong':
      return 'join-wrong';
    case 'locked':
      return 'join-locked';
    case 'already-one-customer':
      return 'join-same';
    default:
      return 'join-other';
  }
}
