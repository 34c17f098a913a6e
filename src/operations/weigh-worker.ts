import { parentPort } from 'node:worker_threads';
import { basisOf } from '../evidence/estimate.ts';
import type { Basis } from '../evidence/residualise.ts';
import { weighSeason } from '../evidence/weigh-season.ts';
import type { WeighRequest } from './weigh-in-worker.ts';

/** Of the season weighed last: when only outcomes have changed, x need not be worked out again. */
let kept: { key: string; basis: Basis } | undefined;

parentPort!.on('message', ({ id, key, draws, plan }: WeighRequest & { id: number }) => {
  try {
    if (kept?.key !== key) kept = { key, basis: basisOf(draws.x) };
    parentPort!.postMessage({ id, evidence: weighSeason({ ...draws, x: kept.basis }, plan) });
  } catch (error) {
    parentPort!.postMessage({ id, error });
  }
});
