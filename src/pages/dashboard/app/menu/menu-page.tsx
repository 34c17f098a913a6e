import { useSignal } from '@preact/signals';
import { Problem } from '../api.ts';
import type { Item } from '../api-types.ts';
import { Empty } from '../parts/empty.tsx';
import { exampleAmount } from '../parts/fields.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded, useLoad } from '../parts/loaded.tsx';
import { currencyOfShop, moneyToText, readMoney } from '../parts/money.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { attempt, say } from '../parts/toast.tsx';
import { WorkButton } from '../parts/work-button.tsx';
import { shopApi } from '../shop-api.ts';
import type { NewItem } from '../shop-api.ts';
import { texts } from '../texts/menu.ts';
import { texts as shellTexts } from '../texts/shell.ts';
import { AddItems, listNames } from './add-items.tsx';

/** What is sold, edited where it stands. */
export function MenuPage() {
  const menu = useLoad(shopApi.listItems);
  const { columns } = texts;
  const currency = currencyOfShop();

  /** Shows what was changed, and a way back. */
  async function change(item: Item, edit: Partial<NewItem>): Promise<void> {
    const { name } = await save(item, edit);
    const before = Object.fromEntries(Object.keys(edit).map((name) => [name, item[name as keyof NewItem]]));
    say(texts.saved(name), { undo: async () => void (await save(item, before)) });
  }

  async function save({ itemId }: Item, edit: Partial<NewItem>): Promise<Item> {
    const edited = await shopApi.editItem(itemId, edit);
    // The rest of an answer may be older than what is shown: several changes may be on their way.
    const news = Object.fromEntries(Object.keys(edit).map((name) => [name, edited[name as keyof NewItem]]));
    menu.set(menu.value.value!.map((one) => (one.itemId === itemId ? { ...one, ...news } : one)));
    return edited;
  }

  async function remove({ itemId, name }: Item): Promise<void> {
    await shopApi.endItem(itemId);
    await menu.reload();
    say(texts.removed(name), {
      undo: async () => {
        await shopApi.restoreItem(itemId);
        await menu.reload();
      },
    });
  }

  return (
    <Page title={texts.title} lead={texts.lead}>
      <Loaded of={menu}>
        {(items) => (
          <>
            <section class="panel menu" aria-label={texts.caption}>
              <Table
                caption={texts.caption}
                rows={items}
                rowKey={({ itemId }) => itemId}
                columns={[
                  {
                    key: 'name',
                    head: columns.name,
                    isRowHead: true,
                    cell: (item) => (
                      <Cell
                        label={texts.of(columns.name, item.name)}
                        value={item.name}
                        save={(name) => change(item, { name })}
                      />
                    ),
                  },
                  {
                    key: 'price',
                    head: columns.price(currency),
                    isNumber: true,
                    cell: (item) => (
                      <AmountCell
                        label={texts.price(item.name)}
                        minor={item.priceMinor}
                        save={(priceMinor) => change(item, { priceMinor })}
                      />
                    ),
                  },
                  {
                    key: 'cost',
                    head: columns.cost(currency),
                    isNumber: true,
                    cell: (item) => (
                      <AmountCell
                        label={texts.cost(item.name)}
                        minor={item.costMinor}
                        save={(costMinor) => change(item, { costMinor })}
                      />
                    ),
                  },
                  {
                    key: 'qualifies',
                    head: columns.qualifies,
                    cell: (item) => (
                      <Tick
                        label={texts.qualifiesOf(item.name)}
                        isOn={item.qualifies}
                        save={(qualifies) => change(item, { qualifies })}
                      />
                    ),
                  },
                  {
                    key: 'mayBeGiven',
                    head: columns.mayBeGiven,
                    cell: (item) => (
                      <Tick
                        label={texts.mayBeGivenOf(item.name)}
                        isOn={item.mayBeGiven}
                        save={(mayBeGiven) => change(item, { mayBeGiven })}
                      />
                    ),
                  },
                  {
                    key: 'remove',
                    head: columns.remove,
                    isHeadHidden: true,
                    cell: (item) => (
                      <WorkButton
                        class="bare"
                        aria-label={texts.remove(item.name)}
                        title={texts.remove(item.name)}
                        work={() => remove(item)}
                      >
                        <Icon name="close" />
                      </WorkButton>
                    ),
                  },
                ]}
                empty={
                  <Empty icon="cup" title={texts.empty}>
                    {texts.emptyHint}
                  </Empty>
                }
              />
              {items.length > 0 && <p class="hint menu-hint">{texts.costHint}</p>}
            </section>
            <Panel title={texts.add} lead={texts.addLead}>
              <AddItems
                menu={items}
                onAdded={(added) => {
                  menu.set([...menu.value.value!, ...added]);
                  say(texts.added(listNames(added)));
                }}
              />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Text that is edited where it stands: Enter or leaving saves it, Escape puts back what was there. */
function Cell({
  label,
  value,
  save,
  isAmount = false,
}: {
  label: string;
  value: string;
  /** Throws a Problem; what it says is shown under the field. */
  save: (text: string) => Promise<void>;
  isAmount?: boolean;
}) {
  /** What somebody has typed; null while it is what is saved. */
  const typed = useSignal<string | null>(null);
  const wrong = useSignal<string | null>(null);

  async function settle(): Promise<void> {
    const sent = typed.value ?? value;
    wrong.value = null;
    try {
      if (sent.trim() !== value) await save(sent.trim());
      // Who has typed on meanwhile is not done.
      if (typed.value === sent) typed.value = null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      wrong.value = error.document.errors?.[0]?.detail ?? error.document.title;
    }
  }

  return (
    <>
      <input
        class={isAmount ? 'cell number' : 'cell'}
        aria-label={label}
        aria-invalid={wrong.value ? true : undefined}
        inputMode={isAmount ? 'decimal' : 'text'}
        autoComplete="off"
        value={typed.value ?? value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
        onChange={() => void settle()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key !== 'Escape') return;
          typed.value = null;
          wrong.value = null;
        }}
      />
      {wrong.value && (
        <span class="mistake" role="alert">
          {wrong.value}
        </span>
      )}
    </>
  );
}

function AmountCell({
  label,
  minor,
  save,
}: {
  label: string;
  minor: number;
  save: (minor: number) => Promise<void>;
}) {
  return (
    <Cell
      label={label}
      value={moneyToText(minor)}
      isAmount
      save={(text) => {
        const read = readMoney(text);
        if (read !== null) return save(read);
        throw new Problem({ title: shellTexts.form.amount(exampleAmount(currencyOfShop())) });
      }}
    />
  );
}

function Tick({
  label,
  isOn,
  save,
}: {
  label: string;
  isOn: boolean;
  save: (isOn: boolean) => Promise<void>;
}) {
  async function settle(box: HTMLInputElement): Promise<void> {
    try {
      await save(box.checked);
    } catch (error) {
      box.checked = isOn;
      throw error;
    }
  }

  return (
    <label class="tick">
      <input
        type="checkbox"
        aria-label={label}
        checked={isOn}
        onChange={({ currentTarget }) => void attempt(() => settle(currentTarget))}
      />
    </label>
  );
}
