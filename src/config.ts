import { join, resolve } from 'node:path';
import * as z from 'zod';

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
  return {
    databaseUrl: values.DATABASE_URL ?? join(values.DATA_FOLDER, 'doublestamp.db'),
    dataFolder: values.DATA_FOLDER,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL?.replace(/\/$/, ''),
    trustedProxies: values.TRUSTED_PROXIES,
    logLevel: values.LOG_LEVEL,
    tokenSecret: values.TOKEN_SECRET,
    passwordPepper: values.PASSWORD_PEPPER,
  };
}

function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}
