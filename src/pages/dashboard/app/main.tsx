import '../../older-browsers.ts';
import { render } from 'preact';
import { applyLanguage } from './language.ts';
import { askBeforeClosing } from './parts/unsaved.ts';
import { followLinks } from './router.ts';
import { Shell } from './shell.tsx';
import { watchSession } from './state/session.ts';
import '../../style.css';
import './app.css';
import './parts/parts.css';

// A browser may keep a page as it was for its Back button: with the customers on it, after somebody signed out.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
applyLanguage();
followLinks();
askBeforeClosing();
watchSession();
render(<Shell />, document.getElementById('desk')!);
document.querySelector('.not-drawn')?.remove();
