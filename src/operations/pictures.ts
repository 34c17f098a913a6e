import { v7 as uuid } from 'uuid';
import type { Database } from '../../db/database.ts';
import { findPicture, insertPicture } from '../../db/queries/picture-queries.ts';
import type { Clock } from '../clock.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './append-audit.ts';

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

/** How each kind of picture begins, in hexadecimal; what it is called is the sender's word only. */
const BEGINNINGS: [PictureType, RegExp][] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/webp', /^52494646.{8}57454250/],
];

/** Keeps a logo or the picture of a stamp card. Drawings (SVG) are refused: they may carry a script. */
export const addPicture =
  (db: Database, clock: Clock) =>
  async (
    actor: Actor,
    { bytes }: { bytes: Buffer },
  ): Promise<{ pictureId: string } | { refused: 'picture-unreadable' }> => {
    const mediaType = typeOf(bytes);
    if (!mediaType) return { refused: 'picture-unreadable' };
    const { merchantId, staffId } = actor;
    const now = clock.now();
    const pictureId = uuid();
    const content = bytes.toString('base64');
    return db.transact(async (tx) => {
      await insertPicture(tx, { merchantId, pictureId, mediaType, content, createdAt: now });
      await appendAudit(tx, {
        merchantId,
        at: now,
        staffId,
        action: 'picture.added',
        subjectId: pictureId,
        details: { mediaType, bytes: bytes.length },
      });
      return { pictureId };
    });
  };

/** A picture for whoever knows its address: it is printed on the customers' cards. */
export const readPicture =
  (db: Database) =>
  async (asked: {
    merchantId: string;
    pictureId: string;
  }): Promise<{ mediaType: string; bytes: Buffer } | { refused: 'picture-unknown' }> => {
    const picture = await db.read((queries) => findPicture(queries, asked));
    if (!picture) return { refused: 'picture-unknown' };
    return { mediaType: picture.mediaType, bytes: Buffer.from(picture.content, 'base64') };
  };

function typeOf(bytes: Buffer): PictureType | undefined {
  const start = bytes.subarray(0, 16).toString('hex');
  return BEGINNINGS.find(([, beginning]) => beginning.test(start))?.[0];
}
