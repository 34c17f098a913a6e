import { requireFresh } from '../../http/identify.ts';
import { actorOf, MANAGERS, rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { readSecondFactorLink } from '../../operations/second-factor.ts';
import { drawQrCode } from '../card/qr-code.ts';

/**
 * The secret of a second factor that is being set up, as a QR code. Drawn from what is kept and not from the address,
 * where it would end up in logs; never again once it is on.
 */
export const secondFactorPicture = (parts: {
  readSecondFactorLink: ReturnType<typeof readSecondFactorLink>;
  now(): Date;
}): Route =>
  rawRoute({
    method: 'get',
    path: '/desk/second-factor.svg',
    summary: 'The secret of a second factor that is being set up, as a QR code',
    tag: 'Pages',
    audience: MANAGERS,
    needsDesk: true,
    produces: 'image/svg+xml',
    refusals: ['second-factor-not-begun', 'fresh-sign-in-needed'],
    handle: async ({ principal, response }) => {
      const stale = requireFresh(principal, parts.now());
      if (stale) return stale;
      const begun = await parts.readSecondFactorLink(actorOf(principal));
      if ('refused' in begun) return begun;
      const picture = await drawQrCode(begun.link);
      response.set('Cache-Control', 'no-store').type('image/svg+xml').send(picture.text);
      return undefined;
    },
  });
