import { Validator } from '@seriousme/openapi-schema-validator';
import type { Express } from 'express';
import { beforeAll, expect, test } from 'vitest';
import { exampleValue } from '../../src/http/example-value.ts';
import type { Schema } from '../../src/http/example-value.ts';
import { describeApi, operationIdOf, refusalsOf, tagDescriptions } from '../../src/http/openapi.ts';
import type { ApiDocument } from '../../src/http/openapi.ts';
import { problems } from '../../src/http/problem.ts';
import { jsonRoute } from '../../src/http/route.ts';
import type { Route } from '../../src/http/route.ts';
import * as z from 'zod';
import { useDatabase } from '../support/databases.ts';
import { wholeApp } from './whole-app.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const database = useDatabase();
let routes: Route[];
let app: Express;
let document: ApiDocument;
beforeAll(async () => {
  ({ routes, app } = wholeApp(database.db));
  document = describeApi(routes, '1.2.3');
});

interface Operation {
  operationId: string;
  parameters?: ({ in: string; name: string } & { $ref?: string })[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Schema }> }>;
}

function operations(): { address: string; operation: Operation }[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      address: `${method} ${path}`,
      operation,
    })),
  );
}

/** What Express would answer, read from its own router; `:code` as OpenAPI writes it, `{code}`. */
function registeredWith(express: Express): string[] {
  const { stack } = express.router as unknown as {
    stack: { route?: { path: string; methods: Record<string, boolean> } }[];
  };
  return stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`)
      : [],
  );
}

test('an independent validator finds nothing wrong with the OpenAPI document', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>);
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('the validator would find something wrong', async () => {
  const broken = structuredClone(document) as unknown as { paths: Record<string, { get: object }> };
  broken.paths['/healthz']!.get = { responses: { ok: 'fine' } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test('what the server answers and what the document promises are the same addresses', () => {
  const promised = operations().map(({ address }) => address);
  expect(promised.length).toBeGreaterThan(40);
  expect(registeredWith(app).toSorted()).toEqual(promised.toSorted());
});

test('every address with a place to fill in may be refused for what stands there, and the document says so', () => {
  const silent = operations().filter(
    ({ address, operation }) => address.includes('{') && !operation.responses['400'],
  );
  expect(silent).toEqual([]);
});

test('an address that is registered behind the route table’s back is noticed', () => {
  const other = wholeApp(database.db).app;
  other.get('/back-door', (_request, response) => void response.end());
  const promised = new Set(operations().map(({ address }) => address));
  expect(registeredWith(other).filter((address) => !promised.has(address))).toEqual(['get /back-door']);
});

test('no address is declared twice, and every operation has a name of its own', () => {
  const addresses = routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
  expect(addresses).toEqual([...new Set(addresses)]);
  const names = routes.map(operationIdOf);
  expect(names).toEqual([...new Set(names)]);
  expect(names.filter((name) => !/^[a-z][A-Za-z0-9]+$/.test(name))).toEqual([]);
});

test('every route says what it is for, to whom it answers, and in which group it belongs', () => {
  const silent = routes.filter(
    ({ summary, audience, tag, method }) =>
      summary.trim() === '' || audience.length === 0 || !tagDescriptions[tag] || !METHODS.includes(method),
  );
  expect(silent.map(({ method, path, tag }) => `${method} ${path} (${tag})`)).toEqual([]);
});

test('every reason for “no” is one that is explained', () => {
  const unknown = routes.flatMap(refusalsOf).filter((name) => !(name in problems));
  expect(unknown).toEqual([]);
});

test('that the database may not answer is told of every route', () => {
  const silent = operations().filter(({ operation }) => !operation.responses['503']);
  expect(silent.map(({ address }) => address)).toEqual([]);
});

test('whoever writes a till is led by addresses that are there', () => {
  const named = [...document.info.description!.matchAll(/`([A-Z]+) (\/api\/v1\/\S+)`/g)];
  const addresses = named.map(([, method, path]) => `${method!.toLowerCase()} ${path}`);
  expect(addresses.length).toBeGreaterThan(5);
  const there = new Set(operations().map(({ address }) => address));
  expect(addresses.filter((address) => !there.has(address))).toEqual([]);
});

test('every placeholder in an address is described, and nothing else', () => {
  const wrong = operations().filter(({ address, operation }) => {
    const placeholders = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    const described = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
    return new Set(placeholders).symmetricDifference(new Set(described)).size > 0;
  });
  expect(wrong.map(({ address }) => address)).toEqual([]);
});

test('nothing in the document refers to something that is not there', () => {
  const references: string[] = [];
  walk(document, (node) => {
    if (typeof node['$ref'] === 'string') references.push(node['$ref']);
  });
  expect(references.length).toBeGreaterThan(50);
  const lost = references.filter((reference) => {
    const parts = reference.split('/').slice(1);
    return !parts.reduce<unknown>(
      (node, part) => (node as Record<string, unknown> | undefined)?.[part],
      document,
    );
  });
  expect(lost).toEqual([]);
});

test('what tills send again and again carries an Idempotency-Key; nothing else asks for one', () => {
  const asking = operations().filter(({ operation }) =>
    (operation.parameters ?? []).some(({ $ref }) => $ref === '#/components/parameters/IdempotencyKey'),
  );
  const repeatable = routes
    .filter(({ kind }) => kind === 'repeatable')
    .map(({ method, path }) => `${method} ${path}`);
  expect(repeatable.length).toBeGreaterThan(5);
  expect(asking.map(({ address }) => address).toSorted()).toEqual(repeatable.toSorted());
});

test('whatever is sent has a limit, so nothing that fits the document overflows a column', () => {
  const unlimited: string[] = [];
  for (const { address, operation } of operations()) {
    const sent = [
      ...Object.entries(operation.requestBody?.content ?? {})
        .filter(([type]) => type === 'application/json')
        .map(([, { schema }]) => schema),
      ...(operation.parameters ?? []).filter((one) => one.in === 'query'),
    ];
    for (const schema of sent)
      for (const fault of findUnlimited(schema as Schema, '')) unlimited.push(`${address} ${fault}`);
  }
  expect(unlimited).toEqual([]);
});

test('the examples are accepted by the routes they are for', () => {
  const wrong = routes.flatMap((route) => {
    if (!route.body) return [];
    const { operation } = operations().find(({ address }) => address === `${route.method} ${route.path}`)!;
    const { schema } = operation.requestBody!.content['application/json']!;
    const parsed = (route.body as z.ZodType).safeParse(exampleValue(document, schema));
    return parsed.success ? [] : [`${route.method} ${route.path}: ${z.prettifyError(parsed.error)}`];
  });
  expect(wrong).toEqual([]);
});

test('two shapes cannot go by one name', () => {
  const route = (path: string, answer: z.ZodType) =>
    jsonRoute({
      method: 'get',
      path,
      summary: 'x',
      tag: 'x',
      audience: ['anonymous'],
      status: 200,
      answer,
      handle: async () => ({}),
    });
  const one = z.object({ a: z.string() }).meta({ id: 'SameName' });
  const otherOfThatName = () => z.object({ b: z.int() }).meta({ id: 'SameName' });
  expect(() => describeApi([route('/one', one), route('/other', otherOfThatName())], '1.2.3')).toThrow(
    /SameName/,
  );
});

function walk(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) visit(node as Record<string, unknown>);
  for (const child of Object.values(node)) walk(child, visit);
}

/** PostgreSQL's `integer`, which every number of ours is kept in. */
const LARGEST = 2_147_483_647;

function findUnlimited(schema: Schema, path: string): string[] {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)!;
    const found = (document.components?.schemas?.[name] ?? document.components?.parameters?.[name]) as Schema;
    return findUnlimited(found, path);
  }
  if (isParameter(schema)) return findUnlimited(schema.schema, `${path}${schema.name}`);
  const inside = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((one) =>
    findUnlimited(one, path),
  );
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    findUnlimited(property, `${path}/${name}`),
  );
  const items = schema.items ? findUnlimited(schema.items, `${path}[]`) : [];
  return [...inside, ...properties, ...items, ...(isUnlimited(schema) ? [path] : [])];
}

function isParameter(schema: Schema): schema is Schema & { name: string; schema: Schema } {
  return 'schema' in schema;
}

function isUnlimited(schema: Schema): boolean {
  if (schema.enum || schema.const !== undefined) return false;
  const types = [schema.type].flat();
  if (types.includes('string') && schema.maxLength === undefined && !schema.format && !schema.pattern)
    return true;
  if (types.includes('array') && schema.maxItems === undefined) return true;
  if (!types.includes('integer') && !types.includes('number')) return false;
  return (
    (schema.maximum ?? Infinity) > LARGEST ||
    (schema.minimum ?? schema.exclusiveMinimum ?? -Infinity) < -LARGEST
  );
}
