import { BYTE_ORDER_MARK, csvLines } from './csv-lines.ts';
import type { Effect, EvidenceView } from './evidence-view.ts';
import {
  count,
  csvText,
  day,
  decimal,
  empty,
  flag,
  instant,
  money,
  typed,
  word,
} from './spreadsheet-cell.ts';
import type { Cell } from './spreadsheet-cell.ts';
import { xlsxFile } from './xlsx-file.ts';

const MILLION = 1_000_000;
const LEAST_DIGITS = 2;
const MOST_DIGITS = 6;

const columns = [
  { name: 'of', width: 16 },
  { name: 'what', width: 34 },
  { name: 'value', width: 22 },
  { name: 'low', width: 14 },
  { name: 'high', width: 14 },
];

/** The evidence as a file after RFC 4180: one line for each thing that is said, with its interval where it has one. */
export function evidenceCsv(view: EvidenceView): string {
  const lines = [columns.map(({ name }) => name), ...listLines(view).map((line) => line.map(csvText))];
  return BYTE_ORDER_MARK + csvLines(lines);
}

/** The same as a workbook, with what was told on other days on a second sheet. */
export function evidenceXlsx(view: EvidenceView): AsyncGenerator<Uint8Array> {
  async function* lines(): AsyncGenerator<Cell[][]> {
    yield listLines(view);
  }
  async function* days(): AsyncGenerator<Cell[][]> {
    yield view.series.map((told) => [
      day(told.day),
      amount(told.effect, view.currency),
      amount(told.low, view.currency),
      amount(told.high, view.currency),
      count(told.matured),
    ]);
  }
  const dayColumns = ['day', 'effect', 'low', 'high', 'matured_draws'].map((name) => ({ name, width: 14 }));
  return xlsxFile([
    { name: 'Evidence', columns, parts: lines() },
    { name: 'Day by day', columns: dayColumns, parts: days() },
  ]);
}

/** What a file of the evidence is called; `today` is the shop's day of `asOf`. */
export function evidenceFileName(
  { kind }: EvidenceView,
  { today, format }: { today: string; format: 'csv' | 'xlsx' },
): string {
  return `evidence-${kind}-${today}.${format}`;
}

function listLines(view: EvidenceView): Cell[][] {
  const { currency, draws, cost, stillNeeded, restated } = view;
  const line = (of: string, what: string, value: Cell, low: Cell = empty, high: Cell = empty): Cell[] => [
    word(of),
    word(what),
    value,
    low,
    high,
  ];
  const inMoney = (what: string, effect: Effect | null): Cell[] =>
    line(
      'estimate',
      what,
      amount(effect?.effect, currency),
      amount(effect?.low, currency),
      amount(effect?.high, currency),
    );
  return [
    line('season', 'season_id', word(view.seasonId)),
    line('season', 'kind', word(view.kind)),
    line('season', 'gesture_kind', view.gestureKind === null ? empty : word(view.gestureKind)),
    line('season', 'location', view.locationName === null ? empty : typed(view.locationName)),
    line('season', 'started_at', instant(view.startedAt)),
    line('season', 'ended_at', view.endedAt ? instant(view.endedAt) : empty),
    line('season', 'chance', exact(view.chanceMillionths / MILLION)),
    line('season', 'key_hash', word(view.keyHash)),
    line('season', 'as_of', instant(view.asOf)),
    line('season', 'is_made_up', flag(view.isMadeUp)),
    line('season', 'inputs_hash', word(view.inputsHash)),
    line('draws', 'made', count(draws.made)),
    line('draws', 'matured', count(draws.matured)),
    line('draws', 'customers', count(draws.maturedCustomers)),
    line('draws', 'treated', count(draws.treated)),
    line('draws', 'accepted', count(draws.accepted)),
    line('verdict', view.verdict, empty),
    inMoney('caused_by_a_gesture_in_30_days', view.gesture),
    inMoney('caused_by_an_offer_in_30_days', view.offer),
    line(
      'estimate',
      'visits_caused_by_a_gesture',
      number(view.visits?.effect),
      number(view.visits?.low),
      number(view.visits?.high),
    ),
    line('estimate', 'acceptance', number(view.acceptance?.rate)),
    line('cost', 'of_a_gesture', amount(cost.gestureMinor, currency)),
    line('cost', 'of_all', amount(cost.totalMinor, currency)),
    line('cost', 'break_even_spend', amount(cost.breakEvenMinor, currency)),
    line('cost', 'break_even_visits', number(cost.breakEvenVisits)),
    line('missing', 'treats', stillNeeded ? count(stillNeeded.treats) : empty),
    line('missing', 'weeks', stillNeeded?.weeks == null ? empty : count(stillNeeded.weeks)),
    line('restated', 'since', restated ? day(restated.since) : empty),
    line('restated', 'spend', amount(restated?.spendMinor, currency)),
    line('restated', 'sales', restated ? count(restated.sales) : empty),
    line('restated', 'gestures', restated ? count(restated.gestures) : empty),
    ...view.lights.flatMap(({ check, light, figures }) => [
      line('light', check, word(light)),
      ...Object.entries(figures).map(([name, value]) => line('light', `${check}.${name}`, number(value))),
    ]),
  ];
}

/** Money is written in whole minor units. */
function amount(minor: number | null | undefined, currency: string): Cell {
  return minor == null ? empty : money(Math.round(minor), currency);
}

/** As many digits as a chance in millionths has, and two at least. */
function exact(value: number): Cell {
  const [, digits = ''] = value.toFixed(MOST_DIGITS).replace(/0+$/, '').split('.');
  return decimal(value, Math.max(LEAST_DIGITS, digits.length));
}

/** Whole where it is a count; otherwise with its first two figures: what decides a light may lie far below a hundredth. */
function number(value: number | null | undefined): Cell {
  if (value == null) return empty;
  if (Number.isInteger(value)) return count(value);
  const places = 1 - Math.floor(Math.log10(Math.abs(value)));
  return decimal(value, Math.min(MOST_DIGITS, Math.max(LEAST_DIGITS, places)));
}
