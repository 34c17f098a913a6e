import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import type { Program } from '../api-types.ts';
import { onlyChanged } from '../only-changed.ts';
import {
  MoneyField,
  NumberField,
  Pair,
  readAmount,
  readNeededAmount,
  readNumber,
  SelectField,
  TextField,
} from '../parts/fields.tsx';
import { Form } from '../parts/form.tsx';
import { moneyToText } from '../parts/money.tsx';
import { PictureField, usePictureUrl } from '../parts/picture-field.tsx';
import type { ProgramRule } from '../shop-api.ts';
import { useSession } from '../state/session.ts';
import { texts } from '../texts/cards.ts';
import { CardPreview, isReadable } from './card-preview.tsx';
import './cards.css';

/** Colours that go with coffee; any other can be chosen as well. */
const SWATCHES = [
  { colour: '#7a4a2b', name: texts.colours.coffee },
  { colour: '#3b2a20', name: texts.colours.espresso },
  { colour: '#1f4d3f', name: texts.colours.pine },
  { colour: '#234a78', name: texts.colours.sea },
  { colour: '#7b2d42', name: texts.colours.berry },
  { colour: '#b5562a', name: texts.colours.clay },
  { colour: '#e8c468', name: texts.colours.honey },
  { colour: '#f0d9c4', name: texts.colours.milk },
];

/** Edits the rule of a stamp card beside what it looks like. `isShort` leaves out what can wait, for the first run. */
export function ProgramForm({
  program,
  isShort = false,
  submit,
  onSend,
}: {
  program: Program | null;
  isShort?: boolean;
  submit: string;
  onSend: (rule: Partial<ProgramRule>) => Promise<void>;
}) {
  const { merchant } = useSession();
  const name = useSignal(program?.name ?? '');
  const stampsRequired = useSignal(String(program?.stampsRequired ?? 10));
  const rewardName = useSignal(program?.rewardName ?? '');
  const rewardCost = useSignal(program?.rewardCostMinor == null ? '' : moneyToText(program.rewardCostMinor));
  const colour = useSignal(program?.colour ?? SWATCHES[0]!.colour);
  const per = useSignal<string>(program?.accrual.per ?? 'item');
  const minimum = useSignal(minimumOf(program));
  const amount = useSignal(amountOf(program));
  const expiry = useSignal(program?.expiryDays == null ? '' : String(program.expiryDays));
  const pictureId = useSignal(program?.pictureId ?? null);
  /** What the fields showed when they came, and what of it was saved since. */
  const shown = useRef<Partial<ProgramRule>>(program ?? {});

  async function send(): Promise<void> {
    const rule = readRule();
    await onSend(program ? onlyChanged(rule, shown.current) : rule);
    shown.current = { ...shown.current, ...rule };
  }

  function readRule(): Partial<ProgramRule> {
    const rule: Partial<ProgramRule> = {
      stampsRequired: readNumber('stampsRequired', stampsRequired.value),
      rewardName: rewardName.value,
      rewardCostMinor: readAmount('rewardCostMinor', rewardCost.value),
      colour: colour.value,
      pictureId: pictureId.value,
    };
    if (isShort) return rule;
    return {
      ...rule,
      name: name.value,
      accrual: readAccrual(),
      expiryDays: expiry.value.trim() === '' ? null : readNumber('expiryDays', expiry.value),
    };
  }

  function readAccrual(): Program['accrual'] {
    if (per.value === 'sale')
      return { per: 'sale', minimumMinor: readAmount('accrual.minimumMinor', minimum.value) ?? 0 };
    if (per.value === 'amount')
      return { per: 'amount', amountMinor: readNeededAmount('accrual.amountMinor', amount.value) };
    return { per: 'item' };
  }

  return (
    <div class="card-editor">
      <div class="panel">
        <Form submit={submit} onSend={send}>
          {!isShort && <TextField label={texts.name} name="name" hint={texts.nameHint} value={name} />}
          <Pair>
            <NumberField label={texts.stamps} name="stampsRequired" value={stampsRequired} min={2} max={50} />
            <TextField label={texts.reward} name="rewardName" value={rewardName} />
          </Pair>
          <MoneyField
            label={texts.rewardCost}
            name="rewardCostMinor"
            hint={texts.rewardCostHint}
            value={rewardCost}
            isOptional
          />
          <ColourField value={colour} />
          {!isShort && (
            <>
              <SelectField
                label={texts.accrual}
                name="accrual"
                value={per}
                options={(['item', 'sale', 'amount'] as const).map((value) => ({
                  value,
                  text: texts.accruals[value],
                }))}
              />
              {per.value === 'sale' && (
                <MoneyField label={texts.minimum} name="accrual.minimumMinor" value={minimum} isOptional />
              )}
              {per.value === 'amount' && (
                <MoneyField label={texts.amount} name="accrual.amountMinor" value={amount} />
              )}
              <NumberField
                label={texts.expiry}
                name="expiryDays"
                hint={texts.expiryHint}
                value={expiry}
                isOptional
                min={1}
              />
            </>
          )}
          <PictureField label={texts.picture} hint={texts.pictureHint} value={pictureId} />
          {program && !isShort && (
            <WhatChanges program={program} stampsRequired={stampsRequired.value} expiry={expiry.value} />
          )}
        </Form>
      </div>
      <CardPreview
        shopName={merchant.name}
        stampsRequired={Number(stampsRequired.value)}
        rewardName={rewardName.value || texts.reward}
        colour={colour.value}
        pictureUrl={usePictureUrl(pictureId.value)}
      />
    </div>
  );
}

/** What the change means for cards that customers have, when it means anything. */
function WhatChanges({
  program,
  stampsRequired,
  expiry,
}: {
  program: Program;
  stampsRequired: string;
  expiry: string;
}) {
  const isOtherRule = Number(stampsRequired) !== program.stampsRequired;
  const isOtherExpiry = expiry !== (program.expiryDays == null ? '' : String(program.expiryDays));
  return (
    <div class="notice what-changes" aria-live="polite">
      <p>{texts.changeNow}</p>
      {isOtherRule && <p>{texts.changeLater(program.stampsRequired)}</p>}
      {isOtherExpiry && <p>{texts.changeExpiry}</p>}
    </div>
  );
}

function ColourField({ value }: { value: Signal<string> }) {
  const group = useId();
  return (
    <fieldset class="field" aria-describedby={`${group}-hint`}>
      <legend>{texts.colour}</legend>
      <div class="swatches">
        {SWATCHES.map(({ colour, name }) => (
          <input
            key={colour}
            type="radio"
            name={group}
            value={colour}
            aria-label={name}
            title={name}
            checked={value.value === colour}
            style={{ '--swatch': colour }}
            onInput={() => (value.value = colour)}
          />
        ))}
        <label class={SWATCHES.some(({ colour }) => colour === value.value) ? 'own' : 'own chosen'}>
          <input
            type="color"
            name="colour"
            value={value.value}
            onInput={(event) => (value.value = event.currentTarget.value)}
          />
          {texts.otherColour}
        </label>
      </div>
      <p class="hint" id={`${group}-hint`} role="status">
        {isReadable(value.value) ? texts.colourGood : texts.colourDarker}
      </p>
    </fieldset>
  );
}

function minimumOf(program: Program | null): string {
  return program?.accrual.per === 'sale' && program.accrual.minimumMinor > 0
    ? moneyToText(program.accrual.minimumMinor)
    : '';
}

function amountOf(program: Program | null): string {
  return program?.accrual.per === 'amount' ? moneyToText(program.accrual.amountMinor) : '';
}
