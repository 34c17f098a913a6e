import { render } from 'preact';
import { openCard } from './state/serve.ts';
import { watchConnection } from './send.ts';
import { watchIdleness } from './state/idle.ts';
import { newCard } from './state/new-card.ts';
import { readTill } from './state/till.ts';
import { App } from './screens/app.tsx';
import { listenForScans } from './wedge-listener.ts';
import '../../src/pages/style.css';
import './till.css';
import './visit.css';

render(<App />, document.getElementById('till')!);
listenForScans((cardCode) => void scan(cardCode));
watchConnection();
watchIdleness();
void readTill();

async function scan(cardCode: string): Promise<void> {
  if (await openCard(cardCode)) newCard.value = null;
}
