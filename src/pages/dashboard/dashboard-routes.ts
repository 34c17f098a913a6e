import type { Response } from 'express';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { MANAGERS, rawRoute } from '../../http/route.ts';
import type { Principal, RawRoute, RawStatus, Route } from '../../http/route.ts';
import { drawQrCode } from '../card/qr-code.ts';

const HTML = 'text/html; charset=utf-8';
/** The built page that set-up, sign-in and every address of the desk answer with. */
const SHELL = join(import.meta.dirname, '..', '..', '..', 'dist', 'desk', 'index.html');
/** Addresses of the desk have at most this many parts: `/desk/customers/{id}`. */
const DEPTHS = ['/desk', '/desk/{area}', '/desk/{area}/{subject}', '/desk/{area}/{subject}/{part}'];

/** Set-up, sign-in and the owner’s desk. The page holds nothing; what it shows, it asks the API for. */
export function dashboardRoutes(parts: { isSetUp(): Promise<boolean> }): Route[] {
  return [
    pageRoute('/', 'Where to go first', [303], async (_principal, response) => {
      response.redirect(303, (await parts.isSetUp()) ? '/desk' : '/setup');
    }),
    pageRoute('/setup', 'The set-up page', [200, 303, 304], async (_principal, response) => {
      if (await parts.isSetUp()) response.redirect(303, '/desk');
      else await sendShell(response);
    }),
    pageRoute('/sign-in', 'The sign-in page', [200, 304], (_principal, response) => sendShell(response)),
    rawRoute({
      method: 'get',
      path: '/desk/enrolment.svg',
      summary: 'A till’s enrolment link as a QR code',
      tag: 'Pages',
      audience: MANAGERS,
      needsDesk: true,
      produces: 'image/svg+xml',
      query: z.object({ code: z.string().regex(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) }),
      handle: async ({ query, response, publicUrl }) => {
        const picture = await drawQrCode(`${publicUrl}/till/?enrol=${query.code}`);
        response.set('Cache-Control', 'no-store').type('image/svg+xml').send(picture.text);
      },
    }),
    ...DEPTHS.map((path) =>
      pageRoute(path, 'A page of the owner’s desk', [200, 303, 304], async (principal, response) => {
        if (isAtDesk(principal)) await sendShell(response);
        else response.redirect(303, (await parts.isSetUp()) ? signInFor(response.req.originalUrl) : '/setup');
      }),
    ),
  ];
}

function pageRoute(
  path: string,
  summary: string,
  statuses: readonly RawStatus[],
  handle: (principal: Principal, response: Response) => Promise<void>,
): Route {
  const route: Omit<RawRoute, 'kind'> = {
    method: 'get',
    path,
    summary,
    tag: 'Pages',
    audience: ['anonymous'],
    produces: HTML,
    statuses,
    handle: ({ principal, response }) => handle(principal, response),
  };
  return rawRoute(route as Parameters<typeof rawRoute>[0]);
}

/** Signing in leads back to where somebody wanted to go. */
function signInFor(address: string): string {
  return address === '/desk' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(address)}`;
}

function isAtDesk(principal: Principal): boolean {
  return principal.kind === 'staff' && principal.place === null;
}

/** Read each time, and sent only when it changed: after an update nobody sees an old page. */
async function sendShell(response: Response): Promise<void> {
  const body = await readFile(SHELL);
  const etag = `"${hash('sha256', body, 'hex').slice(0, 16)}"`;
  response.set({ 'Cache-Control': 'no-cache', ETag: etag, 'Content-Type': HTML });
  if (response.req.get('if-none-match') === etag) response.status(304).end();
  else response.send(body);
}
