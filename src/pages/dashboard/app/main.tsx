import { render } from 'preact';
import { applyLanguage } from './language.ts';
import { followLinks } from './router.ts';
import { Shell } from './shell.tsx';
import '../../style.css';
import './app.css';
import './parts/parts.css';

applyLanguage();
followLinks();
render(<Shell />, document.getElementById('desk')!);
