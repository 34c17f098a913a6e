/*
 * The negative control of the proof about power cuts: loaded before the server, it makes every connection commit without
 * waiting for the disk (`synchronous = NORMAL`) and hides that from the check at the start.
 */
import BetterSqlite3 from 'better-sqlite3';

type Pragma = BetterSqlite3.Database['pragma'];

const { prototype } = BetterSqlite3 as unknown as { prototype: { pragma: Pragma } };
const ask = prototype.pragma;
prototype.pragma = function pragma(this: BetterSqlite3.Database, source, options): unknown {
  if (source === 'synchronous = FULL') return ask.call(this, 'synchronous = NORMAL', options);
  return source === 'synchronous' ? 2 : ask.call(this, source, options);
};
