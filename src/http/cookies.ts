import type { CookieOptions, Request, Response } from 'express';

/**
 * The cookie of the owner's desk. `__Host-` binds it to this host over https; without https a browser would not keep
 * it (Safari not even on localhost), so there it is plain.
 */
export function deskCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-doublestamp' : 'doublestamp';
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}

function options(publicUrl: string): CookieOptions {
  return { httpOnly: true, secure: isSecure(publicUrl), sameSite: 'lax', path: '/' };
}

export function readDeskCookie(request: Request, publicUrl: string): string | undefined {
  return readCookie(request, deskCookieName(publicUrl));
}

function readCookie(request: Request, name: string): string | undefined {
  const header = request.headers.cookie;
  if (!header) return undefined;
  const start = `${name}=`;
  for (const pair of header.split(';')) {
    const trimmed = pair.trim();
    if (trimmed.startsWith(start)) return trimmed.slice(start.length);
  }
  return undefined;
}

export function setDeskCookie(
  response: Response,
  { publicUrl, token, expiresAt }: { publicUrl: string; token: string; expiresAt: Date },
): void {
  response.cookie(deskCookieName(publicUrl), token, { ...options(publicUrl), expires: expiresAt });
}

/** Stays after a sign-out: who signed in here before is no stranger; see `KnownBrowser`. */
function knownBrowserName(publicUrl: string): string {
  return `${deskCookieName(publicUrl)}-browser`;
}

export function readKnownBrowserCookie(request: Request, publicUrl: string): string | undefined {
  return readCookie(request, knownBrowserName(publicUrl));
}

export function setKnownBrowserCookie(
  response: Response,
  { publicUrl, token, expiresAt }: { publicUrl: string; token: string; expiresAt: Date },
): void {
  response.cookie(knownBrowserName(publicUrl), token, { ...options(publicUrl), expires: expiresAt });
}

export function clearDeskCookie(response: Response, publicUrl: string): void {
  response.clearCookie(deskCookieName(publicUrl), options(publicUrl));
}
