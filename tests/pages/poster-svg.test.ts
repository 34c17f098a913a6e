import { expect, test } from 'vitest';
import type { JoinPage } from '../../src/operations/read-join-page.ts';
import { renderPosterSvg } from '../../src/pages/card/render-poster-svg.ts';
import { wordsIn } from '../../src/pages/card/words.ts';

const PAPER_MM = 148;

/** The size of the line that holds a text, of which a sheet of A5 is 148 wide. */
async function sizeOf(shopName: string): Promise<number> {
  const program = { colour: '#7a4a2b', stampsRequired: 10, rewardName: 'コーヒー一杯' };
  const svg = await renderPosterSvg({
    page: { shopName } as JoinPage,
    program: program as NonNullable<JoinPage['program']>,
    joinUrl: 'https://kind-bean.example/join/abc',
    size: 'a5',
    words: wordsIn('en'),
  });
  return Number(/font-size="([\d.]+)">\s*(?=\S)/.exec(svg)![1]);
}

test.each([
  '東京珈琲焙煎所自由が丘駅前本店',
  'サクラコーヒー・ロースターズ渋谷',
  '서울커피로스터스강남역지하상가점',
])('the name %s, whose letters are as wide as high, stays on the paper', async (name) =>
  expect((await sizeOf(name)) * name.length).toBeLessThan(PAPER_MM),
);

test('a short name is large, and a long one in Latin letters as large as it fits', async () => {
  expect(await sizeOf('林')).toBe(14);
  expect(await sizeOf('The Kind Bean')).toBe(14);
  expect(await sizeOf('The Kind Bean Coffee Company')).toBeCloseTo(8.16);
});
