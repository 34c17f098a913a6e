import { deskCookieName } from '../../http/cookies.ts';
import { exampleValue, nameOfReference } from '../../http/example-value.ts';
import type { Schema } from '../../http/example-value.ts';
import type { ApiDocument } from '../../http/openapi.ts';
import { problems } from '../../http/problem.ts';
import type { RefusalName } from '../../http/problem.ts';
import { html } from '../card/html.ts';
import type { Html } from '../card/html.ts';
import { prose } from './prose.ts';
import { frameReference } from './reference-frame.ts';

interface Parameter {
  $ref?: string;
  in: string;
  name: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { $ref?: string; description: string; content?: Record<string, { schema: Schema }> }
  >;
  security: Record<string, unknown>[];
  'x-refusals': RefusalName[];
}

interface Described {
  method: string;
  path: string;
  operation: Operation;
}

/** The whole API on one page, for people: what `/api/openapi.json` tells programs. `publicUrl` is for the examples. */
export function renderReference({
  document,
  publicUrl,
}: {
  document: ApiDocument;
  publicUrl: string;
}): string {
  const described = operationsOf(document);
  const tags = document.tags ?? [];
  const schemas = Object.entries(document.components?.schemas ?? {}) as [string, Schema][];
  const body = html`
    <header>
      <h1>${document.info.title} API</h1>
      ${document.info.description?.split('\n\n').map((paragraph) => html`<p>${prose(paragraph)}</p>`)}
      <p>
        Version ${document.info.version}. For programs: <a href="/api/openapi.json">openapi.json</a>. Every
        “no”, explained: <a href="/api/problems">problems</a>.
      </p>
    </header>
    <div class="columns">
      <nav aria-label="Contents">
        <ul>
          ${tags.map(({ name }) => renderContents(name, described))}
          <li><a href="#shapes">Shapes</a></li>
          <li><a href="#signing-in">Signing in</a></li>
        </ul>
      </nav>
      <main id="content">
        ${renderSecurity(document)}
        ${tags.map(
          ({ name, description }) => html`
            <section aria-labelledby="${anchorOf(name)}">
              <h2 id="${anchorOf(name)}">${name}</h2>
              <p>${prose(description)}</p>
              ${described
                .filter(({ operation }) => operation.tags[0] === name)
                .map((one) => renderOperation(document, publicUrl, one))}
            </section>
          `,
        )}
        <section aria-labelledby="shapes">
          <h2 id="shapes">Shapes</h2>
          ${schemas.map(
            ([name, schema]) => html`
              <article aria-labelledby="shape-${name}">
                <h3 id="shape-${name}">${name}</h3>
                ${schema.description && html`<p>${prose(schema.description)}</p>`} ${renderSchema(schema)}
              </article>
            `,
          )}
        </section>
      </main>
    </div>
  `;
  return frameReference({ title: `${document.info.title} API`, body });
}

function operationsOf(document: ApiDocument): Described[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      method,
      path,
      operation,
    })),
  );
}

function renderContents(tag: string, described: readonly Described[]): Html {
  const own = described.filter(({ operation }) => operation.tags[0] === tag);
  return html`<li>
    <a href="#${anchorOf(tag)}">${tag}</a>
    <ul>
      ${own.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
    </ul>
  </li>`;
}

function renderSecurity(document: ApiDocument): Html {
  const schemes = Object.entries(document.components?.securitySchemes ?? {}) as [
    string,
    { in?: string; name?: string; description: string },
  ][];
  return html`<section aria-labelledby="signing-in">
    <h2 id="signing-in">Signing in</h2>
    <dl>
      ${schemes.map(
        ([name, scheme]) => html`
          <dt><code>${name}</code></dt>
          <dd>
            ${prose(scheme.description)} Sent as
            <code>${scheme.in === 'cookie' ? `Cookie: ${scheme.name}=…` : 'Authorization: Bearer …'}</code>.
          </dd>
        `,
      )}
    </dl>
  </section>`;
}

function renderOperation(document: ApiDocument, publicUrl: string, described: Described): Html {
  const { method, path, operation } = described;
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses).filter(([status]) => Number(status) < 400);
  return html`
    <article aria-labelledby="${operationId}">
      <h3 id="${operationId}">${summary}</h3>
      <p class="address"><span class="method">${method.toUpperCase()}</span> <code>${path}</code></p>
      ${description.split('\n\n').map((paragraph) => html`<p>${prose(paragraph)}</p>`)}
      ${parameters.length > 0 && renderParameters(document, parameters)}
      ${Object.entries(requestBody?.content ?? {}).map(
        ([type, { schema }]) => html`
          <h4>Send <code>${type}</code></h4>
          ${renderSchema(schema)}
        `,
      )}
      ${answers.map(
        ([status, answer]) => html`
          <h4>Get ${status}: ${prose(answer.description)}</h4>
          ${Object.entries(answer.content ?? {}).map(
            ([type, { schema }]) => html`
              <p><code>${type}</code></p>
              ${renderSchema(schema)}
              ${type === 'application/json' && isTold(schema) && renderExample(document, schema)}
            `,
          )}
        `,
      )}
      <h4>Or no, because</h4>
      <ul class="refusals">
        ${operation['x-refusals'].map(
          (name) => html`
            <li>
              ${problems[name].title}: ${problems[name].status}
              <a href="/api/problems#${name}"><code>${name}</code></a>
            </li>
          `,
        )}
      </ul>
      <h4>For example</h4>
      <pre tabindex="0" aria-label="${`Example: ${summary}`}">
${renderCurl(document, publicUrl, described)}</pre>
    </article>
  `;
}

