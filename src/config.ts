import { join, resolve } from 'node:path';
import * as z from 'zod';

/** Where only this computer reaches us. */
export const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const PROJECT = resolve(import.meta.dirname, '..');

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
const MAX_PORT = 65_535;
const MAX_PROXIES = 5;
const A_PORT = `say a whole number up to ${MAX_PORT}`;
const A_COUNT = `say how many stand in front, a whole number up to ${MAX_PROXIES}`;
const A_PUBLIC_URL = 'say it as https://stamps.example.com, with nothing behind';
const LONG_ENOUGH = 'say at least 32 random bytes, such as openssl rand -base64 32 makes; or leave it out';
/** An address, alone or after a name: without one, mail servers take what we send for a bounce. */
const A_SENDER = /^(?:[^<>]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/;
/** `mysql://…`, `file:…`; a single letter is a disk of Windows. */
const OTHER_SCHEME = /^(?!postgres(ql)?:\/\/)[a-z][a-z+.-]+:/i;

const environmentSchema = z.object({
  /** `postgres://…`, or the path of a SQLite file. */
  DATABASE_URL: z
    .string()
    .refine(
      (url) => !OTHER_SCHEME.test(url),
      'say postgres://…, or the path of a file with nothing before it',
    )
    .optional(),
  /** Where the database file and the secrets are kept when nothing else is said. */
  DATA_FOLDER: z.string().min(1).default(join(PROJECT, 'data')),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number(A_PORT).int(A_PORT).min(0, A_PORT).max(MAX_PORT, A_PORT).default(4747),
  /** The address customers and tills use, if it is not the one listened on: `https://stamps.example.com`. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: A_PUBLIC_URL, abort: true })
    .refine((url) => isOrigin(url), A_PUBLIC_URL)
    .optional(),
  /** How many reverse proxies stand in front. */
  TRUSTED_PROXIES: z.coerce.number(A_COUNT).int(A_COUNT).min(0, A_COUNT).max(MAX_PROXIES, A_COUNT).default(0),
  /**
   * Through which mail is sent: `smtps://user:password@mail.example.com`. Without it customers are not offered mail,
   * except on a server that only this computer can reach: there it is written to files in DATA_FOLDER/mail.
   */
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'say it as smtps://user:password@mail.example.com' })
    .optional(),
  /** Who mail comes from: `The Kind Bean <hello@example.com>`. */
  MAIL_FROM: z.string().regex(A_SENDER, 'say it as The Kind Bean <hello@example.com>').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `say one of ${LOG_LEVELS.join(', ')}`).default('info'),
  /**
   * Signs tokens. At least 32 bytes; made and kept in DATA_FOLDER when not given. To change it without signing
   * everybody out, put the new one before the old with a comma between.
   */
  TOKEN_SECRET: z.string().min(32, LONG_ENOUGH).optional(),
  /** Mixed into every PIN and password hash; kept outside the database. */
  PASSWORD_PEPPER: z.string().min(32, LONG_ENOUGH).optional(),
});

export interface Config {
  databaseUrl: string;
  dataFolder: string;
  host: string;
  port: number;
  publicUrl: string | undefined;
  trustedProxies: number;
  mail: { smtpUrl: string | undefined; from: string | undefined; folder: string | null };
  logLevel: z.infer<typeof environmentSchema>['LOG_LEVEL'];
  tokenSecret: string | undefined;
  passwordPepper: string | undefined;
}

/**
 * Reads the environment, once.
 *
 * @throws an error naming every variable that does not fit
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environmentSchema.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not right:\n  ${faults.join('\n  ')}`);
  }
  const values = parsed.data;
  if (values.SMTP_URL && !values.MAIL_FROM)
    throw new Error(
      'The environment is not right:\n  MAIL_FROM: say who mail comes from, as there is an SMTP_URL',
    );
  return {
    databaseUrl: values.DATABASE_URL ?? join(values.DATA_FOLDER, 'doublestamp.db'),
    dataFolder: values.DATA_FOLDER,
    host: values.HOST,
    port: values.PORT,
    // As browsers say it, whatever was typed: cookies and the check of where a request comes from go by it.
    publicUrl: values.PUBLIC_URL && new URL(values.PUBLIC_URL).origin,
    trustedProxies: values.TRUSTED_PROXIES,
    mail: {
      smtpUrl: values.SMTP_URL,
      from: values.MAIL_FROM,
      folder: LOOPBACK.has(values.HOST) && !values.PUBLIC_URL ? join(values.DATA_FOLDER, 'mail') : null,
    },
    logLevel: values.LOG_LEVEL,
    tokenSecret: values.TOKEN_SECRET,
    passwordPepper: values.PASSWORD_PEPPER,
  };
}

/** Pages and links begin at the root, so an address with a folder would lead nowhere. */
function isOrigin(url: string): boolean {
  const { pathname, search, hash, username } = new URL(url);
  return pathname === '/' && search + hash + username === '';
}

function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
