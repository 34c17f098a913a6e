import { useSignal } from '@preact/signals';
import { PasswordField, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { say } from '../parts/toast.tsx';
import { texts } from '../texts/account.ts';
import { accountApi } from './account-api.ts';
import { SecondFactorPanel } from './second-factor-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import './account.css';

/** One's own password, PIN, second factor and sign-ins. */
export function AccountPage() {
  return (
    <Page title={texts.title} lead={texts.lead}>
      <SecondFactorPanel />
      <div class="account-pair">
        <PasswordPanel />
        <PinPanel />
      </div>
      <SessionsPanel />
    </Page>
  );
}

function PasswordPanel() {
  const words = texts.password;
  const current = useSignal('');
  const next = useSignal('');
  return (
    <Panel title={words.title} lead={words.lead}>
      <Form
        label={words.title}
        submit={words.change}
        onSend={async () => {
          await accountApi.changePassword(current.value, next.value);
          current.value = '';
          next.value = '';
          say(words.changed);
        }}
      >
        <PasswordField label={words.current} name="currentPassword" value={current} />
        <PasswordField label={words.next} name="password" isNew hint={words.nextHint} value={next} />
      </Form>
    </Panel>
  );
}

function PinPanel() {
  const words = texts.pin;
  const pin = useSignal('');
  return (
    <Panel title={words.title} lead={words.lead}>
      <Form
        label={words.title}
        submit={words.change}
        onSend={async () => {
          await accountApi.changePin(pin.value);
          pin.value = '';
          say(words.changed);
        }}
      >
        <TextField
          label={words.next}
          name="pin"
          inputMode="numeric"
          hint={words.nextHint}
          value={pin}
          maxLength={8}
        />
      </Form>
    </Panel>
  );
}
