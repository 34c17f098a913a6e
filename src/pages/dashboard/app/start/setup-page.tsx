import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ask, Problem } from '../api.ts';
import { browserLanguage, locale } from '../language.ts';
import {
  minutesToTime,
  timeToMinutes,
  TimeZones,
  USUAL_CUT_OFF_MINUTES,
} from '../locations/location-form.tsx';
import type { Choice } from '../parts/choose.tsx';
import { formatWeekday } from '../parts/day.tsx';
import { Pair, PasswordField, SelectField, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Page } from '../parts/page.tsx';
import { texts } from '../texts/start.ts';
import { Steps } from './steps.tsx';

/** Where people are is not always where the money is from, but mostly. */
const LIKELY: Record<string, string> = {
  GB: 'GBP',
  US: 'USD',
  CH: 'CHF',
  AU: 'AUD',
  CA: 'CAD',
  NZ: 'NZD',
  JP: 'JPY',
  SE: 'SEK',
  DK: 'DKK',
  NO: 'NOK',
  PL: 'PLN',
  CZ: 'CZK',
};
const WEEKDAYS = [1, 0, 6];

/** The first step: the shop itself, and who owns it. Afterwards they are signed in. */
export function SetupPage() {
  const token = useMemo(takeToken, []);
  const name = useSignal('');
  const locationName = useSignal('');
  const currency = useSignal(likelyCurrency());
  const week = useSignal('1');
  const timeZone = useSignal(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const cutOff = useSignal(minutesToTime(USUAL_CUT_OFF_MINUTES));
  const ownerName = useSignal('');
  const email = useSignal('');
  const password = useSignal('');

  return (
    <Page title={texts.setUp} lead={texts.setUpLead}>
      <Steps current="shop" />
      {token === '' && <p class="notice warn">{texts.noToken}</p>}
      <div class="panel">
        <Form
          submit={texts.open}
          onSend={async () => {
            await openShop({
              token,
              merchant: { name: name.value, currency: currency.value, weekStartsOn: Number(week.value) },
              location: {
                name: locationName.value,
                timeZone: timeZone.value,
                cutOffMinutes: timeToMinutes(cutOff.value),
              },
              owner: { name: ownerName.value, email: email.value, password: password.value },
              program: { rewardName: texts.reward },
            });
            location.assign('/desk/start/card');
          }}
        >
          <fieldset>
            <legend>{texts.shop}</legend>
            <Pair>
              <TextField
                label={texts.business}
                name="merchant.name"
                autoComplete="organization"
                value={name}
              />
              <TextField
                label={texts.locationName}
                name="location.name"
                hint={texts.locationHint}
                value={locationName}
              />
              <SelectField
                label={texts.currency}
                name="merchant.currency"
                hint={texts.currencyHint}
                value={currency}
                options={currencies()}
              />
              <SelectField
                label={texts.week}
                name="merchant.weekStartsOn"
                hint={texts.weekHint}
                value={week}
                options={WEEKDAYS.map((day) => ({ value: String(day), text: formatWeekday(day) }))}
              />
              <TextField label={texts.zone} name="location.timeZone" list="time-zones" value={timeZone} />
              <TextField
                label={texts.cutOff}
                name="location.cutOffMinutes"
                type="time"
                hint={texts.cutOffHint}
                value={cutOff}
              />
            </Pair>
            <TimeZones />
          </fieldset>
          <fieldset>
            <legend>{texts.you}</legend>
            <TextField label={texts.yourName} name="owner.name" autoComplete="name" value={ownerName} />
            <Pair>
              <TextField
                label={texts.email}
                name="owner.email"
                type="email"
                autoComplete="username"
                value={email}
              />
              <PasswordField
                label={texts.password}
                name="owner.password"
                isNew
                hint={texts.passwordHint}
                value={password}
              />
            </Pair>
          </fieldset>
        </Form>
      </div>
    </Page>
  );
}

/** A shop that is open already, because the first answer was lost, is signed in to: the next page leads there. */
async function openShop(shop: object): Promise<void> {
  try {
    await ask('POST', '/setup', shop);
  } catch (error) {
    if (!(error instanceof Problem) || error.document.refused !== 'already-set-up') throw error;
  }
}

/** The link is a key: it does not stay in the address or the history. */
function takeToken(): string {
  const token = new URLSearchParams(location.search).get('token') ?? '';
  history.replaceState(null, '', location.pathname);
  return token;
}

function likelyCurrency(): string {
  const region = browserLanguage && new Intl.Locale(browserLanguage).maximize().region;
  return LIKELY[region ?? ''] ?? 'EUR';
}

function currencies(): Choice[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  return Intl.supportedValuesOf('currency').map((code) => ({
    value: code,
    text: `${code} · ${names.of(code)}`,
  }));
}
