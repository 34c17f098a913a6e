import { and, eq } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Tables } from '../database.ts';

/** Joins a card with the version of its program that its stamps are collected under. */
export const versionOfCard = ({
  cards,
  programVersions,
}: Pick<Tables, 'cards' | 'programVersions'>): SQL | undefined =>
  and(
    eq(programVersions.merchantId, cards.merchantId),
    eq(programVersions.programId, cards.programId),
    eq(programVersions.version, cards.programVersion),
  );
