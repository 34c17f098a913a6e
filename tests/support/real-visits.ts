// The visits of a real shop, from the file that DOUBLESTAMP_SALES_FILE names, as if each had been looked at as a draw.
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { buildColumns } from '../../src/evidence/covariates.ts';
import type { Covariates, CustomerSale } from '../../src/evidence/covariates.ts';
import { eligibleVisits } from '../../src/evidence/forecast.ts';
import { computeOutcome, computeSaleCap } from '../../src/evidence/outcome.ts';

const VISIT_MINUTES = 30;

export function readRealVisits(file: string): {
  y: Float64Array;
  x: Float64Array[];
  cluster: string[];
  histories: { sales: CustomerSale[] }[];
  from: Date;
  asOf: Date;
} {
  const rows = parse(readFileSync(file), { columns: true, bom: true }) as Record<string, string>[];
  const known = rows
    .filter(({ card }) => card)
    .map(({ card, datetime, money }, row) => ({
      card: card!,
      sale: { saleId: `${row}`, occurredAt: readTime(datetime!), netMinor: Math.round(Number(money) * 100) },
    }))
    .sort((a, b) => a.sale.occurredAt.getTime() - b.sale.occurredAt.getTime());
  const saleCapMinor = computeSaleCap(known.map(({ sale }) => sale.netMinor))!;
  const [from, asOf] = [known[0]!.sale.occurredAt, known.at(-1)!.sale.occurredAt];
  const covariates: Covariates[] = [];
  const spend: number[] = [];
  const cluster: string[] = [];
  const customers = [...Map.groupBy(known, ({ card }) => card)];
  for (const [card, bought] of customers) {
    const sales = bought.map(({ sale }) => sale);
    for (const visit of eligibleVisits(sales, { from, asOf, visitMinutes: VISIT_MINUTES, coolDownDays: 0 })) {
      const rule = { saleCapMinor, visitMinutes: VISIT_MINUTES, asOf };
      const { isMatured, spendMinor } = computeOutcome(visit.at, sales, rule);
      if (!isMatured) continue;
      covariates.push(visit.covariates);
      spend.push(spendMinor);
      cluster.push(card);
    }
  }
  const histories = customers.map(([, bought]) => ({ sales: bought.map(({ sale }) => sale) }));
  return { y: Float64Array.from(spend), x: buildColumns(covariates), cluster, histories, from, asOf };
}

/** '3/1/2024 10:15', month first, as the machine wrote it; one row of them is '2024-12-14 13:19:07.033'. */
function readTime(text: string): Date {
  if (/^\d{4}-/.test(text)) return new Date(`${text.replace(' ', 'T')}Z`);
  const [month, day, year, hour, minute] = text.split(/[/ :]/).map(Number);
  return new Date(Date.UTC(year!, month! - 1, day, hour, minute));
}
