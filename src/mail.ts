import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import type { Logger } from 'pino';

/** A mail server that is down for a moment, or puts a stranger off for a minute, is tried again; codes last ten. */
const PATIENCE: Patience = { timeoutMs: 30_000, retryAfterMs: [5_000, 30_000, 120_000], farewellMs: 2_000 };
const MAX_WAITING = 200;
/** Nobody's holiday notice answers it (RFC 3834). */
const BY_A_PROGRAM = { 'Auto-Submitted': 'auto-generated' };
/** Steps of SMTP at which the server was not told yet whom the mail is for. */
const BEFORE_THE_ADDRESS = /^(EHLO|HELO|STARTTLS|AUTH|MAIL FROM)/;

interface Patience {
  /** How long a mail server may take to be reached, to greet, and then to answer each time. */
  timeoutMs: number;
  /** How long after each try that failed the next one comes. */
  retryAfterMs: readonly number[];
  /** How long a shutdown waits for what is on its way. */
  farewellMs: number;
}

export interface MailOptions {
  /** `smtps://user:password@mail.example.com`; without it, mail is written to files. */
  smtpUrl: string | undefined;
  /** Who it comes from: `The Kind Bean <hello@example.com>`. */
  from: string | undefined;
  /** Where it is written without an SMTP server, for trying things out; null when this is no place for that. */
  folder: string | null;
}

export interface Mail {
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
  /** The customer it is for: one who is forgotten meanwhile gets none. */
  customerId: string;
}

export interface Mailer {
  /** Whether mail goes anywhere at all. */
  readonly canSend: boolean;
  /**
   * Sends it once whatever is under way is done; a failure is tried again and logged, and never thrown. What waits to be
   * sent to the same customer at the same address is dropped: only the newest code counts.
   */
  send(mail: Mail): void;
  /** Drops what waits to be sent to a customer. */
  forget(customerId: string): void;
  /** Waits two seconds at most for what is on its way, and gives up what was to be tried again; the log says how much. */
  close(): Promise<void>;
}

/** Sends mail by SMTP, or writes it to files that mail programs open (`.eml`). */
export function createMailer(
  options: MailOptions,
  log: Logger,
  { timeoutMs, retryAfterMs, farewellMs }: Patience = PATIENCE,
): Mailer {
  const { smtpUrl, folder } = options;
  const from = options.from ?? 'Doublestamp <doublestamp@localhost>';
  const deliver = smtpUrl ? bySmtp(smtpUrl, timeoutMs) : folder === null ? undefined : toFolder(folder, log);
  const waiting = new Set<{ mail: Mail; timer: NodeJS.Timeout }>();
  /** Too late to call back; when it fails, one that was dropped meanwhile is not tried again. */
  const underWay = new Map<Sending, Promise<void>>();
  let isClosing = false;

  function begin(mail: Mail, tries: number): void {
    const sending = { mail, isDropped: false };
    underWay.set(
      sending,
      attempt(sending, tries).finally(() => underWay.delete(sending)),
    );
  }

  async function attempt(sending: Sending, tries: number): Promise<void> {
    const { mail } = sending;
    const { to, subject, text } = mail;
    try {
      await deliver!({ from, to, subject, text, headers: BY_A_PROGRAM });
    } catch (error) {
      if (sending.isDropped) return;
      const failure = error as SmtpFailure;
      const afterMs = failure.permanent || isClosing ? undefined : retryAfterMs[tries];
      const why = { ...tellable(failure), tries: tries + 1 };
      if (afterMs === undefined || waiting.size >= MAX_WAITING) {
        log.error(why, 'a mail could not be sent');
        return;
      }
      log.warn({ ...why, afterMs }, 'a mail could not be sent yet');
      const entry = {
        mail,
        timer: setTimeout(() => {
          waiting.delete(entry);
          begin(mail, tries + 1);
        }, afterMs),
      };
      entry.timer.unref();
      waiting.add(entry);
    }
  }

  function drop(isDropped: (mail: Mail) => boolean): void {
    for (const entry of waiting)
      if (isDropped(entry.mail)) {
        clearTimeout(entry.timer);
        waiting.delete(entry);
      }
    for (const sending of underWay.keys()) if (isDropped(sending.mail)) sending.isDropped = true;
  }

  return {
    canSend: deliver !== undefined,
    send(mail) {
      drop(({ customerId, to }) => customerId === mail.customerId && to === mail.to);
      if (deliver) begin(mail, 0);
    },
    forget: (customerId) => drop((mail) => mail.customerId === customerId),
    async close() {
      isClosing = true;
      for (const { timer } of waiting) clearTimeout(timer);
      if (waiting.size > 0)
        log.error({ count: waiting.size }, 'mails that were to be tried again are given up');
      waiting.clear();
      await Promise.race([Promise.all(underWay.values()), sleep(farewellMs, undefined, { ref: false })]);
      if (underWay.size > 0) log.error({ count: underWay.size }, 'mails were still on their way at the end');
    },
  };
}

interface Sending {
  mail: Mail;
  isDropped: boolean;
}

type Deliver = (mail: SendMailOptions) => Promise<void>;

/** What nodemailer says of a failure. */
interface SmtpFailure extends Error {
  code?: string;
  /** What was under way: `CONN`, `AUTH PLAIN`, `RCPT TO`. */
  command?: string;
  /** The server's answer, if it gave one, and the number before it. */
  response?: string;
  responseCode?: number;
  /** The server would say the same again. */
  permanent?: boolean;
}

/** What a log may hold: neither the address nor the text, which holds a code. A server's answer may repeat both. */
function tellable({ code, command = '', response, responseCode, message }: SmtpFailure): object {
  const isBefore = command === 'CONN' ? response === undefined : BEFORE_THE_ADDRESS.test(command);
  return { code, command, responseCode, ...(isBefore && { said: message }) };
}

function bySmtp(url: string, timeoutMs: number): Deliver {
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A password is for the mail server alone: without TLS, or with it taken out on the way, none is said.
    requireTLS: new URL(url).username !== '',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async (mail) => {
    await transport.sendMail(mail);
  };
}

function toFolder(folder: string, log: Logger): Deliver {
  const transport = createTransport({ streamTransport: true, buffer: true });
  let count = 0;
  return async (mail) => {
    const { message } = await transport.sendMail(mail);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${Date.now()}-${String(count++).padStart(4, '0')}.eml`);
    writeFileSync(path, message as Buffer, { mode: 0o600 });
    log.info({ path }, 'there is no SMTP_URL: a mail was written to a file');
  };
}
