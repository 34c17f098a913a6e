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
    const left = Float64Array.from(column);
    const whole = Math.sqrt(dot(left, left));
    for (const direction of basis.columns) takeOut(left, direction);
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
  const left = Float64Array.from(column);
  for (const direction of columns) takeOut(left, direction);
  return left;
}

function takeOut(from: Float64Array, direction: Float64Array): void {
  const amount = dot(from, direction);
  for (let row = 0; row < from.length; row++) from[row]! -= amount * direction[row]!;
}

/** Σ a b, in four sums: quicker, and rounded less. */
export function dot(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let row = 0; row < whole; row += 4) {
    s0 += a[row]! * b[row]!;
    s1 += a[row + 1]! * b[row + 1]!;
    s2 += a[row + 2]! * b[row + 2]!;
    s3 += a[row + 3]! * b[row + 3]!;
  }
  for (let row = whole; row < a.length; row++) s0 += a[row]! * b[row]!;
  return s0 + s1 + (s2 + s3);
}
