import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { evidenceCsv, evidenceFileName, evidenceXlsx } from '../../src/operations/evidence-file.ts';
import type { EvidenceView } from '../../src/operations/evidence-view.ts';
import { reportEvidence } from '../../src/operations/report-evidence.ts';
import { aSeason, testSealer } from '../support/a-season.ts';
import { aShop } from '../support/a-shop.ts';
import { forEachDatabase } from '../support/databases.ts';
import { FixedClock } from '../support/fixed-clock.ts';

forEachDatabase('the file of the evidence', (database) => {
  const report = async (currency = 'GBP'): Promise<EvidenceView> => {
    const { db } = database;
    const clock = new FixedClock('2026-05-20T12:00:00Z');
    const shop = await aShop(db, { currency });
    await aSeason(db, shop);
    const view = await reportEvidence(db, clock, testSealer)(shop, {});
    if ('refused' in view) throw new Error(view.refused);
    return view;
  };
  const linesOf = (view: EvidenceView) => {
    const rows = parse(evidenceCsv(view), { columns: true, bom: true }) as Record<string, string>[];
    return new Map(rows.map((row) => [row['what']!, row]));
  };
  const told = {
    gesture: { effect: 115.4, low: -739, high: 950.6, standardError: 300 },
    offer: { effect: 92, low: -590, high: 760, standardError: 250 },
    acceptance: { rate: 0.82, standardError: 0.03 },
  };

  it('leaves empty what nobody knows yet, and never writes a nought for it', async () => {
    const lines = linesOf(await report());
    for (const what of [
      'caused_by_a_gesture_in_30_days',
      'visits_caused_by_a_gesture',
      'acceptance',
      'treats',
    ])
      expect(lines.get(what), `${what}`).toMatchObject({ value: '', low: '', high: '' });
    expect(lines.get('ended_at')).toMatchObject({ value: '' });
    expect(lines.get('made')).toMatchObject({ of: 'draws', value: '0' });
    expect(lines.get('not-enough-data')).toMatchObject({ of: 'verdict' });
    expect(lines.get('size')).toMatchObject({ of: 'light', value: 'refuse' });
  });

  it('writes money in the shop’s currency with the interval beside it, and shares as numbers', async () => {
    const lines = linesOf({ ...(await report()), ...told });
    const row = { of: 'estimate', value: '1.15', low: '-7.39', high: '9.51' };
    expect(lines.get('caused_by_a_gesture_in_30_days')).toMatchObject(row);
    expect(lines.get('acceptance')).toMatchObject({ value: '0.82' });
    expect(lines.get('chance')).toMatchObject({ value: '0.05' });
    // Yen have no hundredths.
    const yen = linesOf({ ...(await report('JPY')), ...told });
    expect(yen.get('caused_by_a_gesture_in_30_days')).toMatchObject({
      value: '115',
      low: '-739',
      high: '951',
    });
  });

  it('tells a chance to the last digit, and a figure so far that it agrees with its light', async () => {
    const view = await report();
    const lines = linesOf({
      ...view,
      chanceMillionths: 62_500,
      lights: [
        { check: 'balance', light: 'refuse', figures: { waldP: 0.000_34, placeboP: 0.5, f: 4.213 } },
        { check: 'completeness', light: 'refuse', figures: { undrawnScans: 13, share: 0.0213 } },
      ],
    });
    expect(lines.get('chance')).toMatchObject({ value: '0.0625' });
    expect(lines.get('balance.waldP')).toMatchObject({ value: '0.00034' });
    expect(lines.get('balance.placeboP')).toMatchObject({ value: '0.50' });
    expect(lines.get('balance.f')).toMatchObject({ value: '4.21' });
    expect(lines.get('completeness.undrawnScans')).toMatchObject({ value: '13' });
    expect(lines.get('completeness.share')).toMatchObject({ value: '0.021' });
  });

  it('says for which kind it was planned, and what has changed since the last report', async () => {
    const view = await report();
    const plain = linesOf(view);
    expect(plain.get('gesture_kind')).toMatchObject({ of: 'season', value: '' });
    expect(plain.get('since')).toMatchObject({ of: 'restated', value: '' });
    expect(plain.get('sales')).toMatchObject({ of: 'restated', value: '' });
    const restated = { since: '2026-05-19', spendMinor: -350, sales: -1, gestures: 0 };
    const lines = linesOf({ ...view, gestureKind: 'double_stamp', restated });
    expect(lines.get('gesture_kind')).toMatchObject({ value: 'double_stamp' });
    expect(lines.get('since')).toMatchObject({ value: '2026-05-19' });
    expect(lines.get('spend')).toMatchObject({ value: '-3.50' });
    expect(lines.get('sales')).toMatchObject({ value: '-1' });
    expect(lines.get('gestures')).toMatchObject({ value: '0' });
  });

  it('says only what is bounded, and runs nobody’s formula', async () => {
    const unbounded = { ...told.gesture, low: null, high: null };
    const lines = linesOf({ ...(await report()), gesture: unbounded, locationName: '=HYPERLINK("x")' });
    expect(lines.get('caused_by_a_gesture_in_30_days')).toMatchObject({ low: '', high: '' });
    expect(lines.get('location')!['value']).not.toMatch(/^=/);
  });

  it('is a workbook too, with what was told day by day, and a name that says of when', async () => {
    const series = [
      { day: '2026-05-19', effect: null, low: null, high: null, matured: 0 },
      { day: '2026-05-20', effect: 115.4, low: -739, high: 950.6, matured: 40 },
    ];
    const view = { ...(await report()), ...told, series };
    const parts: Uint8Array[] = [];
    for await (const part of evidenceXlsx(view)) parts.push(part);
    const files = unzipSync(Buffer.concat(parts));
    expect(strFromU8(files['xl/worksheets/sheet2.xml']!).match(/<row /g)).toHaveLength(3);
    expect(strFromU8(files['xl/worksheets/sheet1.xml']!)).toContain('caused_by_a_gesture_in_30_days');
    const today = '2026-05-20';
    expect(evidenceFileName(view, { today, format: 'xlsx' })).toBe('evidence-lucky-2026-05-20.xlsx');
  });
});
