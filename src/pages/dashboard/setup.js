import { ask, onSubmit, readForm } from './api.js';

const LIKELY = {
  GB: 'GBP',
  US: 'USD',
  CH: 'CHF',
  AU: 'AUD',
  CA: 'CAD',
  NZ: 'NZD',
  JP: 'JPY',
  SE: 'SEK',
  DK: 'DKK',
};

const token = new URLSearchParams(location.search).get('token') ?? '';
history.replaceState(null, '', '/setup'); // the link is a key: it does not stay in the address or the history

const form = document.getElementById('setup');
fillCurrencies(document.getElementById('currency'));
fillZones();

onSubmit(form, async () => {
  const request = readForm(form, {
    'merchant.weekStartsOn': Number,
    'program.stampsRequired': Number,
    'location.cutOffMinutes': (time) => {
      const [hours, minutes] = time.split(':').map(Number);
      return hours * 60 + minutes;
    },
  });
  for (const group of ['merchant', 'location', 'owner']) request[group] ??= {};
  for (const field of form.querySelectorAll('[required]')) {
    const [group, name] = field.name.split('.');
    request[group][name] ??= '';
  }
  await ask('POST', '/setup', { ...request, token });
  location.assign('/desk');
});

function fillCurrencies(select) {
  const names = new Intl.DisplayNames(undefined, { type: 'currency' });
  for (const code of Intl.supportedValuesOf('currency'))
    select.add(new Option(`${code} · ${names.of(code)}`, code));
  select.value = LIKELY[new Intl.Locale(navigator.language).maximize().region] ?? 'EUR';
}

function fillZones() {
  const zones = document.getElementById('zones');
  for (const zone of Intl.supportedValuesOf('timeZone')) zones.append(new Option(zone));
  document.getElementById('zone').value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}
