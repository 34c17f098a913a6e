import { render } from 'preact';
import { watchConnection } from './send.ts';
import { watchIdleness } from './state/idle.ts';
import { readTill } from './state/till.ts';
import { direction, LANGUAGE } from './locale.ts';
import { scan } from './scan.ts';
import { App } from './screens/app.tsx';
import { giveFeedback } from './settings/feedback.ts';
import { show } from './state/notice.ts';
import { session } from './state/session.ts';
import { texts } from './texts.ts';
import { listenForScans } from './wedge-listener.ts';
import '../../src/pages/style.css';
import './till.css';
import './visit.css';

document.documentElement.lang = LANGUAGE;
document.documentElement.dir = direction;
render(<App />, document.getElementById('till')!);
listenForScans({
  onCard: (cardCode) => void scan(cardCode),
  onForeign: () => session.value && show('note', texts.waiting.foreign),
});
giveFeedback();
watchConnection();
watchIdleness();
void readTill();
