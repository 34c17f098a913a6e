import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { Problem } from '../api.ts';
import { confirmFirst } from '../parts/confirm-dialog.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { formatMoment } from '../parts/day.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { PasswordField, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { Panel } from '../parts/panel.tsx';
import { say } from '../parts/toast.tsx';
import { WorkButton } from '../parts/work-button.tsx';
import { texts } from '../texts/account.ts';
import { accountApi } from './account-api.ts';
import type { SecondFactor, SecondFactorSecret } from './account-api.ts';

const FEW_CODES = 3;
const words = texts.factor;
let timesBegun = 0;

/** Whether the sign-in asks for a code, and the way to change that. */
export function SecondFactorPanel() {
  const state = useLoad(accountApi.secondFactor);
  const begun = useSignal<SecondFactorSecret | null>(null);
  const recoveryCodes = useSignal<string[] | null>(null);
  const isTurningOff = useSignal(false);
  const isOn = state.value.value?.isOn ?? false;

  const start = async (): Promise<void> => {
    begun.value = await accountApi.startSecondFactor();
  };
  const renew = () =>
    confirmFirst({
      title: words.renewTitle,
      says: words.renewSays,
      yes: words.renewYes,
      isDestructive: true,
      async work() {
        ({ recoveryCodes: recoveryCodes.value } = await accountApi.renewRecoveryCodes());
        await state.reload();
      },
    });

  return (
    <Panel title={words.title} lead={isOn ? words.leadOn : words.leadOff}>
      <Loaded of={state}>
        {(known) => (
          <State
            known={known}
            onStart={start}
            onRenew={renew}
            onTurnOff={() => (isTurningOff.value = true)}
          />
        )}
      </Loaded>
      {begun.value && (
        <SetUpDialog
          begun={begun.value}
          onClose={() => {
            begun.value = null;
            // It may be on all the same: an answer can be lost.
            void state.reload();
          }}
          onDone={(codes) => {
            begun.value = null;
            recoveryCodes.value = codes;
            void state.reload();
          }}
        />
      )}
      {recoveryCodes.value && (
        <RecoveryDialog codes={recoveryCodes.value} onClose={() => (recoveryCodes.value = null)} />
      )}
      {isTurningOff.value && (
        <TurnOffDialog onClose={() => (isTurningOff.value = false)} reload={state.reload} />
      )}
    </Panel>
  );
}

function State({
  known: { isOn, since, recoveryCodesLeft },
  onStart,
  onRenew,
  onTurnOff,
}: {
  known: SecondFactor;
  onStart: () => Promise<void>;
  onRenew: () => void;
  onTurnOff: () => void;
}) {
  if (!isOn || since === null) return <WorkButton work={onStart}>{words.setUp}</WorkButton>;
  return (
    <>
      <p>
        <span class="mark good">{words.on}</span> {words.onSince(formatMoment(since))}{' '}
        {words.codesLeft(recoveryCodesLeft)}
      </p>
      {recoveryCodesLeft < FEW_CODES && <p class="notice warn">{words.fewCodes}</p>}
      <div class="panel-actions">
        <button type="button" class="quiet" onClick={onRenew}>
          {words.renew}
        </button>
        <button type="button" class="quiet danger" onClick={onTurnOff}>
          {words.turnOff}
        </button>
      </div>
    </>
  );
}

function SetUpDialog({
  begun: { secret, link },
  onClose,
  onDone,
}: {
  begun: SecondFactorSecret;
  onClose: () => void;
  onDone: (recoveryCodes: string[]) => void;
}) {
  const code = useSignal('');
  // A browser shows a picture again that it has from the same address; begun again, the secret is another.
  const [picture] = useState(() => `/desk/second-factor.svg?${++timesBegun}`);
  return (
    <Dialog title={words.setUpTitle} onClose={onClose}>
      <p class="hint">{words.app}</p>
      <p>{words.scan}</p>
      <p class="factor-qr">
        {/* The link opens the app when it is on this device. */}
        <a href={link}>
          <img src={picture} width="208" height="208" alt={words.picture} />
        </a>
      </p>
      <p>{words.typed}</p>
      <p class="secret-line">{secret.replaceAll(/.{4}(?=.)/g, '$& ')}</p>
      <Form
        submit={words.confirm}
        onCancel={onClose}
        onSend={async () => {
          const { recoveryCodes } = await turnOn(code.value);
          say(words.turnedOn);
          onDone(recoveryCodes);
        }}
      >
        <TextField
          label={words.code}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          hint={words.codeHint}
          value={code}
          maxLength={10}
        />
      </Form>
    </Dialog>
  );
}

/** Asked again because an answer was lost, it is on already, with codes that nobody saw: others take their place. */
async function turnOn(code: string): Promise<{ recoveryCodes: string[] }> {
  try {
    return await accountApi.confirmSecondFactor(code);
  } catch (error) {
    if (!(error instanceof Problem) || error.document.refused !== 'second-factor-on') throw error;
    return accountApi.renewRecoveryCodes();
  }
}

function RecoveryDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  return (
    <Dialog title={words.recoveryTitle} onClose={onClose} isToldOnce>
      <p>{words.recoveryLead}</p>
      <ol class="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class="dialog-actions">
        <CopyButton text={codes.join('\n')} />
        <button type="button" class="quiet" onClick={() => print()}>
          {words.print}
        </button>
        <button type="button" onClick={onClose}>
          {words.kept}
        </button>
      </div>
    </Dialog>
  );
}

function TurnOffDialog({ onClose, reload }: { onClose: () => void; reload: () => Promise<void> }) {
  const password = useSignal('');
  const code = useSignal('');
  return (
    <Dialog title={words.offTitle} onClose={onClose}>
      <p>{words.offSays}</p>
      <Form
        submit={words.offYes}
        isDestructive
        onCancel={onClose}
        onSend={async () => {
          await accountApi.turnOffSecondFactor(password.value, code.value);
          onClose();
          await reload();
          say(words.turnedOff);
        }}
      >
        <PasswordField label={words.offPassword} name="password" value={password} />
        <TextField label={words.offCode} name="code" autoComplete="one-time-code" value={code} />
      </Form>
    </Dialog>
  );
}
