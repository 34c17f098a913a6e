// What others publish and print. The elasticity is in Stock and Watson, "Introduction to Econometrics" (−1.14, robust
// error 0.37), and in "Introduction to Econometrics with R", chapter 12, to six digits. R 4.2.2 with AER 1.2-10 and
// sandwich 3.0-2 prints −1.1433751222 and 0.3723026879 (HC1); its set, where the HC1 t of the sales tax in a regression
// of log(packs) − b log(price) reaches qt(0.975, 45), ends at −1.92912984 and −0.35640742.
import { expect, test } from 'vitest';
import { estimate } from '../../src/evidence/estimate.ts';
import { studentTQuantile } from '../../src/evidence/quantiles.ts';

type State = [name: string, packs: number, price: number, income: number, salesTax: number];

/**
 * The United States in 1995: packs of cigarettes a head and year, their average price (cents, of 1983), income a head
 * (thousands of dollars, of 1983), and sales tax a pack (cents, of 1983). Public statistics, gathered by Stock and Watson.
 */
const states: State[] = [
  ['AL', 101.085434, 103.918206, 12.9153466, 0.921697484],
  ['AR', 111.042969, 115.18538, 12.1690728, 5.48501929],
  ['AZ', 71.9541702, 130.319887, 13.5396383, 6.20570675],
  ['CA', 56.8593063, 138.12643, 16.0735912, 9.03630737],
  ['CO', 82.5829239, 109.80972, 16.3155574, 0],
  ['CT', 79.4721909, 143.228683, 20.9623592, 8.10728336],
  ['DE', 124.466599, 108.661426, 16.660734, 0],
  ['FL', 93.0745544, 123.174007, 15.4277366, 6.97211551],
  ['GA', 97.4746246, 102.738243, 14.5865462, 0.939249097],
  ['IA', 92.4015961, 125.255911, 13.897988, 5.9645648],
  ['ID', 74.8497849, 117.872389, 12.8805611, 5.61297185],
  ['IL', 83.2650757, 130.233711, 16.8262304, 7.37171758],
  ['IN', 134.258347, 101.400105, 14.3342985, 4.82857594],
  ['KS', 88.7534409, 114.967201, 14.3631402, 5.47462899],
  ['KY', 172.647781, 95.7871929, 12.6084592, 5.42191658],
  ['LA', 105.176132, 110.10194, 12.822129, 4.23468962],
  ['MA', 76.6206436, 142.457363, 18.4058451, 6.78368347],
  ['MD', 77.4735489, 122.069397, 17.6482119, 5.81282795],
  ['ME', 102.46978, 129.416444, 13.2809407, 7.32546062],
  ['MI', 81.3882523, 158.037849, 15.7315487, 8.94554059],
  ['MN', 82.9452972, 144.585744, 16.1307494, 9.45888273],
  ['MO', 122.450279, 103.169353, 14.4970973, 0.911034353],
  ['MS', 105.582451, 111.042919, 11.2764336, 7.26449054],
  ['MT', 87.1595688, 102.504385, 12.3122521, 0],
  ['NC', 121.538063, 98.4212666, 14.3950318, 3.78543391],
  ['ND', 79.8069687, 126.147429, 12.5223941, 7.14042276],
  ['NE', 87.2707062, 119.537409, 14.5640853, 5.69225948],
  ['NH', 156.336746, 109.344928, 16.4096209, 0],
  ['NJ', 80.3713684, 133.259306, 19.2107922, 7.54297847],
  ['NM', 64.668869, 115.581528, 12.3697808, 5.50388252],
  ['NV', 93.5261154, 135.563764, 16.9344008, 8.86865592],
  ['NY', 70.8173218, 145.576123, 18.1896859, 5.59907974],
  ['OH', 111.380104, 108.852532, 15.0175502, 5.18345294],
  ['OK', 108.680107, 111.637141, 12.7259799, 5.31605372],
  ['OR', 92.1557465, 124.868774, 14.8739289, 0],
  ['PA', 95.6430893, 115.592631, 15.5763474, 6.54297706],
  ['RI', 92.5998001, 147.282975, 15.7783942, 9.63533501],
  ['SC', 108.082748, 100.274769, 12.7777515, 4.77498995],
  ['SD', 97.2192307, 110.261156, 13.0234453, 4.24081467],
  ['TN', 122.320053, 109.624022, 14.3047783, 8.12029688],
  ['TX', 73.0793076, 130.054029, 14.1245818, 7.36155006],
  ['UT', 49.2721977, 118.750831, 12.374088, 5.65480086],
  ['VA', 105.386871, 109.357784, 16.0470609, 5.20751382],
  ['VT', 122.334755, 115.248528, 14.0150983, 5.48802549],
  ['WA', 65.5309219, 156.895903, 15.6678397, 10.2642194],
  ['WI', 92.4663467, 132.139938, 14.8119473, 6.29237847],
  ['WV', 115.568832, 109.263247, 11.753785, 6.18471089],
  ['WY', 112.238136, 104.029963, 14.1166425, 0],
];

test('what a price does to smoking, by sales taxes: the published elasticity, its error and its set', () => {
  const of = <Value>(value: (state: State) => Value) => states.map(value);
  const found = estimate(
    {
      y: of(([, packs]) => Math.log(packs)),
      d: of(([, , price]) => Math.log(price)),
      z: of(([, , , , salesTax]) => salesTax),
      p: 0,
      x: [of(() => 1), of(([, , , income]) => Math.log(income))],
      cluster: of(([name]) => name),
    },
    { multiplier: studentTQuantile(0.975, 45) },
  )!;
  expect(found).toMatchObject({ visits: 48, customers: 48, parameters: 3 });
  expect(found.gesture!.effect).toBeCloseTo(-1.1433751222, 8);
  expect(found.gesture!.standardError).toBeCloseTo(0.3723026879, 8); // HC1: every state is a cluster of its own
  expect(found.set.isBounded && found.set.low).toBeCloseTo(-1.92912984, 7);
  expect(found.set.isBounded && found.set.high).toBeCloseTo(-0.35640742, 7);
});
