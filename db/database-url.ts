/** Whether a `DATABASE_URL` names a PostgreSQL server; otherwise it is the path of a SQLite file. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}
