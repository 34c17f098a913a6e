// Draws docs/evidence.svg: a made-up shop whose truth is known, looked at every week for a year.
//   node scripts/run.mjs --dev scripts/evidence-picture.ts
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { estimate } from '../src/evidence/estimate.ts';
import { sequenceMultiplier } from '../src/evidence/multiplier.ts';
import { aTenthMore, columnsOf, findTruth, simulateShop } from '../tests/support/simulated-shop.ts';

const WIDTH = 760;
const HEIGHT = 430;
const LEFT = 52;
const RIGHT = 190;
const TOP = 22;
const BOTTOM = 46;
const LOWEST = -10;
const HIGHEST = 40;
const FIRST_WEEK = 9;
const LAST_WEEK = 52;
const PLANNED_VISITS = 8_000;

const world = { ...aTenthMore, customers: 600, seasonDays: 7 * LAST_WEEK };
const truth = findTruth(world, { seed: 1_000_000, shops: 20 }).gestureMinor / 100;
const shop = simulateShop(world, 7);
const draws = shop.draws.toSorted((a, b) => a.day - b.day);
const afterwards =
  shop.gestures.reduce((sum, { outcome }) => sum + outcome.spendMinor, 0) / shop.gestures.length / 100;

const looks: { week: number; low: number; high: number; effect: number }[] = [];
for (let week = FIRST_WEEK; week <= LAST_WEEK; week++) {
  const matured = draws.filter(({ day }) => day <= world.daysBefore + 7 * week - 30);
  const found = estimate(columnsOf(matured, world), {
    multiplier: ({ visits }) => sequenceMultiplier({ visits, plannedVisits: PLANNED_VISITS }),
  })!;
  if (!found.set.isBounded) continue;
  const { low, high } = found.set;
  looks.push({ week, low: low / 100, high: high / 100, effect: found.gesture!.effect / 100 });
}
const last = looks.at(-1)!;

const x = (week: number) =>
  place(LEFT + ((week - FIRST_WEEK) / (LAST_WEEK - FIRST_WEEK)) * (WIDTH - LEFT - RIGHT));
const y = (pounds: number) =>
  place(
    TOP +
      ((HIGHEST - Math.min(HIGHEST, Math.max(LOWEST, pounds))) / (HIGHEST - LOWEST)) *
        (HEIGHT - TOP - BOTTOM),
  );
const money = (pounds: number) => `${pounds < 0 ? '−' : ''}£${Math.abs(pounds).toFixed(2)}`;

const end = WIDTH - RIGHT;
const grid = [-10, 0, 10, 20, 30, 40]
  .map(
    (pounds) =>
      `<line class="grid${pounds === 0 ? ' zero' : ''}" x1="${LEFT}" x2="${end}" y1="${y(pounds)}" y2="${y(pounds)}"/>` +
      `<text class="tick" x="${LEFT - 8}" y="${y(pounds) + 4}" text-anchor="end">${pounds < 0 ? '−' : ''}£${Math.abs(pounds)}</text>`,
  )
  .join('\n');
const weeks = [10, 20, 30, 40, 52]
  .map(
    (week) =>
      `<text class="tick" x="${x(week)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${week === 10 ? 'week 10' : week}</text>`,
  )
  .join('\n');
const band =
  looks.map(({ week, high }, look) => `${look === 0 ? 'M' : 'L'}${x(week)} ${y(high)}`).join('') +
  looks
    .toReversed()
    .map(({ week, low }) => `L${x(week)} ${y(low)}`)
    .join('') +
  'Z';
const line = looks
  .map(({ week, effect }, look) => `${look === 0 ? 'M' : 'L'}${x(week)} ${y(effect)}`)
  .join('');
const label = (pounds: number, { name, words }: { name: string; words: string[] }) =>
  words
    .map(
      (word, row) =>
        `<text class="label ${name}" x="${end + 12}" y="${y(pounds) + 4 + 16 * row}">${word}</text>`,
    )
    .join('\n');

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">
<title id="title">In a made-up shop a gesture truly brings in ${money(truth)}. What customers spent afterwards is ${money(afterwards)} all year. The estimate's band narrows week by week, from ${money(looks[0]!.low)} to ${money(looks[0]!.high)} in week ${looks[0]!.week} to ${money(last.low)} to ${money(last.high)} in week ${last.week}, and always holds the truth.</title>
<style>
svg { font: 13px system-ui, sans-serif; background: #fffdf9 }
.grid { stroke: #e8e0d4 } .zero { stroke: #9c9184 } .tick { fill: #6f655a }
.band { fill: #b4632a; fill-opacity: .2 } .line { fill: none; stroke: #9c4f1b; stroke-width: 2.5 }
.afterwards { stroke: #4a6d8c; fill: #3d5f7d } .truth { stroke: #2f7d4f; fill: #276b43 }
.because { fill: #8a4414 } line.afterwards, line.truth { stroke-width: 2 } line.truth { stroke-dasharray: 6 5 }
text.label { stroke: none }
@media (prefers-color-scheme: dark) {
svg { background: #1d1916 }
.grid { stroke: #3a332d } .zero { stroke: #8b8075 } .tick { fill: #b3a89b }
.band { fill: #e79a5f; fill-opacity: .25 } .line { stroke: #eda56c }
.afterwards { stroke: #8db3d4; fill: #9dc0de } .truth { stroke: #74c596; fill: #86d0a4 } .because { fill: #f0b482 }
}
</style>
${grid}
${weeks}
<path class="band" d="${band}"/>
<path class="line" d="${line}"/>
<line class="truth" x1="${LEFT}" x2="${end}" y1="${y(truth)}" y2="${y(truth)}"/>
<line class="afterwards" x1="${LEFT}" x2="${end}" y1="${y(afterwards)}" y2="${y(afterwards)}"/>
${label(afterwards, { name: 'afterwards', words: [`Afterwards: ${money(afterwards)}`, 'most would have come', 'anyway'] })}
${label(last.high + 4.6, { name: 'because', words: ['Because of a gesture:', `${money(last.low)} to ${money(last.high)}`] })}
${label(truth - 1.4, { name: 'truth', words: [`The truth: ${money(truth)}`] })}
</svg>
`;
writeFileSync(join(dirname(import.meta.dirname), 'docs', 'evidence.svg'), svg);
console.log({ truth, afterwards, first: looks[0], last, draws: draws.length });
console.log(
  'missed the truth in weeks',
  looks.filter(({ low, high }) => low > truth || high < truth).map(({ week }) => week),
);
console.log('first week with low above 0', looks.find(({ low }) => low > 0)?.week);

function place(value: number): number {
  return Math.round(value * 10) / 10;
}
