import { and, eq } from 'drizzle-orm';
import type { Queries, Tables } from '../database.ts';

export type PictureRow = Tables['pictures']['$inferSelect'];

export function insertPicture(tx: Queries, picture: PictureRow) {
  return tx.query((db, { pictures }) => db.insert(pictures).values(picture));
}

export async function findPicture(
  tx: Queries,
  { merchantId, pictureId }: { merchantId: string; pictureId: string },
): Promise<PictureRow | undefined> {
  const rows = await tx.query((db, { pictures }) =>
    db
      .select()
      .from(pictures)
      .where(and(eq(pictures.merchantId, merchantId), eq(pictures.pictureId, pictureId))),
  );
  return rows[0];
}

/** Whether it is there, without the picture itself. */
export async function hasPicture(
  tx: Queries,
  { merchantId, pictureId }: { merchantId: string; pictureId: string },
): Promise<boolean> {
  const rows = await tx.query((db, { pictures }) =>
    db
      .select({ pictureId: pictures.pictureId })
      .from(pictures)
      .where(and(eq(pictures.merchantId, merchantId), eq(pictures.pictureId, pictureId))),
  );
  return rows.length > 0;
}
