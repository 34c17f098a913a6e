import * as z from 'zod';
import { rawRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { answerHead, sendFile } from '../../http/send-file.ts';
import { idSchema } from '../../http/routes/till-schemas.ts';
import type { readPublicSeason, streamSeasonDraws } from '../../operations/read-season-draws.ts';
import { renderSorryPage } from '../card/render-sorry-page.ts';
import { renderDrawsPage } from './render-draws-page.ts';

interface DrawsParts {
  readPublicSeason: ReturnType<typeof readPublicSeason>;
  streamSeasonDraws: ReturnType<typeof streamSeasonDraws>;
}

/** The sealed draws, for everybody: that nobody could choose who is treated can be checked by anybody. */
export const drawsRoutes = (parts: DrawsParts): Route[] => [
  rawRoute({
    method: 'get',
    path: '/draws/{seasonId}',
    summary: 'A season’s sealed draw',
    description:
      'The hash of its key from the first day; once it has ended the key, and every draw drawn again.',
    tag: 'Pages',
    audience: ['anonymous'],
    params: z.object({ seasonId: idSchema }),
    produces: 'text/html; charset=utf-8',
    statuses: [200, 404],
    handle: async ({ params, response }) => {
      const season = await parts.readPublicSeason(params);
      const isThere = !('refused' in season);
      response.status(isThere ? 200 : 404).type('html');
      response.send(isThere ? renderDrawsPage(season) : renderSorryPage('unknownPage'));
    },
  }),
  rawRoute({
    method: 'get',
    path: '/draws/{seasonId}/draws.csv',
    summary: 'Every draw of a season that has ended',
    tag: 'Pages',
    audience: ['anonymous'],
    params: z.object({ seasonId: idSchema }),
    produces: 'text/csv',
    refusals: ['season-unknown'],
    handle: async ({ params, response }) => {
      const lines = await parts.streamSeasonDraws(params);
      if ('refused' in lines) return lines;
      if (answerHead(response, 'csv')) return undefined;
      return sendFile(response, { name: `draws-${params.seasonId}.csv`, format: 'csv', parts: lines });
    },
  }),
];
