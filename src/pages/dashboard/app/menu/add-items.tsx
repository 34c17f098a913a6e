import { signal, useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Item } from '../api-types.ts';
import { Field, readAmount, readNeededAmount } from '../parts/fields.tsx';
import { Form, Mistake } from '../parts/form.tsx';
import { currencyOfShop } from '../parts/money.tsx';
import { formatList } from '../format.ts';
import { makeAskOnce, Problem } from '../api.ts';
import type { Ask } from '../api.ts';
import { shopApi } from '../shop-api.ts';
import { texts } from '../texts/menu.ts';
import './menu.css';

/** Drinks earn stamps, and may be given; what goes with them does neither, until the owner says so. */
const SUGGESTIONS: readonly { name: string; isDrink: boolean }[] = Object.entries(texts.suggestions).map(
  ([key, name]) => ({ name, isDrink: key !== 'croissant' && key !== 'cake' }),
);
/** What a drink costs to make when nobody said: of its price. */
const GUESSED_COST = 0.25;

interface Line {
  key: string;
  isTicked: Signal<boolean>;
  name: Signal<string>;
  price: Signal<string>;
  cost: Signal<string>;
  isDrink: boolean;
  isOwn: boolean;
  askOnce: Ask;
}

/** Many items at once: suggestions to tick and price, and lines for whatever else is sold. */
export function AddItems({
  menu,
  submit = texts.addMany,
  onAdded,
}: {
  /** What is there already is not suggested. */
  menu: readonly Item[];
  submit?: string;
  onAdded: (items: readonly Item[]) => void;
}) {
  /** What came through of an attempt that broke off: the next one goes on from there. */
  const added = useSignal<Item[]>([]);
  const known = [...menu, ...added.value].map(({ name }) => name.toLowerCase());
  const suggested = useMemo(() => SUGGESTIONS.map(({ name, isDrink }) => aLine(name, isDrink)), []);
  const own = useSignal<Line[]>([aLine('', true)]);
  const lines = [...suggested.filter(({ name }) => !known.includes(name.value.toLowerCase())), ...own.value];

  async function send(): Promise<void> {
    const ticked = lines.filter(({ isTicked, isOwn, name }) =>
      isOwn ? name.value.trim() !== '' : isTicked.value,
    );
    if (ticked.length === 0 && added.value.length === 0)
      throw new Mistake({ [`name ${own.value[0]!.key}`]: texts.nothingTicked });
    const wanted = ticked.map((line) => ({ line, item: readLine(line) }));
    for (const { line, item } of wanted) {
      added.value = [...added.value, await addItem(line, item)];
      line.isTicked.value = false;
      // Named anew meanwhile, it is the next one.
      if (line.name.value.trim() === item.name) own.value = own.value.filter((one) => one !== line);
    }
    const all = added.value;
    added.value = [];
    onAdded(all);
  }

  return (
    <Form label={texts.add} submit={submit} onSend={send}>
      <ul class="unmarked add-items">
        {lines.map((line) => (
          <AddLine
            key={line.key}
            line={line}
            onNamed={() => {
              if (line === own.value.at(-1)) own.value = [...own.value, aLine('', true)];
            }}
          />
        ))}
      </ul>
      <p class="hint">{texts.whatCounts}</p>
    </Form>
  );
}

/** `Flat white and Tea` */
export function listNames(named: readonly { name: string }[]): string {
  return formatList(named.map(({ name }) => name));
}

function AddLine({ line, onNamed }: { line: Line; onNamed: () => void }) {
  const { key, isOwn, isTicked, name, price, cost } = line;
  const isChosen = isOwn ? name.value.trim() !== '' : isTicked.value;
  const currency = currencyOfShop();
  return (
    <li class={isChosen ? 'chosen' : ''}>
      {isOwn ? (
        <Field label={texts.own} name={`name ${key}`}>
          {(control) => (
            <input
              {...control}
              autoComplete="off"
              placeholder={texts.ownHint}
              value={name.value}
              onInput={(event) => {
                name.value = event.currentTarget.value;
                if (name.value !== '') onNamed();
              }}
            />
          )}
        </Field>
      ) : (
        <label class="add-tick">
          <input
            type="checkbox"
            checked={isTicked.value}
            onInput={(event) => (isTicked.value = event.currentTarget.checked)}
          />
          <span>{name.value}</span>
        </label>
      )}
      {isChosen && (
        <div class="add-amounts">
          <AmountField label={texts.columns.price(currency)} name={`price ${key}`} value={price} />
          <AmountField label={texts.columns.cost(currency)} name={`cost ${key}`} value={cost} />
        </div>
      )}
    </li>
  );
}

function AmountField({ label, name, value }: { label: string; name: string; value: Signal<string> }) {
  return (
    <Field label={label} name={name}>
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          value={value.value}
          onInput={(event) => (value.value = event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** What the API refuses of an item is said at its line. */
async function addItem({ key, askOnce }: Line, item: Omit<Item, 'itemId'>): Promise<Item> {
  try {
    return await shopApi.addItem(askOnce, item);
  } catch (error) {
    if (!(error instanceof Problem) || !error.document.errors) throw error;
    const fields: Record<string, string> = { '/body/priceMinor': 'price', '/body/costMinor': 'cost' };
    throw new Mistake(
      Object.fromEntries(
        error.document.errors.map(({ pointer, detail }) => [`${fields[pointer] ?? 'name'} ${key}`, detail]),
      ),
    );
  }
}

function readLine({ key, name, price, cost, isDrink }: Line): Omit<Item, 'itemId'> {
  const priceMinor = readNeededAmount(`price ${key}`, price.value);
  return {
    name: name.value.trim(),
    priceMinor,
    costMinor: readAmount(`cost ${key}`, cost.value) ?? Math.round(priceMinor * GUESSED_COST),
    qualifies: isDrink,
    mayBeGiven: isDrink,
  };
}

let count = 0;

function aLine(name: string, isDrink: boolean): Line {
  return {
    key: String(++count),
    isTicked: signal(false),
    name: signal(name),
    price: signal(''),
    cost: signal(''),
    isDrink,
    isOwn: name === '',
    askOnce: makeAskOnce(),
  };
}
