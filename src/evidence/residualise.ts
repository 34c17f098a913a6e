/** A column of numbers, one for each visit. Typed arrays are quickest. */
export type Column = ArrayLike<number>;

export interface Basis {
  /** Columns of length 1 at right angles to each other, that together reach all that x reaches. */
  columns: Float64Array[];
  /** Places in x of columns left out because those before them already say the same. */
  droppedColumns: number[];
}

/** How much of a column must be left, when those before it are taken out, for it to say something of its own. */
const COLLINEAR_BELOW = 1e-9;

/**
 * An orthonormal basis of the columns of x (modified Gram–Schmidt, the QR decomposition that needs nothing but whole
 * columns; as accurate for least squares as Householder's when the right-hand sides are taken along: Björck 1967). A
 * column that the earlier ones add up to is dropped and said so. O(n k²) time, n k numbers of memory.
 */
export function buildBasis(x: readonly Column[]): Basis {
  const basis: Basis = { columns: [], droppedColumns: [] };
  for (const [place, column] of x.entries()) {
    const left = new Float64Array(column);
    const whole = Math.sqrt(dot(left, left));
    takeOutAll(left, basis.columns);
    const length = Math.sqrt(dot(left, left));
    if (!(length > whole * COLLINEAR_BELOW)) {
      basis.droppedColumns.push(place);
      continue;
    }
    for (let row = 0; row < left.length; row++) left[row]! /= length;
    basis.columns.push(left);
  }
  return basis;
}

/** What least squares on x leaves of a column. */
export function residualise(column: Column, { columns }: Pick<Basis, 'columns'>): Float64Array {
  const left = new Float64Array(column);
  takeOutAll(left, columns);
  return left;
}

/** Takes out one direction after the other, and measures the next on the way: one walk through memory for each. */
function takeOutAll(from: Float64Array, directions: readonly Float64Array[]): void {
  if (directions.length === 0) return;
  let amount = dot(from, directions[0]!);
  for (let place = 0; place < directions.length; place++)
    amount = takeOut(from, { direction: directions[place]!, amount, next: directions[place + 1] ?? from });
}

/** Subtracts `amount` of `direction`, and answers with Σ of what is left times `next`. */
function takeOut(
  from: Float64Array,
  { direction, amount, next }: { direction: Float64Array; amount: number; next: Float64Array },
): number {
  const rows = from.length;
  const whole = rows - (rows % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let row = 0; row < whole; row += 4) {
    s0 += (from[row] = from[row]! - amount * direction[row]!) * next[row]!;
    s1 += (from[row + 1] = from[row + 1]! - amount * direction[row + 1]!) * next[row + 1]!;
    s2 += (from[row + 2] = from[row + 2]! - amount * direction[row + 2]!) * next[row + 2]!;
    s3 += (from[row + 3] = from[row + 3]! - amount * direction[row + 3]!) * next[row + 3]!;
  }
  for (let row = whole; row < rows; row++)
    s0 += (from[row] = from[row]! - amount * direction[row]!) * next[row]!;
  return s0 + s1 + (s2 + s3);
}

/** Σ a b, in four sums: quicker, and rounded less. */
export function dot(a: Float64Array, b: Float64Array): number {
  const rows = a.length;
  const whole = rows - (rows % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let row = 0; row < whole; row += 4) {
    s0 += a[row]! * b[row]!;
    s1 += a[row + 1]! * b[row + 1]!;
    s2 += a[row + 2]! * b[row + 2]!;
    s3 += a[row + 3]! * b[row + 3]!;
  }
  for (let row = whole; row < rows; row++) s0 += a[row]! * b[row]!;
  return s0 + s1 + (s2 + s3);
}
