import { ask, askAll, onSubmit, Problem, readForm, sayProblem, send } from './api.js';

const byId = (id) => document.getElementById(id);
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const ROLES = { barista: 'Barista', manager: 'Manager', owner: 'Owner' };

let money;
let locations = [];
let program;
let rule;
let editedItemId;
/** What a new shop still lacks before its first stamp; see `tickOff`. */
const steps = { items: false, staff: false, tills: false };

try {
  await drawEverything();
} catch (error) {
  showPageProblem(error);
}

async function drawEverything() {
  const who = await ask('GET', '/sessions/current');
  const merchant = await ask('GET', '/merchant');
  money = makeMoney(merchant.currency);
  byId('merchant-name').textContent = merchant.name;
  byId('who').textContent = `${who.name}, ${ROLES[who.role].toLowerCase()}`;
  for (const place of document.querySelectorAll('.currency')) place.textContent = merchant.currency;
  byId('cool-down').value = merchant.coolDownDays;
  if (who.role !== 'owner') hideOwnersParts();
  await Promise.all([
    drawLocations().then(drawTills),
    drawStaff(),
    drawItems(),
    drawProgram(),
    drawAllowance(),
  ]);
  byId('first-steps').hidden = who.role !== 'owner' || Object.values(steps).every(Boolean);
}

/** Shows what is left to do until everything is done once, and not again when something is taken away later. */
function tickOff(step, isDone) {
  steps[step] = isDone;
  const panel = byId('first-steps');
  panel.querySelector(`[data-step=${step}]`).classList.toggle('done', isDone);
  if (Object.values(steps).every(Boolean)) panel.hidden = true;
}

function hideOwnersParts() {
  for (const id of ['report', 'program', 'allowance', 'settings']) byId(id).closest('section').hidden = true;
  for (const option of byId('staff-role').querySelectorAll('[value=manager], [value=owner]')) option.remove();
}

// Customers

async function drawLocations() {
  locations = await askAll('/locations');
  byId('till-location').replaceChildren(
    ...locations.map(({ locationId, name }) => new Option(name, locationId)),
  );
  const isOnlyHere = locations.some(({ joinLink }) => LOOPBACK.includes(new URL(joinLink).hostname));
  byId('only-here').hidden = !isOnlyHere;
  byId('joins').replaceChildren(
    ...locations.map(({ name, joinCode, joinLink }) => {
      const path = `/join/${encodeURIComponent(joinCode)}`;
      const picture = element('img', {
        src: `${path}/qr.svg`,
        alt: `QR code: join at ${name}`,
        width: 140,
        height: 140,
      });
      const links = element('span', { className: 'links' });
      links.append(
        element('a', { href: joinLink, textContent: 'Join link', target: '_blank', rel: 'noopener' }),
        element('a', {
          href: `${path}/poster`,
          textContent: 'Poster to print',
          target: '_blank',
          rel: 'noopener',
        }),
      );
      return row(element('span', { textContent: name }), picture, links);
    }),
  );
}

// Tills

async function drawTills() {
  const tills = await askAll('/devices');
  tickOff('tills', tills.length > 0);
  const nameOf = Object.fromEntries(locations.map(({ locationId, name }) => [locationId, name]));
  byId('tills').replaceChildren(
    ...tills.map(({ deviceId, name, locationId }) =>
      row(
        element('span', { textContent: `${name} · ${nameOf[locationId] ?? 'closed location'}` }),
        button('End', `End the till ${name}`, async () => {
          if (!confirm(`End “${name}”? Nobody can use it any more until it is enrolled again.`)) return;
          await ask('DELETE', `/devices/${deviceId}`);
          await drawTills();
        }),
      ),
    ),
  );
}

onSubmit(byId('enrol'), async (form) => {
  const { code, link } = await ask('POST', '/devices/enrolments', { deviceName: '', ...readForm(form) });
  form.reset();
  byId('enrolment-code').textContent = code;
  byId('enrolment-link').textContent = link;
  byId('enrolment-link').href = link;
  byId('enrolment-page').textContent = link.split('?')[0];
  byId('enrolment-qr').src = `/desk/enrolment.svg?code=${encodeURIComponent(code)}`;
  byId('enrolment').hidden = false;
  byId('enrolment').focus();
  watchForTill();
});

const TILL_LOOKED_FOR_EVERY_MS = 4_000;
const CODE_LIFE_MS = 15 * 60_000;
let lookingForTill;

