/*
 * The distributions the evidence needs, accurate to 1e-8 or better over the range it asks for (the tests hold them
 * against figures worked out to 30 digits). Sources: Lanczos' series for log Γ with the coefficients of Godfrey (2001);
 * the continued fractions of the incomplete gamma and beta functions, evaluated as Lentz does (NIST Digital Library of
 * Mathematical Functions, 8.9.2 and 8.17.22; Thompson and Barnett 1986). Quantiles are the roots of these.
 */

const LANCZOS_G = 607 / 128;
const LANCZOS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125,
  -0.00021026444172410488, 0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5,
  -2.6190838401581408e-5, 3.6899182659531625e-6,
];
const TINY = 1e-300;
const MOST_TERMS = 20_000;

/** P(T ≤ t) of Student's t with `degrees` of freedom. */
export function studentTCdf(t: number, degrees: number): number {
  checkDegrees(degrees);
  if (t === 0) return 0.5;
  const tail =
    betaRegularised(degrees / (degrees + t * t), (t * t) / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** The t with P(T ≤ t) = `probability`: −∞ at 0, ∞ at 1. @throws RangeError outside 0 to 1 */
export function studentTQuantile(probability: number, degrees: number): number {
  checkProbability(probability);
  checkDegrees(degrees);
  if (probability === 0.5) return 0;
  if (probability > 0.5) return -studentTQuantile(1 - probability, degrees);
  if (probability === 0) return -Infinity;
  let low = -1;
  while (studentTCdf(low, degrees) > probability) low *= 2;
  return findRoot((t) => studentTCdf(t, degrees) - probability, low, 0);
}

/** P(χ² > x) with `degrees` of freedom. */
export function chiSquareTail(x: number, degrees: number): number {
  checkDegrees(degrees);
  return x <= 0 ? 1 : upperGamma(degrees / 2, x / 2);
}

/** P(F > x) with `numerator` and `denominator` degrees of freedom. */
export function fTail(x: number, numerator: number, denominator: number): number {
  checkDegrees(numerator);
  checkDegrees(denominator);
  if (x <= 0) return 1;
  const whole = denominator + numerator * x;
  return betaRegularised(denominator / whole, (numerator * x) / whole, denominator / 2, numerator / 2);
}

/** P(K ≥ count) of `trials` that each succeed with `chance`. */
export function binomialTail(count: number, trials: number, chance: number): number {
  checkProbability(chance);
  if (count <= 0) return 1;
  return count > trials ? 0 : betaRegularised(chance, 1 - chance, count, trials - count + 1);
}

/** The natural logarithm of Γ(x), for x > 0. */
function logGamma(x: number): number {
  let series = LANCZOS[0]!;
  for (let term = 1; term < LANCZOS.length; term++) series += LANCZOS[term]! / (x - 1 + term);
  const base = x + LANCZOS_G - 0.5;
  return (x - 0.5) * Math.log(base) - base + Math.log(Math.sqrt(2 * Math.PI) * series);
}

/** Q(a, x) = Γ(a, x)/Γ(a): the series below a + 1, the continued fraction above. */
function upperGamma(a: number, x: number): number {
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let place = 1; place < MOST_TERMS && term > sum * 1e-17; place++) sum += term *= x / (a + place);
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let [c, d] = [1 / TINY, 1 / b];
  let fraction = d;
  for (let place = 1; place < MOST_TERMS; place++) {
    const numerator = -place * (place - a);
    b += 2;
    d = 1 / notZero(numerator * d + b);
    c = notZero(b + numerator / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}

/** I_x(a, b), given both x and 1 − x so that neither is lost to rounding. */
function betaRegularised(x: number, oneLessX: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (oneLessX <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaRegularised(oneLessX, x, b, a);
  const logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * logOf(x, oneLessX) + b * logOf(oneLessX, x);
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let place = 1; place < MOST_TERMS; place++) {
    const twice = a + 2 * place;
    const even = (place * (b - place) * x) / ((twice - 1) * twice);
    d = 1 / notZero(1 + even * d);
    c = notZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + place) * (a + b + place) * x) / (twice * (twice + 1));
    d = 1 / notZero(1 + odd * d);
    c = notZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return (Math.exp(logFront) * fraction) / a;
}

/** ln x, from 1 − x when that is the smaller. */
const logOf = (x: number, oneLessX: number): number => (x < 0.5 ? Math.log(x) : Math.log1p(-oneLessX));

const notZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** Halves the bracket until no number is left between its ends: slow, sure, and needed a few times a report. */
function findRoot(difference: (x: number) => number, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (difference(middle) < 0) low = middle;
    else high = middle;
  }
}

function checkProbability(probability: number): void {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`${probability} is no probability`);
}

function checkDegrees(degrees: number): void {
  if (!(degrees > 0 && degrees < Infinity))
    throw new RangeError(`${degrees} is no number of degrees of freedom`);
}
