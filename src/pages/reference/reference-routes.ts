import type { Request, Response } from 'express';
import * as z from 'zod';
import type { ApiDocument } from '../../http/openapi.ts';
import { packText, sendPacked } from '../../http/packed-text.ts';
import type { PackedText } from '../../http/packed-text.ts';
import { rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { referenceStyle } from './reference-frame.ts';
import { renderProblems } from './render-problems.ts';
import { renderReference } from './render-reference.ts';

/** The API for people. Each page is made when it is first asked for. */
export function referenceRoutes(document: () => ApiDocument): Route[] {
  const shared = { method: 'get', tag: 'Reference', audience: ['anonymous'] } as const;
  let reference: PackedText | undefined;
  let explained: PackedText | undefined;
  return [
    rawRoute({
      ...shared,
      path: '/api',
      summary: 'This reference',
      produces: 'text/html',
      async handle({ request, response, publicUrl }) {
        reference ??= packText(renderReference({ document: document(), publicUrl }));
        sendPage(request, response, reference);
      },
    }),
    rawRoute({
      ...shared,
      path: '/api/problems',
      summary: 'Every reason for “no”, explained',
      produces: 'text/html',
      async handle({ request, response }) {
        explained ??= packText(renderProblems(document()));
        sendPage(request, response, explained);
      },
    }),
    rawRoute({
      ...shared,
      path: '/assets/reference.css',
      summary: 'The look of the reference',
      query: z.object({ v: z.string().max(64).optional() }),
      produces: 'text/css',
      async handle({ response }) {
        response.set('Cache-Control', 'public, max-age=31536000, immutable').type('css').send(referenceStyle);
      },
    }),
  ];
}

function sendPage(request: Request, response: Response, page: PackedText): void {
  sendPacked(request, response.set('Cache-Control', 'public, max-age=300').type('html'), page);
}