function renderParameters(document: ApiDocument, parameters: readonly Parameter[]): Html {
  const rows = parameters
    .map((parameter) => resolveParameter(document, parameter))
    .map(
      ({ name, in: place, required, description, schema }) => html`
        <tr>
          <th scope="row"><code>${name}</code></th>
          <td>${place}</td>
          <td>${renderType(schema)}</td>
          <td>${!required && 'Optional. '}${prose(description ?? schema.description)}</td>
        </tr>
      `,
    );
  return html`
    <h4>Parameters</h4>
    ${renderTable(['Name', 'In', 'Type', 'Meaning'], rows)}
  `;
}

function renderTable(heads: readonly string[], rows: readonly Html[]): Html {
  return html`
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  `;
}

function resolveParameter(document: ApiDocument, parameter: Parameter): Parameter {
  if (!parameter.$ref) return parameter;
  const parameters = document.components?.parameters as unknown as Record<string, Parameter>;
  return parameters[nameOfReference(parameter.$ref)]!;
}

/** One row a property; what is named elsewhere is linked, what is only here is unfolded. */
function renderSchema(schema: Schema): Html {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && !schema.properties)
    return html`${choices.map(
      (choice, place) => html`${place > 0 && html`<p>or</p>`}${renderSchema(choice)}`,
    )}`;
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return html`<p>${renderType(schema)}</p>`;
  return renderTable(
    ['Property', 'Type', 'Meaning'],
    rows.map(
      ({ name, isRequired, property }) => html`
        <tr>
          <th scope="row"><code>${name}</code></th>
          <td>${renderType(property)}</td>
          <td>${!isRequired && 'Optional. '}${prose(property.description)}</td>
        </tr>
      `,
    ),
  );
}

interface Row {
  name: string;
  isRequired: boolean;
  property: Schema;
}

function rowsOf(schema: Schema, prefix: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const row = { name, isRequired: schema.required?.includes(key) ?? false, property };
    if (property.properties) return [row, ...rowsOf(property, `${name}.`)];
    if (property.items?.properties) return [row, ...rowsOf(property.items, `${name}[].`)];
    const choice = property.anyOf?.find(({ properties }) => properties);
    return choice ? [row, ...rowsOf(choice, `${name}.`)] : [row];
  });
}

function renderType(schema: Schema): Html {
  if (schema.$ref) {
    const name = nameOfReference(schema.$ref);
    return html`<a href="#shape-${name}">${name}</a>`;
  }
  if (schema.items) return html`list of ${renderType(schema.items)}`;
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices)
    return html`${choices.map((choice, place) => html`${place > 0 && ' or '}${renderType(choice)}`)}`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum)
    return html`${schema.enum.map((value, place) => html`${place > 0 && ', '}<code>${String(value)}</code>`)}`;
  return html`${[schema.type ?? 'anything'].flat().join(' or ')}${describeBounds(schema)}`;
}

function describeBounds({ format, minLength, maxLength, minimum, maximum, pattern }: Schema): string {
  const isBounded = (bound: number | undefined): boolean =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const bounds = [
    format,
    isBounded(minLength) && `at least ${minLength} characters`,
    isBounded(maxLength) && `at most ${maxLength} characters`,
    isBounded(minimum) && `from ${minimum}`,
    isBounded(maximum) && `to ${maximum}`,
    !format && pattern && `like ${pattern}`,
  ].filter(Boolean);
  return bounds.length > 0 ? ` (${bounds.join(', ')})` : '';
}

function isTold(schema: Schema): boolean {
  return Boolean(schema.$ref ?? schema.properties ?? schema.anyOf ?? schema.items);
}

function renderExample(document: ApiDocument, schema: Schema): Html {
  const text = JSON.stringify(exampleValue(document, schema), null, 2);
  return html`<pre tabindex="0" aria-label="Example of the answer">${text}</pre>`;
}

/** A command that can be pasted, once `$TOKEN` is set. */
function renderCurl(
  document: ApiDocument,
  publicUrl: string,
  { method, path, operation }: Described,
): string {
  const isSignedIn = operation.security.length > 0;
  const isDesk = isSignedIn && operation.security.every((scheme) => 'desk' in scheme);
  const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const parameters = (operation.parameters ?? []).map((parameter) => resolveParameter(document, parameter));
  const address = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const schema = parameters.find((parameter) => parameter.name === name)?.schema ?? {};
    return encodeURIComponent(String(exampleValue(document, schema, name)));
  });
  const isRepeatable = parameters.some(({ name }) => name === 'Idempotency-Key');
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${publicUrl}${address}`,
    isSignedIn &&
      (isDesk ? `-H "Cookie: ${deskCookieName(publicUrl)}=$TOKEN"` : `-H "Authorization: Bearer $TOKEN"`),
    isRepeatable && `-H "Idempotency-Key: $(uuidgen)"`,
    type && `-H 'Content-Type: ${type}'`,
    body &&
      (type === 'application/json'
        ? `-d ${quote(exampleValue(document, body.schema))}`
        : `--data-binary @file`),
  ];
  return lines.filter(Boolean).join(' \\\n  ');
}

function quote(value: unknown): string {
  return `'${JSON.stringify(value).replaceAll("'", String.raw`'\''`)}'`;
}

function anchorOf(tag: string): string {
  return `tag-${tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
}
