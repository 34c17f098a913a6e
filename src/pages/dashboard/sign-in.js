import { ask, onSubmit } from './api.js';

const form = document.getElementById('sign-in');
onSubmit(form, async () => {
  await ask('POST', '/sessions', {
    email: form.elements.email.value,
    password: form.elements.password.value,
  });
  location.assign('/desk');
});
