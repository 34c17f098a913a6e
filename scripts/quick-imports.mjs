// Loaded before everything else (node --import), on this thread and on every worker: halves the time a start takes.
//
// To learn whether a `.js` file is a module, Node copies and parses the whole package.json of its package, once for
// every import of it. drizzle-orm's has 447 exports in 180 kB and 145 files that import each other: half of a start.
// All of these are modules, so their imports of one another need no package.json.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isWithinDrizzle =
      specifier.startsWith('.') &&
      specifier.endsWith('.js') &&
      context.parentURL?.includes('/node_modules/drizzle-orm/');
    if (!isWithinDrizzle) return nextResolve(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  },
});
