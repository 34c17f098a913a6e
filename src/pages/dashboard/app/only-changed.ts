/**
 * What differs from what a form showed when it came. The rest is not sent: it may be something else by now, because
 * somebody changed it elsewhere.
 */
export function onlyChanged<Change extends object>(change: Change, shown: object): Partial<Change> {
  const before = new Map(Object.entries(shown));
  const changed = Object.entries(change).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before.get(name)),
  );
  return Object.fromEntries(changed) as Partial<Change>;
}
