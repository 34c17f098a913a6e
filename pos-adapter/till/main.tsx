import '../../src/pages/older-browsers.ts';
import { render } from 'preact';
import { effect, untracked } from '@preact/signals';
import { watchForCamera } from './camera/has-camera.ts';
import { isOffline, watchConnection } from './send.ts';
import { watchIdleness } from './state/idle.ts';
import { startQueue } from './queue/tap-queue.ts';
import { findLease, takeLease, watchLease } from './state/lease.ts';
import { findSealedSession } from './state/sealed-session.ts';
import { watchAnswers } from './state/acts.ts';
import { deviceToken, findDeviceToken, shareDeviceToken, startTill, watchTill } from './state/till.ts';
import { watchForUpdates } from './update.ts';
import { watchFocusRing } from './focus-ring.ts';
import { direction, LANGUAGE } from './locale.ts';
import { scan } from './scan.ts';
import { App } from './screens/app.tsx';
import { giveFeedback } from './settings/feedback.ts';
import { show } from './state/notice.ts';
import { readShownCard } from './state/open-card.ts';
import { readAllowance, session } from './state/session.ts';
import { texts } from './texts.ts';
import { listenForScans } from './wedge-listener.ts';
import '../../src/pages/style.css';
import './till.css';
import './visit.css';

document.documentElement.lang = LANGUAGE;
document.documentElement.dir = direction;
await findDeviceToken();
shareDeviceToken();
render(<App />, document.getElementById('till')!);
document.querySelector('.not-drawn')?.remove();
listenForScans({
  onCard: (cardCode) => void scan(cardCode),
  onForeign: () => session.value && show('note', texts.waiting.foreign),
});
giveFeedback();
watchFocusRing();
watchConnection();
watchIdleness();
watchAnswers();
watchTill();
startQueue(() => ({ deviceToken: deviceToken.value, session: session.value }));
void findSealedSession();
void startTill().then(findSealedSession); // the server has said what time it is
void findLease();
watchLease();
void watchForCamera();
watchForUpdates();
// With the network back: what is left to give, and one to take along for the next time; and who is being served.
effect(() => {
  if (isOffline.value) return;
  untracked(() => {
    void readAllowance().then(takeLease);
    void readShownCard();
  });
});
