// Asking the API, and showing in a form what it says.

/** A refusal, as the API words it (RFC 9457). */
export class Problem extends Error {
  constructor(problem) {
    super(problem.title ?? 'Something went wrong');
    this.problem = problem;
  }
}

/** The answer as JSON; throws a Problem. */
export async function ask(method, path, body) {
  const response = await send(method, path, body);
  return response.status === 204 ? undefined : response.json();
}

/** The answer itself, for a file. */
export async function send(method, path, body) {
  let response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new Problem({ title: 'The server does not answer. Check the connection, and try again.' });
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({ title: `The server answered ${response.status}` }));
  throw new Problem(problem);
}

/** Every page of a list. */
export async function askAll(path) {
  const items = [];
  let cursor = '';
  do {
    const page = await ask('GET', cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

/** Runs `work` when the form is sent; what the API refuses is shown at its field, or above the button. */
export function onSubmit(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('[type=submit]');
    clearErrors(form);
    button.disabled = true;
    try {
      await work(form);
      const saved = form.querySelector('.saved');
      if (saved) saved.textContent = 'Saved';
    } catch (error) {
      showProblem(form, error);
    } finally {
      button.disabled = false;
    }
  });
  form.addEventListener('input', () => {
    const saved = form.querySelector('.saved');
    if (saved) saved.textContent = '';
  });
}

/** `{ 'owner.email': 'x' }` of a form's fields as `{ owner: { email: 'x' } }`; empty fields are left out. */
export function readForm(form, convert = {}) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    const value =
      field.type === 'checkbox' ? field.checked : (convert[field.name]?.(field.value) ?? field.value);
    if (value === '') continue;
    const path = field.name.split('.');
    let target = values;
    for (const part of path.slice(0, -1)) target = target[part] ??= {};
    target[path.at(-1)] = value;
  }
  return values;
}

export function clearErrors(form) {
  for (const message of form.querySelectorAll('.field-error')) message.remove();
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    const hints = (field.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .filter((id) => !id.endsWith('-error'));
    if (hints.join('')) field.setAttribute('aria-describedby', hints.join(' '));
    else field.removeAttribute('aria-describedby');
  }
  form.querySelector('[role=alert]').hidden = true;
}

export function showProblem(form, error) {
  const { problem } = error;
  if (!problem) throw error;
  const rest = [];
  let first;
  for (const { pointer, detail } of problem.errors ?? []) {
    const name = pointer.split('/').slice(2).join('.');
    const field = form.elements[name];
    if (!field) rest.push(detail);
    else if (!field.hasAttribute('aria-invalid')) markField(field, detail);
    first ??= field;
  }
  const notice = form.querySelector('[role=alert]');
  if (!first || rest.length > 0) {
    notice.textContent = [sayProblem(problem), ...rest].join(' ');
    notice.hidden = false;
  }
  first?.focus();
}

function markField(field, detail) {
  const message = document.createElement('p');
  message.className = 'field-error';
  message.id = `${field.id}-error`;
  message.textContent = detail;
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute(
    'aria-describedby',
    [field.getAttribute('aria-describedby'), message.id].filter(Boolean).join(' '),
  );
  field.after(message);
}

/** The title, and what the reader needs next. */
export function sayProblem({ title, detail, triesLeft, retryAt }) {
  const words = [`${title}.`];
  if (detail) words.push(detail);
  if (retryAt) {
    const time = new Date(retryAt).toLocaleTimeString([], {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    words.push(`The next try is possible at ${time}.`);
  } else if (triesLeft !== undefined) words.push(`Tries left: ${triesLeft}.`);
  return words.join(' ');
}
