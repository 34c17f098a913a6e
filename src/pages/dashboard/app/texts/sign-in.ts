import { inLanguage } from '../language.ts';

export const texts = inLanguage({
  title: 'Sign in',
  email: 'E-mail address',
  password: 'Password',
  submit: 'Sign in',
  hint: 'For owners and managers. Baristas enter their PIN at the till.',
  forgotten:
    'Forgotten the password? An owner gives a manager a new one, under “People”; for an owner, whoever runs the server does.',
});
