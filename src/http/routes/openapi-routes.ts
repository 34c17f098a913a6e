import { describeApi } from '../openapi.ts';
import type { ApiDocument } from '../openapi.ts';
import { rawRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** The document of a whole route table, these routes included; made once, when it is first asked for. */
export function lazyApiDocument(routes: () => readonly Route[], version: string): () => ApiDocument {
  let document: ApiDocument | undefined;
  return () => (document ??= describeApi(routes(), version));
}

export function openapiRoutes(document: () => ApiDocument): Route[] {
  let text: string | undefined;
  return [
    rawRoute({
      method: 'get',
      path: '/api/openapi.json',
      summary: 'The API as an OpenAPI 3.1 document',
      tag: 'Reference',
      audience: ['anonymous'],
      produces: 'application/json',
      async handle({ response }) {
        text ??= JSON.stringify(document());
        response.set('Cache-Control', 'public, max-age=300').type('application/json').send(text);
      },
    }),
  ];
}
