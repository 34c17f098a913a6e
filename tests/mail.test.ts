import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { createMailer } from '../src/mail.ts';
import type { Mailer } from '../src/mail.ts';

const MAIL = {
  to: 'bea@example.com',
  subject: '123456 is your code for The Kind Bean',
  text: 'Your code: 123456',
  customerId: 'bea',
};

/** Sooner than a shop's mail server is tried again, or given up. */
const PATIENCE = { timeoutMs: 500, retryAfterMs: [200], farewellMs: 300 };

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/**
 * As much of an SMTP server as it takes to be given a mail; `refusals` are answered with "try again later" first, and
 * what is in `answers` as it says there. `greeting` null: it says nothing at all.
 */
async function anSmtpServer({
  refusals = 0,
  answers = {},
  greeting = '220 here',
}: {
  refusals?: number;
  answers?: Record<string, string>;
  greeting?: string | null;
} = {}) {
  const mails: string[] = [];
  const verbs: string[] = [];
  let tries = 0;
  const server = createServer((socket: Socket) => {
    let heard = '';
    let isData = false;
    if (greeting !== null) socket.write(`${greeting}\r\n`);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      heard += piece.toString();
      if (isData && heard.endsWith('\r\n.\r\n')) {
        mails.push(heard);
        [isData, heard] = [false, ''];
        return socket.write('250 thank you\r\n');
      }
      if (isData || !heard.endsWith('\r\n')) return undefined;
      const [verb = ''] = heard.split(/[\s:]/);
      verbs.push(verb);
      heard = '';
      if (answers[verb]) return socket.write(`${answers[verb]}\r\n`);
      if (verb === 'MAIL' && tries++ < refusals) return socket.write('451 try again later\r\n');
      isData = verb === 'DATA';
      return socket.write(isData ? '354 go on\r\n' : verb === 'QUIT' ? '221 bye\r\n' : '250 well\r\n');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  toClose.push(() => server.close());
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    verbs,
    triesSoFar: () => tries,
  };
}

/** `patience` null: as long as a real shop's mailer has. */
function aMailer(
  smtpUrl: string,
  patience: typeof PATIENCE | null = PATIENCE,
): { mailer: Mailer; log: string[] } {
  const log: string[] = [];
  const mailer = createMailer(
    { smtpUrl, from: 'The Kind Bean <hello@example.com>', folder: null },
    pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    patience ?? undefined,
  );
  toClose.push(() => mailer.close());
  return { mailer, log };
}

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 10 }).toBe(true);
}

test('a mail goes out through the shop’s mail server', async () => {
  const { url, mails } = await anSmtpServer();
  const { mailer } = aMailer(url);
  mailer.send(MAIL);
  await until(() => mails.length === 1);
  expect(mails[0]).toContain('From: The Kind Bean <hello@example.com>');
  expect(mails[0]).toContain('To: bea@example.com');
  expect(mails[0]).toContain('Auto-Submitted: auto-generated');
  expect(mails[0]).toContain('Your code: 123456');
});

test('a mail server that says “later” is tried again, and the log names neither address nor code', async () => {
  const { url, mails } = await anSmtpServer({ refusals: 1 });
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => mails.length === 1);
  expect(log.join('')).toContain('could not be sent yet');
  expect(log.join('')).not.toMatch(/bea@|123456/);
});

test('it is tried again after 5 seconds, half a minute and two minutes, and then given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  toClose.push(() => vi.useRealTimers());
  const { mailer, log } = aMailer('smtp://127.0.0.1:1', null);
  mailer.send(MAIL);
  for (const [tries, afterMs] of [5_000, 30_000, 120_000].entries()) {
    while (log.length === tries) await nextTurn();
    expect(JSON.parse(log[tries]!)).toMatchObject({ tries: tries + 1, afterMs });
    vi.advanceTimersByTime(afterMs);
  }
  while (log.length === 3) await nextTurn();
  expect(JSON.parse(log[3]!)).toMatchObject({ tries: 4, msg: 'a mail could not be sent' });
});