/** Takes the code away and lists the till once it is connected; the code goes too when it is no longer good. */
function watchForTill() {
  clearInterval(lookingForTill);
  const madeAt = Date.now();
  const countBefore = byId('tills').children.length;
  const look = async () => {
    if (Date.now() - madeAt < CODE_LIFE_MS) {
      await drawTills();
      if (byId('tills').children.length <= countBefore) return;
    }
    byId('enrolment').hidden = true;
    clearInterval(lookingForTill);
  };
  // What fails once, such as a lost connection, is asked again.
  lookingForTill = setInterval(() => void look().catch(() => undefined), TILL_LOOKED_FOR_EVERY_MS);
}

// People

async function drawStaff() {
  const staff = await askAll('/staff');
  tickOff(
    'staff',
    staff.some(({ hasPin }) => hasPin),
  );
  byId('staff').replaceChildren(
    ...staff.map(({ staffId, name, role, hasPin }) =>
      row(
        element('span', { textContent: `${name} · ${ROLES[role]}${hasPin ? '' : ' · no PIN yet'}` }),
        button('New PIN', `Give ${name} a new PIN`, async () => {
          const pin = prompt(`A new PIN for ${name}, 4 to 8 figures:`);
          if (pin === null) return;
          await ask('PATCH', `/staff/${staffId}`, { pin });
          await drawStaff();
        }),
        button('Leaves', `${name} leaves`, async () => {
          if (!confirm(`${name} leaves? They are signed out everywhere at once.`)) return;
          await ask('DELETE', `/staff/${staffId}`);
          await drawStaff();
        }),
      ),
    ),
  );
}

const roleField = byId('staff-role');
const showDeskSignIn = () => {
  byId('desk-sign-in').hidden = roleField.value === 'barista';
};
roleField.addEventListener('change', showDeskSignIn);

onSubmit(byId('add-staff'), async (form) => {
  const person = { name: '', ...readForm(form) };
  if (person.role === 'barista') {
    delete person.email;
    delete person.password;
  }
  await withFreshSignIn(() => ask('POST', '/staff', person));
  form.reset();
  showDeskSignIn();
  await drawStaff();
});

// Menu

async function drawItems() {
  const items = await askAll('/items');
  tickOff('items', items.length > 0);
  byId('items').replaceChildren(
    ...items.map((item) =>
      row(
        element('span', {
          textContent: `${item.name} · ${money.format(item.priceMinor)}${item.mayBeGiven ? ' · may be given' : ''}`,
        }),
        button('Edit', `Edit ${item.name}`, async () => editItem(item)),
        button('Remove', `Take ${item.name} off the menu`, async () => {
          if (!confirm(`Take ${item.name} off the menu?`)) return;
          await ask('DELETE', `/items/${item.itemId}`);
          await drawItems();
        }),
      ),
    ),
  );
}

const itemForm = byId('item');

function editItem(item) {
  editedItemId = item.itemId;
  const { elements } = itemForm;
  elements.name.value = item.name;
  elements.priceMinor.value = money.toText(item.priceMinor);
  elements.costMinor.value = money.toText(item.costMinor);
  elements.qualifies.checked = item.qualifies;
  elements.mayBeGiven.checked = item.mayBeGiven;
  byId('item-title').textContent = `Edit ${item.name}`;
  byId('item-submit').textContent = 'Save';
  byId('item-cancel').hidden = false;
  elements.name.focus();
}

itemForm.addEventListener('reset', () => {
  editedItemId = undefined;
  byId('item-title').textContent = 'A new item';
  byId('item-submit').textContent = 'Put it on the menu';
  byId('item-cancel').hidden = true;
});

onSubmit(itemForm, async (form) => {
  const item = { name: '', ...readForm(form, { priceMinor: money.read, costMinor: money.read }) };
  if (editedItemId) await ask('PATCH', `/items/${editedItemId}`, item);
  else await ask('POST', '/items', item);
  form.reset();
  form.elements.name.focus();
  await drawItems();
});

// Stamp card, allowance, settings

async function drawProgram() {
  [program] = await askAll('/programs');
  if (!program) return;
  const { elements } = byId('program');
  elements.stampsRequired.value = program.stampsRequired;
  elements.colour.value = program.colour;
  elements.rewardName.value = program.rewardName;
}

