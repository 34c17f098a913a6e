import { inLanguage } from '../language.ts';

/** What pages are called, in the navigation and in the title of the window. */
export const texts = inLanguage({
  home: 'Home',
  unknown: 'Nothing here',
});
