import type { Request } from 'express';
import * as z from 'zod';
import type { addPicture, readPicture } from '../../operations/pictures.ts';
import { actorOf, OWNERS, rawRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { idSchema } from './till-schemas.ts';

/** A photograph of a phone, made smaller by the desk before it is sent. */
const MAX_PICTURE_BYTES = 400 * 1024;
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];

export const pictureSchema = z
  .object({ pictureId: idSchema })
  .meta({ id: 'Picture', description: 'A logo, or the picture of a stamp card' });

interface PictureOperations {
  addPicture: ReturnType<typeof addPicture>;
  readPicture: ReturnType<typeof readPicture>;
}

export const pictureRoutes = (operations: PictureOperations): Route[] => [
  rawRoute({
    method: 'post',
    path: '/api/v1/pictures',
    summary: 'Keep a logo or a picture for a stamp card',
    description: `The body is the file itself, of ${MAX_PICTURE_BYTES / 1024} kB at most.`,
    tag: 'Settings',
    audience: OWNERS,
    needsDesk: true,
    consumes: TYPES,
    produces: 'application/json',
    answer: pictureSchema,
    refusals: ['picture-unreadable', 'too-large', 'wrong-media-type'],
    handle: async ({ principal, request, response }) => {
      if (!request.is(TYPES) || request.get('content-encoding'))
        return { refused: 'wrong-media-type', detail: `Send the file as it is: ${TYPES.join(', ')}` };
      const bytes = await readBytes(request);
      if (!bytes) return { refused: 'too-large' };
      const added = await operations.addPicture(actorOf(principal), { bytes });
      if ('refused' in added) return added;
      response.json(added);
      return undefined;
    },
  }),
  rawRoute({
    method: 'get',
    path: '/pictures/{merchantId}/{pictureId}',
    summary: 'A logo, or the picture of a stamp card',
    tag: 'Card page',
    audience: ['anonymous'],
    params: z.object({ merchantId: idSchema, pictureId: idSchema }),
    produces: 'image/*',
    refusals: ['picture-unknown'],
    handle: async ({ params, response }) => {
      const picture = await operations.readPicture(params);
      if ('refused' in picture) return picture;
      // Another picture has another address, so this one may be kept for ever.
      response.set({
        'Cache-Control': 'public, max-age=31536000, immutable',
        'Content-Type': picture.mediaType,
      });
      response.send(picture.bytes);
      return undefined;
    },
  }),
];

/** The whole body; undefined when it is larger than a picture may be. */
async function readBytes(request: Request): Promise<Buffer | undefined> {
  if (Number(request.get('content-length') ?? 0) > MAX_PICTURE_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_PICTURE_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
