import { useSignal } from '@preact/signals';
import { ask } from '../api.ts';
import { askedForPassword } from '../state/password.ts';
import { texts } from '../texts/shell.ts';
import { CodeField, withCode } from './code-field.tsx';
import { Dialog } from './dialog.tsx';
import { PasswordField } from './fields.tsx';
import { Form } from './form.tsx';

/** Where it is asked; the shell draws it once. */
export function PasswordDialog() {
  const settle = askedForPassword.value;
  return settle && <Ask settle={settle} />;
}

function Ask({ settle }: { settle: (isConfirmed: boolean) => void }) {
  const password = useSignal('');
  const code = useSignal<string | null>(null);
  return (
    <Dialog title={texts.password.title} onClose={() => settle(false)}>
      <p>{texts.password.lead}</p>
      <Form
        submit={texts.password.goOn}
        onCancel={() => settle(false)}
        onSend={async () => {
          const isConfirmed = await withCode(code, (given) =>
            ask('POST', '/sessions/current/confirm', { password: password.value, ...given }),
          );
          if (isConfirmed) settle(true);
        }}
      >
        <PasswordField label={texts.password.label} name="password" value={password} />
        <CodeField code={code} />
      </Form>
    </Dialog>
  );
}
