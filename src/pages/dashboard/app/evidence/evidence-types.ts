import type * as z from 'zod';
import type { alarmsSchema, evidenceSchema } from '../../../../http/routes/evidence-routes.ts';
import type { previewSchema, seasonSchema } from '../../../../http/routes/season-routes.ts';

export type Evidence = z.infer<typeof evidenceSchema>;
export type Light = Evidence['lights'][number];
export type Season = z.infer<typeof seasonSchema>;
export type SeasonPreview = z.infer<typeof previewSchema>;
export type Alarms = z.infer<typeof alarmsSchema>;