onSubmit(byId('program'), async (form) => {
  const change = { rewardName: '', ...readForm(form, { stampsRequired: Number }) };
  if (program) await ask('PATCH', `/programs/${program.programId}`, change);
  else await ask('POST', '/programs', { name: 'Stamp card', ...change });
  await drawProgram();
});

async function drawAllowance() {
  const rules = await askAll('/allowances');
  rule = rules.find(
    ({ scope, subjectId, period }) => scope === 'staff' && subjectId === null && period === 'day',
  );
  const { elements } = byId('allowance');
  elements.gesturesLimit.value = rule?.gesturesLimit ?? '';
  elements.costLimitMinor.value = rule?.costLimitMinor == null ? '' : money.toText(rule.costLimitMinor);
}

onSubmit(byId('allowance'), async (form) => {
  const limits = {
    gesturesLimit: null,
    costLimitMinor: null,
    ...readForm(form, {
      gesturesLimit: (text) => (text === '' ? '' : Number(text)),
      costLimitMinor: money.read,
    }),
  };
  if (rule) await ask('PATCH', `/allowances/${rule.allowanceId}`, limits);
  else await ask('POST', '/allowances', { scope: 'staff', subjectId: null, period: 'day', ...limits });
  await drawAllowance();
});

onSubmit(byId('settings'), (form) => ask('PATCH', '/merchant', readForm(form, { coolDownDays: Number })));

// Report

onSubmit(byId('report'), async (form) => {
  const query = new URLSearchParams(readForm(form)).toString();
  const response = await withFreshSignIn(() => send('GET', `/reports/gestures.csv?${query}`));
  const link = element('a', {
    href: URL.createObjectURL(await response.blob()),
    download: fileNameOf(response),
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
});

function fileNameOf(response) {
  return /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'gestures.csv';
}

// Signing in and out

byId('sign-out').addEventListener('click', async () => {
  await ask('DELETE', '/sessions/current').catch(() => undefined);
  location.assign('/sign-in');
});

/** Runs `work`; when it wants the password again, asks for it and runs it once more. */
async function withFreshSignIn(work) {
  try {
    return await work();
  } catch (error) {
    if (error.problem?.refused !== 'fresh-sign-in-needed') throw error;
    await confirmPassword(error);
    return work();
  }
}

let settleConfirm;

onSubmit(byId('confirm-form'), async (form) => {
  await ask('POST', '/sessions/current/confirm', { password: form.elements.password.value });
  settleConfirm?.resolve();
  byId('confirm').close();
});

byId('confirm-cancel').addEventListener('click', () => byId('confirm').close());
byId('confirm').addEventListener('close', () => {
  byId('confirm-form').reset();
  settleConfirm?.reject();
});

function confirmPassword(refusal) {
  byId('confirm').showModal();
  return new Promise((resolve, reject) => {
    settleConfirm = { resolve, reject: () => reject(refusal) };
  });
}

// Small things

function makeMoney(currency) {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits;
  return {
    format: (minor) => format.format(minor / 10 ** digits),
    toText: (minor) => (minor / 10 ** digits).toFixed(digits),
    /** `3.5` or `3,50` as minor units; what is no amount stays as it is, and the API says so. */
    read: (text) => {
      const [, whole, part = ''] = /^\s*(\d+)(?:[.,](\d*))?\s*$/.exec(text) ?? [];
      if (whole === undefined || part.length > digits) return text.trim();
      return Number(whole + part.padEnd(digits, '0'));
    },
  };
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function row(...children) {
  const item = document.createElement('li');
  item.append(...children);
  return item;
}

function button(text, label, work) {
  const made = element('button', { type: 'button', className: 'quiet', textContent: text, ariaLabel: label });
  made.addEventListener('click', async () => {
    byId('page-notice').hidden = true;
    try {
      await work();
    } catch (error) {
      showPageProblem(error);
    }
  });
  return made;
}

function showPageProblem(error) {
  if (!(error instanceof Problem)) throw error;
  if (error.problem.refused === 'not-signed-in') {
    location.assign('/sign-in');
    return;
  }
  const details = (error.problem.errors ?? []).map(({ detail }) => detail);
  byId('page-notice').textContent = [sayProblem(error.problem), ...details].join(' ');
  byId('page-notice').hidden = false;
  byId('page-notice').scrollIntoView({ block: 'nearest' });
}
