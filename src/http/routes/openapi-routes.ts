import { describeApi } from '../openapi.ts';
import type { ApiDocument } from '../openapi.ts';
import { packText, sendPacked } from '../packed-text.ts';
import type { PackedText } from '../packed-text.ts';
import { rawRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** The document of a whole route table, these routes included; made once, when it is first asked for. */
export function lazyApiDocument(routes: () => readonly Route[], version: string): () => ApiDocument {
  let document: ApiDocument | undefined;
  return () => (document ??= describeApi(routes(), version));
}

export function openapiRoutes(document: () => ApiDocument): Route[] {
  let text: PackedText | undefined;
  return [
    rawRoute({
      method: 'get',
      path: '/api/openapi.json',
      summary: 'The API as an OpenAPI 3.1 document',
      tag: 'Reference',
      audience: ['anonymous'],
      produces: 'application/json',
      async handle({ request, response }) {
        text ??= packText(JSON.stringify(document()));
        sendPacked(
          request,
          response.set('Cache-Control', 'public, max-age=300').type('application/json'),
          text,
        );
      },
    }),
  ];
}