test('what waits to be sent to somebody who is forgotten meanwhile is not sent', async () => {
  const { url, mails } = await anSmtpServer({ refusals: 2 });
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => log.length === 1);
  mailer.forget('bea');
  mailer.send({ ...MAIL, to: 'cem@example.com', customerId: 'cem' });
  // Put off later, so tried again later: the other would have come before it.
  await until(() => mails.length === 1);
  expect(mails[0]).toContain('To: cem@example.com');
});

test('a mail on its way to somebody who is forgotten at that moment is not tried again', async () => {
  const { url, mails, triesSoFar } = await anSmtpServer({ refusals: 2 });
  const { mailer } = aMailer(url);
  mailer.send(MAIL);
  mailer.forget('bea');
  await until(() => triesSoFar() === 1);
  mailer.send({ ...MAIL, to: 'cem@example.com', customerId: 'cem' });
  // Put off later, so tried again later: the other would have come before it.
  await until(() => mails.length === 1);
  expect(mails[0]).toContain('To: cem@example.com');
});

test('a code that is put off does not arrive after the newer one that was asked for meanwhile', async () => {
  const { url, mails } = await anSmtpServer({ refusals: 2 });
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => log.length === 1);
  mailer.send({ ...MAIL, text: 'Your code: 654321' });
  // Put off later, so tried again later: the first would have come before it.
  await until(() => mails.length === 1);
  expect(mails[0]).toContain('Your code: 654321');
});

test('what the mail server refuses for good is not tried again, and what it says of the address is not logged', async () => {
  const { url, verbs } = await anSmtpServer({
    answers: { RCPT: '550 5.1.1 <bea@example.com>: no such user' },
  });
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => log.length === 1);
  expect(JSON.parse(log[0]!)).toMatchObject({
    msg: 'a mail could not be sent',
    command: 'RCPT TO',
    responseCode: 550,
    tries: 1,
  });
  expect(log[0]).not.toContain('bea');
  expect(verbs.filter((verb) => verb === 'RCPT')).toHaveLength(1);
});

test('why the mail server lets nobody in is in the log, in its words', async () => {
  const { url } = await anSmtpServer({ answers: { MAIL: '553 5.7.1 <hello@example.com>: not yours' } });
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => log.length === 1);
  expect(log[0]).toContain('553 5.7.1 <hello@example.com>: not yours');
});

test('a server that is not there is named in the log', async () => {
  const { mailer, log } = aMailer('smtp://127.0.0.1:1');
  mailer.send(MAIL);
  await until(() => log.length === 2);
  expect(log[1]).toContain('ECONNREFUSED 127.0.0.1:1');
});

test('a mail server that does not even greet is given up', async () => {
  const { url } = await anSmtpServer({ greeting: null });
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => log.length === 1);
  expect(log[0]).toContain('ETIMEDOUT');
});

test('a password is not sent to a mail server that offers no TLS', async () => {
  const answers = { EHLO: '250-here\r\n250 AUTH PLAIN LOGIN', STARTTLS: '502 not known' };
  const { url, verbs } = await anSmtpServer({ answers });
  const { mailer, log } = aMailer(url.replace('//', '//shop:secret@'));
  mailer.send(MAIL);
  await until(() => log.length === 1);
  expect(log[0]).toContain('STARTTLS');
  expect(verbs).not.toContain('AUTH');
});

test('a shutdown waits for the mail that is on its way', async () => {
  const { url, mails, verbs } = await anSmtpServer();
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => verbs.length > 0);
  await mailer.close();
  expect(mails).toHaveLength(1);
  expect(log).toEqual([]);
});

test('what a shutdown gives up is in the log, and is not waited for long', async () => {
  const { url } = await anSmtpServer({ refusals: 1 });
  const { mailer, log } = aMailer(url);
  mailer.send(MAIL);
  await until(() => log.length === 1);
  const { url: silentUrl } = await anSmtpServer({ greeting: null });
  const { mailer: patient, log: itsLog } = aMailer(silentUrl);
  patient.send(MAIL);
  await Promise.all([mailer.close(), patient.close()]);
  expect(log[1]).toContain('mails that were to be tried again are given up');
  expect(itsLog[0]).toContain('mails were still on their way at the end');
});
