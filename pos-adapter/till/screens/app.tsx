import { useEffect } from 'preact/hooks';
import { CameraSheet } from '../camera/lazy-camera-sheet.tsx';
import { Banners } from '../parts/banners.tsx';
import { LiveRegion } from '../parts/live-region.tsx';
import { TopBar } from '../parts/top-bar.tsx';
import { SettingsSheet } from '../settings/settings-sheet.tsx';
import { settings } from '../settings/settings.ts';
import { leftAt } from '../state/idle.ts';
import { mirror } from '../state/mirror.ts';
import { newCard } from '../state/new-card.ts';
import { session } from '../state/session.ts';
import { sheet } from '../state/sheet.ts';
import { deviceToken, readTill, till, tillTrouble } from '../state/till.ts';
import { visit } from '../state/visit.ts';
import { texts } from '../texts.ts';
import { EnrolScreen } from './enrol-screen.tsx';
import { MirrorScreen } from './mirror-screen.tsx';
import { NewCardScreen } from './new-card-screen.tsx';
import { PeopleScreen } from './people-screen.tsx';
import { VisitScreen } from './visit-screen.tsx';
import { WaitingScreen } from './waiting-screen.tsx';

export function App() {
  useEffect(() => {
    document.documentElement.classList.toggle('left-handed', settings.value.hand === 'left');
  }, [settings.value.hand]);
  return (
    <>
      <header class="top">
        <TopBar />
        <Banners />
      </header>
      <main>
        <Screen />
      </main>
      {sheet.value?.kind === 'settings' && <SettingsSheet />}
      {sheet.value?.kind === 'camera' && <CameraSheet from={sheet.value.from} />}
      <LiveRegion />
    </>
  );
}

function Screen() {
  if (deviceToken.value === null) return <EnrolScreen />;
  if (!till.value) return <Loading />;
  if (!session.value) return <PeopleScreen />;
  if (newCard.value) return <NewCardScreen />;
  if (visit.value) return <VisitScreen key={visit.value.visitNumber} />;
  if (mirror.value) return <MirrorScreen />;
  return <WaitingScreen key={leftAt.value} />;
}

function Loading() {
  if (tillTrouble.value === null) return <p class="loading">{texts.loading}</p>;
  return (
    <div class="narrow panel">
      <p role="alert">{tillTrouble.value}</p>
      <button type="button" class="big" onClick={() => void readTill()}>
        {texts.tryAgain}
      </button>
    </div>
  );
}
