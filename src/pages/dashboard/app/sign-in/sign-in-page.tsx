import { useSignal } from '@preact/signals';
import { ask } from '../api.ts';
import { PasswordField, TextField } from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { Page } from '../parts/page.tsx';
import { CodeField, withCode } from '../parts/code-field.tsx';
import { query } from '../router.ts';
import { texts } from '../texts/sign-in.ts';

/** Owners and managers sign in, in two steps if their second factor is on; then they are where they wanted to go. */
export function SignInPage() {
  const email = useSignal('');
  const password = useSignal('');
  const code = useSignal<string | null>(null);
  return (
    <Page title={texts.title}>
      <div class="panel">
        <Form
          submit={texts.submit}
          onSend={async () => {
            const isSignedIn = await withCode(code, (given) =>
              ask('POST', '/sessions', { email: email.value, password: password.value, ...given }),
            );
            if (isSignedIn) location.assign(wanted());
          }}
        >
          <TextField label={texts.email} name="email" type="email" autoComplete="username" value={email} />
          <PasswordField label={texts.password} name="password" value={password} />
          <CodeField code={code} />
        </Form>
      </div>
      <p class="hint">
        {texts.hint} {texts.forgotten}
      </p>
    </Page>
  );
}

/** Only to pages of the desk: a link of somebody else’s leads nowhere else. */
function wanted(): string {
  const next = query.value.get('next') ?? '';
  return /^\/desk(\/|\?|$)/.test(next) ? next : '/desk';
}
