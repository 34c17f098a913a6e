import type { Response } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import { makeHourlyLimit } from '../../http/hourly-limit.ts';
import { networkOf } from '../../http/network-of.ts';
import { rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { finishFinding, startFinding } from '../../operations/find-my-card.ts';
import type { JoinPage, readJoinPage } from '../../operations/read-join-page.ts';
import type { MailLimit } from './mail-limit.ts';
import { codeInForm, emailAsTyped, emailField, sendCode } from './me-page-routes.ts';
import type { MePageParts } from './me-page-routes.ts';
import { localeQuery, readForm, redirect, rememberCard, sendPage, sendSorry } from './page-answers.ts';
import { findPathOf } from './page-frame.ts';
import { renderFindPage } from './render-find-page.ts';
import type { FindStep } from './render-find-page.ts';
import { wordsIn } from './words.ts';
import type { Words } from './words.ts';

/** An answer takes as long for an address that is known as for one that is not. */
const ANSWER_AFTER_MS = 300;
const MAX_TRIES_PER_NETWORK_AND_HOUR = 60;

export interface FindPageParts {
  clock: Clock;
  mailer: MePageParts['mailer'];
  readJoinPage: ReturnType<typeof readJoinPage>;
  startFinding: ReturnType<typeof startFinding>;
  finishFinding: ReturnType<typeof finishFinding>;
}

const params = z.object({ joinCode: z.string() });
const challengeField = z.uuid();
/**
 * Which code is asked for is in the address: whoever goes to their mail for it finds the page again, also on a phone that
 * loads it anew, and no other code is sent by that.
 */
const query = localeQuery.extend({
  challenge: challengeField.optional().catch(undefined),
  said: z.literal('code-wrong').optional().catch(undefined),
});
const emailForm = z.object({ email: emailField });
const codeForm = z.object({ challenge: challengeField, code: codeInForm });

/** "I lost my phone." Whoever asks never learns whether an address is known. */
export function findPageRoutes(parts: FindPageParts, mailLimit: MailLimit): Route[] {
  const shared = { tag: 'Card page', audience: ['anonymous'], params, path: '/find/{joinCode}' } as const;
  const tryLimit = makeHourlyLimit(MAX_TRIES_PER_NETWORK_AND_HOUR);

  async function find(joinCode: string, response: Response, words: Words): Promise<JoinPage | undefined> {
    const page = await parts.readJoinPage({ joinCode });
    if (!('refused' in page)) return page;
    sendSorry(response, 404, 'unknownJoinLink', words);
    return undefined;
  }

  function show(
    response: Response,
    { joinCode, ...shown }: { page: JoinPage; joinCode: string; step: FindStep; words: Words },
  ): void {
    const path = findPathOf({ joinCode });
    sendPage(response, 200, renderFindPage({ ...shown, path, canSendMail: parts.mailer.canSend }));
  }

  return [
    rawRoute({
      ...shared,
      method: 'get',
      summary: 'The way back to a card whose phone was lost',
      query,
      produces: 'text/html',
      statuses: [200, 404],
      async handle({ params: { joinCode }, query: { locale, challenge, said }, response }) {
        const words = wordsIn(locale);
        const page = await find(joinCode, response, words);
        if (!page) return;
        const step: FindStep = challenge
          ? { at: 'code', challenge, isWrong: said === 'code-wrong' }
          : { at: 'email' };
        show(response, { page, joinCode, step, words });
      },
    }),
    rawRoute({
      ...shared,
      method: 'post',
      summary: 'Sends a code, or takes it and gives the card a new link',
      query: localeQuery,
      consumes: ['application/x-www-form-urlencoded'],
      produces: 'text/html',
      statuses: [200, 303, 404, 429],
      async handle({ params: { joinCode }, query: { locale }, request, response, publicUrl }) {
        const words = wordsIn(locale);
        const page = await find(joinCode, response, words);
        if (!page) return;
        const showStep = (step: FindStep) => show(response, { page, joinCode, step, words });
        const askForCode = (asked: { challenge: string; said?: 'code-wrong' }) => {
          const wanted = new URLSearchParams({ ...asked, ...(locale !== 'en' && { locale }) });
          redirect(response, `${findPathOf({ joinCode })}?${wanted}`);
        };
        const sent = await readForm(request, response);
        const network = networkOf(request.ip ?? '');
        const now = parts.clock.now();
        if (!parts.mailer.canSend) return showStep({ at: 'email' });
        if (!tryLimit.take(network, now)) return sendSorry(response, 429, 'tooManyTries', words);
        const typed = codeForm.safeParse(sent);
        if (!typed.success) {
          const email = emailForm.safeParse(sent);
          if (!email.success)
            return showStep({ at: 'email', typed: emailAsTyped(sent), refused: 'email-unreadable' });
          // Counted for any address, known or not: to say so tells nothing.
          if (!mailLimit.maySend(email.data.email, network, now))
            return showStep({ at: 'email', typed: email.data.email, refused: 'too-many' });
          const [started] = await Promise.all([
            parts.startFinding({ joinCode, ...email.data }),
            sleep(ANSWER_AFTER_MS),
          ]);
          if ('refused' in started) return sendSorry(response, 404, 'unknownJoinLink', words);
          if (started.toSend) sendCode(parts.mailer, started.toSend);
          return askForCode({ challenge: started.challenge });
        }
        const [finished] = await Promise.all([
          parts.finishFinding({ joinCode, ...typed.data }),
          sleep(ANSWER_AFTER_MS),
        ]);
        if ('refused' in finished) return askForCode({ challenge: typed.data.challenge, said: 'code-wrong' });
        const { merchantId, cards } = finished;
        const [only, ...others] = cards;
        if (only) rememberCard(response, { merchantId, secret: only.secret, publicUrl, as: 'given' });
        if (only && others.length === 0) return redirect(response, `/c/${only.secret}`);
        return showStep({ at: 'found', cards });
      },
    }),
  ];
}
