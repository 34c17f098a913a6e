import type { Response } from 'express';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { rawRoute } from '../../http/route.ts';
import type { Principal, RawRoute, Route } from '../../http/route.ts';
import { drawQrCode } from '../card/qr-code.ts';

interface PageFile {
  body: Buffer;
  etag: string;
  type: string;
}

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

const page = (name: string) => load(HTML, [name]);
const script = (name: string) => load(SCRIPT, [name]);

const assets: Record<string, PageFile> = {
  '/assets/desk.css': load('text/css; charset=utf-8', ['../style.css', 'desk.css']),
  '/assets/api.js': script('api.js'),
  '/assets/setup.js': script('setup.js'),
  '/assets/sign-in.js': script('sign-in.js'),
  '/assets/desk.js': script('desk.js'),
};
const setupPage = page('setup.html');
const signInPage = page('sign-in.html');
const deskPage = page('desk.html');

/** The built page that every address of the desk answers with. */
const SHELL = join(import.meta.dirname, '..', '..', '..', 'dist', 'desk', 'index.html');
/** Addresses of the desk have at most this many parts: `/desk/customers/{id}`. */
const DEPTHS = ['/desk/{area}', '/desk/{area}/{subject}', '/desk/{area}/{subject}/{part}'];

/** Set-up, sign-in and the owner's desk. The pages hold nothing; what they show, they ask the API for. */
export function dashboardRoutes(parts: { isSetUp(): Promise<boolean> }): Route[] {
  return [
    pageRoute('/', 'Where to go first', async (_principal, response) => {
      response.redirect((await parts.isSetUp()) ? '/desk' : '/setup');
    }),
    pageRoute('/setup', 'The set-up page', async (_principal, response) => {
      if (await parts.isSetUp()) response.redirect('/desk');
      else sendFile(response, setupPage);
    }),
    pageRoute('/sign-in', 'The sign-in page', async (_principal, response) => sendFile(response, signInPage)),
    pageRoute('/desk', 'The owner’s desk', async (principal, response) => {
      if (isAtDesk(principal)) sendFile(response, deskPage);
      else response.redirect((await parts.isSetUp()) ? '/sign-in' : '/setup');
    }),
    rawRoute({
      method: 'get',
      path: '/desk/enrolment.svg',
      summary: 'A till’s enrolment link as a QR code',
      tag: 'Pages',
      audience: ['manager', 'owner'],
      needsDesk: true,
      produces: 'image/svg+xml',
      query: z.object({ code: z.string().regex(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/) }),
      handle: async ({ query, response, publicUrl }) => {
        const picture = await drawQrCode(`${publicUrl}/till/?enrol=${query.code}`);
        response.set('Cache-Control', 'no-store').type('image/svg+xml').send(picture.text);
      },
    }),
    ...DEPTHS.map((path) =>
      pageRoute(path, 'A page of the owner’s desk', async (principal, response) => {
        if (isAtDesk(principal)) await sendShell(response);
        else response.redirect((await parts.isSetUp()) ? signInFor(response.req.originalUrl) : '/setup');
      }),
    ),
    ...Object.entries(assets).map(([path, file]) =>
      pageRoute(
        path,
        'Part of the desk',
        async (_principal, response) => sendFile(response, file),
        file.type,
      ),
    ),
  ];
}

function pageRoute(
  path: string,
  summary: string,
  handle: (principal: Principal, response: Response) => Promise<void>,
  produces = HTML,
): Route {
  const route: Omit<RawRoute, 'kind'> = {
    method: 'get',
    path,
    summary,
    tag: 'Pages',
    audience: ['anonymous'],
    produces,
    handle: ({ principal, response }) => handle(principal, response),
  };
  return rawRoute(route as Parameters<typeof rawRoute>[0]);
}

/** Signing in leads back to where somebody wanted to go. */
function signInFor(address: string): string {
  return `/sign-in?next=${encodeURIComponent(address)}`;
}

/** Read each time: a build of a moment ago is what people see. */
async function sendShell(response: Response): Promise<void> {
  const body = await readFile(SHELL);
  sendFile(response, { body, etag: `"${hash('sha256', body, 'hex').slice(0, 16)}"`, type: HTML });
}

function isAtDesk(principal: Principal): boolean {
  return principal.kind === 'staff' && principal.place === null;
}

/** Asked for again each time, and sent only when it changed: after an update nobody sees an old page. */
function sendFile(response: Response, { body, etag, type }: PageFile): void {
  response.set({ 'Cache-Control': 'no-cache', ETag: etag, 'Content-Type': type });
  if (response.req.get('if-none-match') === etag) response.status(304).end();
  else response.send(body);
}

function load(type: string, names: readonly string[]): PageFile {
  const body = Buffer.concat(names.map((name) => readFileSync(join(import.meta.dirname, name))));
  return { body, etag: `"${hash('sha256', body, 'hex').slice(0, 16)}"`, type };
}
