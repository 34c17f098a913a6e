import { explainListenFailure } from './explain-listen-failure.ts';

/** What the file system, SQLite, PostgreSQL and the network tell about a failure, each in a part of these. */
interface Told {
  code?: string;
  message: string;
  path?: string;
  hostname?: string;
}

/**
 * Why a program could not begin or go on, in words, with the next step; what nobody foresaw in full, for whoever mends
 * it. `command` is what to type again.
 */
export function explainFailure(error: unknown, command: string): string {
  const inWords = explainListenFailure(error, command) ?? causesOf(error).map(explain).find(Boolean);
  if (inWords) return inWords;
  if (!(error instanceof Error)) return String(error);
  const isOurs = error.name === 'CommandFailed' || (error.name === 'Error' && !('code' in error));
  return isOurs && error.cause === undefined ? error.message : (error.stack ?? error.message);
}

/** Drizzle wraps what the database said. */
function causesOf(error: unknown): Told[] {
  const causes: Told[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
  return causes;
}

function explain({ code = '', message, path, hostname }: Told): string | undefined {
  const place = path ?? 'the database';
  const family = /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;
  switch (family) {
    case 'EACCES':
    case 'EPERM':
      return (
        `This account may not read or write ${place}.\n` +
        'Use the account it belongs to, give it to this one (an administrator can: chown -R), or name another place;\n' +
        'the shop’s own is DATA_FOLDER.'
      );
    case 'EROFS':
      return `The disk of ${place} can only be read. Name another place; the shop’s own is DATA_FOLDER.`;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return (
        `There is no room left on the disk${path === undefined ? '' : ` for ${path}`}. Make some and try again; ` +
        'see “The disk is full” in docs/operating.md.'
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return `There is a file where a folder is needed: ${place}. Name another place; the shop’s own is DATA_FOLDER.`;
    case 'EISDIR':
      return `There is a folder where a file is needed: ${place}. Name a file in it.`;
    case 'ENOENT':
      return path === undefined ? undefined : `There is no ${path}, or no folder to put it in.`;
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return (
        `The database is damaged, or is none: ${place} (${message}).\n` +
        'Keep it as it is, and restore the last good backup into a new data folder; see “Backups” in docs/operating.md.'
      );
    case 'SQLITE_BUSY':
      return `Another program does not let go of ${place}. Stop it, or try again in a moment.`;
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_IOERR':
    case 'SQLITE_READONLY':
      return `${place} could not be read or written (${message}). Is its disk there and sound, and may this account write on it?`;
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'The database does not answer. Is it running? Check DATABASE_URL.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `No computer called ${hostname ?? 'that'} was found. Check DATABASE_URL and HOST.`;
    case '28P01':
    case '28000':
      return `The database lets nobody in: ${message}. Check DATABASE_URL; an @ in a password is written %40 there.`;
    case '3D000':
      return `The database is not there: ${message}. Make it with createdb, or correct DATABASE_URL.`;
    case '42P07':
      return (
        `The database holds tables of another program: ${message}.\n` +
        'Make one for Doublestamp alone with createdb, and name it in DATABASE_URL.'
      );
    case '42501':
      return (
        `The database does not allow it: ${message}.\n` +
        'Let the user in DATABASE_URL own the database:\n  ALTER DATABASE doublestamp OWNER TO doublestamp'
      );
    case '53300':
      return `The database has no connection left: ${message}. Each server takes up to 11.`;
    default:
      return undefined;
  }
}
