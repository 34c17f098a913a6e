import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What moves for longer is no arrival: the bar under a live code runs out in half a minute. */
const LONGEST_ARRIVAL_MS = 2_000;

/**
 * What axe finds wrong on the page as it is shown now, a line each: the rule, what it says, where. Something that is
 * still fading in has too little contrast, so what moves is first let come to its end.
 */
export async function findAxeViolations(page: Page): Promise<string[]> {
  await page.evaluate(async (longestMs) => {
    const moving = document
      .getAnimations()
      .filter(
        (one) => one.playState === 'running' && Number(one.effect?.getComputedTiming().endTime) <= longestMs,
      );
    await Promise.allSettled(moving.map(({ finished }) => finished));
  }, LONGEST_ARRIVAL_MS);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`),
  );
}
