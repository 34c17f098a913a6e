import { inLanguage } from '../language.ts';

export const texts = inLanguage({
  title: 'Sign in',
  email: 'E-mail address',
  password: 'Password',
  submit: 'Sign in',
  hint: 'For owners and managers. Baristas enter their PIN at the till.',
});
