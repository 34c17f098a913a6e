/** Numbers that grow by one column at a time, in memory that a worker can read without a copy. */
export class GrowingColumn {
  #values: Float64Array<SharedArrayBuffer> = new Float64Array(new SharedArrayBuffer(8 * 1_024));
  #length = 0;

  push(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) {
      const larger = new Float64Array(new SharedArrayBuffer(8 * Math.max(length, 2 * this.#values.length)));
      larger.set(this.#values.subarray(0, this.#length));
      this.#values = larger;
    }
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  get(place: number): number {
    return this.#values[place]!;
  }

  set(place: number, value: number): void {
    this.#values[place] = value;
  }

  /** The first `count` of them; shared, not copied. */
  first(count: number): Float64Array<SharedArrayBuffer> {
    return this.#values.subarray(0, count);
  }
}
