import { join, resolve } from 'node:path';
import * as z from 'zod';

/** Where only this computer reaches us. */
export const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const PROJECT = resolve(import.meta.dirname, '..');

const environmentSchema = z.object({
  /** `postgres://…`, or the path of a SQLite file. */
  DATABASE_URL: z.string().min(1).optional(),
  /** Where the database file and the secrets are kept when nothing else is said. */
  DATA_FOLDER: z.string().min(1).default(join(PROJECT, 'data')),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4747),
  /** The address customers and tills use, if it is not the one listened on: `https://stamps.example.com`. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** How many reverse proxies stand in front. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  /**
   * Through which mail is sent: `smtps://user:password@mail.example.com`. Without it customers are not offered mail,
   * except on a server that only this computer can reach: there it is written to files in DATA_FOLDER/mail.
   */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Who mail comes from: `The Kind Bean <hello@example.com>`. */
  MAIL_FROM: z.string().min(3).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  /**
   * Signs tokens. At least 32 bytes; made and kept in DATA_FOLDER when not given. To change it without signing
   * everybody out, put the new one before the old with a comma between.
   */
  TOKEN_SECRET: z.string().min(32).optional(),
  /** Mixed into every PIN and password hash; kept outside the database. */
  PASSWORD_PEPPER: z.string().min(32).optional(),
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
    publicUrl: values.PUBLIC_URL?.replace(/\/$/, ''),
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

function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
