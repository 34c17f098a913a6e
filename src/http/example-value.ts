import type { ApiDocument } from './openapi.ts';

/** The part of JSON Schema that our document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  maxItems?: number;
}

/** What people would recognise, by the name of the property. */
const BY_NAME: Record<string, unknown> = {
  cardCode: '7F3K-9QPD',
  code: '7F3K-9QPD',
  name: 'Ada',
  customerName: 'Zoë',
  itemName: 'Flat white',
  rewardName: 'A coffee on the house',
  deviceName: 'Counter',
  email: 'olive@example.com',
  password: 'a long sentence nobody guesses',
  pin: '1234',
  timeZone: 'Europe/London',
  currency: 'GBP',
  colour: '#7a4a2b',
  note: 'Rain all week',
  shortCode: '7F3K9QPD',
  quantity: 1,
};
const BY_FORMAT: Record<string, string> = {
  'date-time': '2026-03-02T09:15:00.000Z',
  date: '2026-03-02',
  email: 'olive@example.com',
  uri: 'https://stamps.example.com/',
  uuid: '0197f1c2-5a53-7b3e-9f4f-0e4f3c1d2b6a',
};
const AN_ID = '0197f1c2-5a53-7b3e-9f4f-0e4f3c1d2b6a';
const AN_AMOUNT = 350;

/** A value that fits a schema of the document: for examples, and for tests that only need some body. */
export function exampleValue(document: ApiDocument, schema: Schema, name = ''): unknown {
  if (schema.$ref) return exampleValue(document, resolveSchema(document, schema.$ref), name);
  const given = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.default ?? schema.enum?.[0];
  if (given !== undefined) return given;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices)
    return exampleValue(document, choices.find(({ type }) => type !== 'null') ?? choices[0]!, name);
  if (schema.allOf)
    return Object.assign(
      {},
      ...schema.allOf.map((part) => exampleValue(document, part, name) as object),
    ) as object;
  return exampleOfType(document, schema, name);
}

function resolveSchema(document: ApiDocument, reference: string): Schema {
  const schema = document.components?.schemas?.[nameOfReference(reference)];
  if (!schema) throw new Error(`${reference} leads nowhere`);
  return schema as Schema;
}

/** `#/components/schemas/Card` → `Card`. */
export function nameOfReference(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function exampleOfType(document: ApiDocument, schema: Schema, name: string): unknown {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, property]) => [
          key,
          exampleValue(document, property, key),
        ]),
      );
    case 'array':
      return schema.items ? [exampleValue(document, schema.items, name)] : [];
    case 'integer':
    case 'number':
      return exampleNumber(schema, name);
    case 'boolean':
      return false;
    case 'string':
      return exampleText(schema, name);
    default:
      return null;
  }
}

function exampleNumber({ minimum = 0, maximum = Infinity }: Schema, name: string): number {
  const wanted = name.endsWith('Minor') ? AN_AMOUNT : Number(BY_NAME[name] ?? 1);
  return Math.min(Math.max(wanted, minimum), maximum);
}

function exampleText({ format, maxLength = Infinity }: Schema, name: string): string {
  if (format && BY_FORMAT[format]) return BY_FORMAT[format];
  if (typeof BY_NAME[name] === 'string') return BY_NAME[name];
  const text = /Ids?$/.test(name) ? AN_ID : 'text';
  return text.slice(0, maxLength);
}
