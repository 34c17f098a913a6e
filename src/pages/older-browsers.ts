// What the pages use and iPads that stopped at iPadOS 15, or a Chrome that stopped at 106, do not have. Imported first.

Array.prototype.toSorted ??= function toSorted<One>(this: One[], compare?: (a: One, b: One) => number) {
  return [...this].sort(compare);
};

Array.prototype.toReversed ??= function toReversed<One>(this: One[]) {
  return [...this].reverse();
};

if (!Reflect.has(AbortSignal, 'timeout'))
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), ms);
    return controller.signal;
  };
