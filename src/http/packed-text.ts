import type { Request, Response } from 'express';
import { gzipSync } from 'node:zlib';

/** A text that many ask for, made once: all answers that wait to be read share its bytes. */
export interface PackedText {
  body: Buffer;
  /** By gzip: brotli weighs a tenth less, but browsers only take it over https, and a shop may start without. */
  compressed: Buffer;
}

export function packText(text: string | Buffer): PackedText {
  return { body: Buffer.from(text), compressed: gzipSync(text) };
}

/** Answers with it, packed for whoever can unpack it. Its type and how long it may be kept are set before. */
export function sendPacked(request: Request, response: Response, { body, compressed }: PackedText): void {
  response.vary('Accept-Encoding');
  if (request.acceptsEncodings('gzip')) response.set('Content-Encoding', 'gzip').send(compressed);
  else response.send(body);
}
