import type * as z from 'zod';
import type { reportSchema, reportTotalsSchema } from '../../../../http/routes/report-routes.ts';

export type GestureReport = z.infer<typeof reportSchema>;
export type GestureRow = GestureReport['items'][number];
export type GestureTotals = z.infer<typeof reportTotalsSchema>;
