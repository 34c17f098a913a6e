import { inLanguage } from '../language.ts';

export const texts = inLanguage({ title: 'Home' });
