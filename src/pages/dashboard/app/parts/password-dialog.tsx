import { useSignal } from '@preact/signals';
import { ask, CONFIRM_PATH } from '../api.ts';
import type { Who } from '../api-types.ts';
import { askedForPassword } from '../state/password.ts';
import type { Why } from '../state/password.ts';
import { session } from '../state/session.ts';
import { texts } from '../texts/shell.ts';
import { texts as signInTexts } from '../texts/sign-in.ts';
import { CodeField, withCode } from './code-field.tsx';
import { Dialog } from './dialog.tsx';
import { PasswordField, TextField } from './fields.tsx';
import { Form } from './form.tsx';
import { forgetChanges } from './unsaved.ts';

/** Where it is asked; the shell draws it once. */
export function PasswordDialog() {
  const asked = askedForPassword.value;
  return asked && <Ask why={asked.why} settle={asked.settle} />;
}

function Ask({ why, settle }: { why: Why; settle: (isRight: boolean) => void }) {
  const email = useSignal('');
  const password = useSignal('');
  const code = useSignal<string | null>(null);
  const isOver = why !== 'old';
  const words = { old: texts.password, over: texts.over, another: texts.another }[why];

  async function confirm(given: { code?: string }): Promise<void> {
    const typed = { password: password.value, ...given };
    if (!isOver) {
      await ask('POST', CONFIRM_PATH, typed);
      return settle(true);
    }
    const { staffId } = await ask<Who>('POST', '/sessions', { email: email.value, ...typed });
    if (staffId === session.value?.who.staffId) return settle(true);
    openAnew();
  }

  return (
    <Dialog title={words.title} onClose={() => settle(false)}>
      <p>{words.lead}</p>
      <Form
        submit={words.goOn}
        onCancel={() => settle(false)}
        actions={
          why === 'another' && (
            <button type="button" class="quiet" onClick={openAnew}>
              {texts.another.openAnew}
            </button>
          )
        }
        onSend={async () => void (await withCode(code, confirm))}
      >
        {isOver && (
          <TextField
            label={signInTexts.email}
            name="email"
            type="email"
            autoComplete="username"
            value={email}
          />
        )}
        <PasswordField label={texts.password.label} name="password" value={password} />
        <CodeField code={code} />
      </Form>
    </Dialog>
  );
}

/** The desk of whoever is signed in now: what is on this page is not theirs. */
function openAnew(): void {
  forgetChanges();
  location.assign('/desk');
}
