/** A promise of docs and design, and how it is tried. */
export interface Proof {
  /** What `npm run prove -- NAME` calls it. */
  name: string;
  promise: string;
  run(bench: ProofBench): Promise<Verdict>;
}

/** What every proof finds ready. */
export interface ProofBench {
  /** The long form, for a night; otherwise one for a coffee break. */
  isLong: boolean;
  /** Makes a folder that is removed when the proof is over. */
  makeFolder: () => string;
  /** Makes an empty database in a real PostgreSQL, which is dropped when the proof is over. */
  createPostgres: () => Promise<string>;
}

export interface Verdict {
  /** What was counted or measured. */
  figure: string;
  /** Whether the promise held; null when it could not be tried here, which proves nothing. */
  holds: boolean | null;
}
