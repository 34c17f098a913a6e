import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { makeAskOnce } from '../api.ts';
import type { Item, Program, Staff } from '../api-types.ts';
import { ProgramForm } from '../cards/program-form.tsx';
import { AddItems, listNames } from '../menu/add-items.tsx';
import type { PageProps } from '../pages.ts';
import { Form } from '../parts/form.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import type { Loading } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { say } from '../parts/toast.tsx';
import { hasUnsaved } from '../parts/unsaved.ts';
import { PersonForm, PinField } from '../people/person-form.tsx';
import { goFrom, path } from '../router.ts';
import { shopApi } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts as peopleTexts } from '../texts/people.ts';
import { texts } from '../texts/start.ts';
import { texts as tillTexts } from '../texts/tills.ts';
import { ConnectTill } from '../tills/connect-till.tsx';
import { STEPS, Steps } from './steps.tsx';
import type { Step } from './steps.tsx';

interface Progress {
  programs: Program[];
  items: Item[];
  staff: Staff[];
  tillCount: number;
}

/** A step of the first run. Nothing is kept but what the shop itself holds, so each can be left and come back to. */
export function StartPage({ params }: PageProps) {
  const step = STEPS.find((one) => one === params['step']) ?? 'card';
  const progress = useLoad(loadProgress);
  return (
    <Page title={titles[step]} lead={leads[step]}>
      <Loaded of={progress}>
        {(found) => (
          <>
            <Steps current={step} done={doneOf(found, step)} />
            <StepOf step={step} found={found} progress={progress} />
            <Foot step={step} found={found} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const titles: Record<Step, string> = {
  shop: texts.shop,
  card: texts.cardTitle,
  menu: texts.menuTitle,
  people: texts.peopleTitle,
  till: texts.tillTitle,
};

const leads: Record<Step, string> = {
  shop: '',
  card: texts.cardLead,
  menu: texts.menuLead,
  people: texts.peopleLead,
  till: texts.tillLead,
};

async function loadProgress(): Promise<Progress> {
  const [programs, items, staff, devices] = await Promise.all([
    shopApi.listPrograms(),
    shopApi.listItems(),
    shopApi.listStaff(),
    shopApi.listDevices(),
  ]);
  return { programs, items, staff, tillCount: devices.length };
}

/** The stamp card has a first rule from the start; it is done once something was saved, or work went on. */
function doneOf({ programs, items, staff, tillCount }: Progress, current: Step): ReadonlySet<Step> {
  const done = new Set<Step>(['shop']);
  if (programs.some(({ version }) => version > 1) || current !== 'card') done.add('card');
  if (items.length > 0) done.add('menu');
  if (staff.some(({ hasPin }) => hasPin)) done.add('people');
  if (tillCount > 0) done.add('till');
  return done;
}

function StepOf({ step, found, progress }: { step: Step; found: Progress; progress: Loading<Progress> }) {
  switch (step) {
    case 'menu':
      return <MenuStep items={found.items} onMore={(items) => progress.set({ ...found, items })} />;
    case 'people':
      return <PeopleStep staff={found.staff} onChange={() => progress.reload()} />;
    case 'till':
      return <TillStep onChange={() => progress.reload()} />;
    default:
      return <CardStep program={found.programs[0] ?? null} />;
  }
}

function CardStep({ program }: { program: Program | null }) {
  const here = path.peek();
  const askOnce = useMemo(makeAskOnce, []);
  return (
    <ProgramForm
      program={program}
      isShort
      submit={texts.next}
      onSend={async (rule) => {
        if (program) await shopApi.editProgram(program.programId, rule);
        else await shopApi.addProgram(askOnce, { name: texts.cardTitle, ...rule });
        // What was changed meanwhile is not saved yet.
        if (!program || !hasUnsaved()) goFrom(here, '/desk/start/menu');
      }}
    />
  );
}

function MenuStep({ items, onMore }: { items: readonly Item[]; onMore: (items: Item[]) => void }) {
  const here = path.peek();
  function goOn(added: readonly Item[]): void {
    // What was typed meanwhile is not on the menu yet.
    if (hasUnsaved()) onMore([...items, ...added]);
    else goFrom(here, '/desk/start/people');
  }
  return (
    <div class="panel">
      {items.length > 0 && <Have text={texts.menuHave(listNames(items))} />}
      <AddItems menu={items} submit={texts.addAndGoOn} onAdded={goOn} />
    </div>
  );
}

function PeopleStep({ staff, onChange }: { staff: readonly Staff[]; onChange: () => Promise<void> }) {
  const { who } = useSession();
  const withPin = staff.filter(({ hasPin }) => hasPin);
  const self = staff.find(({ staffId }) => staffId === who.staffId);
  return (
    <>
      {withPin.length > 0 && <Have text={texts.peopleHave(listNames(withPin))} />}
      <Panel title={peopleTexts.add}>
        <PersonForm
          person={null}
          locations={[]}
          submit={texts.addPerson}
          onDone={({ name }) => {
            say(peopleTexts.added(name));
            void onChange();
          }}
        />
      </Panel>
      {self && !self.hasPin && <OwnPin self={self} onChange={onChange} />}
    </>
  );
}

function OwnPin({ self, onChange }: { self: Staff; onChange: () => Promise<void> }) {
  const pin = useSignal('');
  return (
    <Panel title={texts.ownPin(self.name)}>
      <Form
        label={texts.ownPin(self.name)}
        submit={texts.ownPinSave}
        onSend={async () => {
          await shopApi.editStaff(self.staffId, { pin: pin.value });
          say(texts.ownPinSaved);
          await onChange();
        }}
      >
        <PinField value={pin} isOwn />
      </Form>
    </Panel>
  );
}

function TillStep({ onChange }: { onChange: () => Promise<void> }) {
  const locations = useLoad(shopApi.listLocations);
  return (
    <Panel title={tillTexts.add}>
      <Loaded of={locations}>
        {(list) => <ConnectTill locations={list} onConnected={() => void onChange()} />}
      </Loaded>
    </Panel>
  );
}

/** Back, and on: where a step saves by itself, on is only for what is done already. */
function Foot({ step, found }: { step: Step; found: Progress }) {
  const index = STEPS.indexOf(step);
  const before = STEPS[index - 1];
  const after = STEPS[index + 1];
  const isDone = doneOf(found, step).has(step);
  return (
    <div class="start-foot">
      {before && before !== 'shop' && (
        <a class="button quiet" href={`/desk/start/${before}`}>
          {texts.back}
        </a>
      )}
      {after ? (
        <a class={isDone ? 'button' : 'button quiet'} href={`/desk/start/${after}`}>
          {isDone ? texts.goOn : texts.later}
        </a>
      ) : (
        <a class={isDone ? 'button' : 'button quiet'} href="/desk">
          {isDone ? texts.finish : texts.later}
        </a>
      )}
    </div>
  );
}

function Have({ text }: { text: string }) {
  return <p class="notice good start-have">{text}</p>;
}
