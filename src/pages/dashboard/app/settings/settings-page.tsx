import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ask } from '../api.ts';
import type { Merchant } from '../api-types.ts';
import { locale } from '../language.ts';
import { onlyChanged } from '../only-changed.ts';
import { formatWeekday } from '../parts/day.tsx';
import { NumberField, Pair, readNumber, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { PictureField } from '../parts/picture-field.tsx';
import { say } from '../parts/toast.tsx';
import { shopApi } from '../shop-api.ts';
import { noteMerchant } from '../state/session.ts';
import { texts } from '../texts/settings.ts';
import '../cards/cards.css';

/** What is true for all of the shop: as it is now, and not as it was when the desk was opened. */
export function SettingsPage() {
  const merchant = useLoad(() => ask<Merchant>('GET', '/merchant'));
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Loaded of={merchant}>{(known) => <Settings merchant={known} />}</Loaded>
    </Page>
  );
}

function Settings({ merchant }: { merchant: Merchant }) {
  /** What the fields showed when they came, and what of it was saved since. */
  const shown = useRef<Partial<Merchant>>(merchant);
  const name = useSignal(merchant.name);
  const logo = useSignal(merchant.logoPictureId);
  const coolDown = useSignal(String(merchant.coolDownDays));
  const visit = useSignal(String(merchant.visitMinutes));

  async function save(typed: Parameters<typeof shopApi.editMerchant>[0]): Promise<void> {
    noteMerchant(await shopApi.editMerchant(onlyChanged(typed, shown.current)));
    shown.current = { ...shown.current, ...typed };
    say(texts.saved);
  }

  return (
    <>
      <Panel title={texts.business}>
        <Form
          label={texts.business}
          submit={texts.saveBusiness}
          onSend={() => save({ name: name.value, logoPictureId: logo.value })}
        >
          <TextField label={texts.name} name="name" hint={texts.nameHint} value={name} />
          <PictureField label={texts.logo} hint={texts.logoHint} value={logo} kind="logo" />
        </Form>
      </Panel>
      <Panel title={texts.rules}>
        <Form
          label={texts.rules}
          submit={texts.saveRules}
          onSend={() =>
            save({
              coolDownDays: readNumber('coolDownDays', coolDown.value),
              visitMinutes: readNumber('visitMinutes', visit.value),
            })
          }
        >
          <Pair>
            <NumberField
              label={texts.coolDown}
              name="coolDownDays"
              hint={texts.coolDownHint}
              value={coolDown}
              min={0}
            />
            <NumberField
              label={texts.visit}
              name="visitMinutes"
              hint={texts.visitHint}
              value={visit}
              min={0}
            />
          </Pair>
        </Form>
      </Panel>
      <Panel title={texts.fixed} lead={texts.fixedHint}>
        <dl class="facts">
          <div>
            <dt>{texts.currency}</dt>
            <dd>{nameOfCurrency(merchant.currency)}</dd>
          </div>
          <div>
            <dt>{texts.week}</dt>
            <dd>{formatWeekday(merchant.weekStartsOn)}</dd>
          </div>
        </dl>
      </Panel>
    </>
  );
}

function nameOfCurrency(currency: string): string {
  return `${currency}, ${new Intl.DisplayNames(locale, { type: 'currency' }).of(currency)}`;
}
