import type { Response } from 'express';
import * as z from 'zod';
import type { ApiDocument } from '../../http/openapi.ts';
import { rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { referenceStyle } from './reference-frame.ts';
import { renderProblems } from './render-problems.ts';
import { renderReference } from './render-reference.ts';

/** The API for people. Each page is made when it is first asked for. */
export function referenceRoutes(document: () => ApiDocument): Route[] {
  const shared = { method: 'get', tag: 'Reference', audience: ['anonymous'] } as const;
  let reference: string | undefined;
  let explained: string | undefined;
  return [
    rawRoute({
      ...shared,
      path: '/api',
      summary: 'This reference',
      produces: 'text/html',
      async handle({ response, publicUrl }) {
        sendPage(response, (reference ??= renderReference({ document: document(), publicUrl })));
      },
    }),
    rawRoute({
      ...shared,
      path: '/api/problems',
      summary: 'Every reason for “no”, explained',
      produces: 'text/html',
      async handle({ response }) {
        sendPage(response, (explained ??= renderProblems(document())));
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

function sendPage(response: Response, page: string): void {
  response.set('Cache-Control', 'public, max-age=300').type('html').send(page);
}
