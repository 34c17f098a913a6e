import type { Page } from '../support/browser.ts';

/** Holds what a page asks at these addresses until it is let go; from then on nothing is held. */
export async function holdRequests(page: Page, ...addresses: string[]): Promise<() => void> {
  const { promise: isLetGo, resolve: letGo } = Promise.withResolvers<void>();
  for (const address of addresses)
    await page.route(address, async (route) => {
      await isLetGo;
      await route.continue().catch(() => undefined); // given up meanwhile
    });
  return letGo;
}

/** Holds the first answer that comes from an address; returns how to let it arrive. */
export async function holdAnswer(page: Page, address: string): Promise<() => Promise<void>> {
  const { promise: isLetGo, resolve: letGo } = Promise.withResolvers<void>();
  await page.route(
    address,
    async (route) => {
      const response = await route.fetch();
      await isLetGo;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  return async () => {
    const answered = page.waitForResponse(address);
    letGo();
    await (await answered).finished();
  };
}

/** From now on what is sent to an address is done, and no answer arrives, until `page.unroute(address)`. */
export async function loseAnswers(page: Page, address: string): Promise<void> {
  await page.route(address, async (route) => {
    await route.fetch().catch(() => undefined);
    await route.abort('connectionreset').catch(() => undefined); // unrouted meanwhile
  });
}
