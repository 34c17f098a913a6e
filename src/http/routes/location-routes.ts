import * as z from 'zod';
import type { addLocation, editLocation, endLocation } from '../../operations/edit-location.ts';
import type { listLocations, LocationView } from '../../operations/list-locations.ts';
import { actorOf, jsonRoute, MANAGERS, OWNERS, repeatableRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { cutOffMinutesSchema, endedQuerySchema, listOf, nameSchema, timeZoneSchema } from './desk-schemas.ts';
import { idSchema, instantSchema } from './till-schemas.ts';

const locationFields = { name: nameSchema, timeZone: timeZoneSchema, cutOffMinutes: cutOffMinutesSchema };

export const locationSchema = z
  .object({
    locationId: idSchema,
    ...locationFields,
    joinCode: z.string(),
    joinLink: z.string().describe('Where customers take a card; it opens with the poster’s QR code'),
    endedAt: instantSchema.nullable().describe('When it was closed; null while it is open'),
  })
  .meta({ id: 'Location', description: 'One shop' });

const params = z.object({ locationId: idSchema });

interface LocationOperations {
  listLocations: ReturnType<typeof listLocations>;
  addLocation: ReturnType<typeof addLocation>;
  editLocation: ReturnType<typeof editLocation>;
  endLocation: ReturnType<typeof endLocation>;
}

export const locationRoutes = (operations: LocationOperations): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/locations',
    summary: 'The locations',
    tag: 'Locations',
    audience: MANAGERS,
    needsDesk: true,
    query: endedQuerySchema,
    status: 200,
    answer: listOf(locationSchema, 'LocationList'),
    handle: async ({ principal, query: { cursor, ended }, publicUrl }) => {
      const withEnded = ended === 'include';
      const { items, nextCursor } = await operations.listLocations(actorOf(principal), { cursor, withEnded });
      return { items: items.map((location) => withLink(location, publicUrl)), nextCursor };
    },
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/locations',
    summary: 'Open a location',
    tag: 'Locations',
    audience: OWNERS,
    needsDesk: true,
    body: z
      .strictObject({ ...locationFields, cutOffMinutes: cutOffMinutesSchema.default(240) })
      .meta({ id: 'NewLocation' }),
    status: 201,
    answer: locationSchema,
    handle: async ({ principal, body, attempt, publicUrl }) => {
      const answered = await operations.addLocation(actorOf(principal), { ...body, attempt });
      if ('refused' in answered) return answered;
      const answer = withLink(answered.answer, publicUrl);
      return { ...answered, answer, body: JSON.stringify(answer) };
    },
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/locations/{locationId}',
    summary: 'Edit a location',
    description: 'A new zone or cut-off never opens a business day again that has begun.',
    tag: 'Locations',
    audience: OWNERS,
    needsDesk: true,
    params,
    body: z.strictObject(locationFields).partial().meta({ id: 'LocationChange' }),
    status: 200,
    answer: locationSchema,
    refusals: ['location-unknown'],
    handle: async ({ principal, params: { locationId }, body, publicUrl }) => {
      const edited = await operations.editLocation(actorOf(principal), { locationId, change: body });
      return 'refused' in edited ? edited : withLink(edited, publicUrl);
    },
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/locations/{locationId}',
    summary: 'Close a location',
    description: 'Ends its tills, and the seasons that draw there alone. What happened there stays.',
    tag: 'Locations',
    audience: OWNERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['location-unknown'],
    handle: async ({ principal, params: { locationId } }) =>
      operations.endLocation(actorOf(principal), { locationId }),
  }),
];

function withLink(location: LocationView, publicUrl: string): LocationView & { joinLink: string } {
  return { ...location, joinLink: `${publicUrl}/join/${location.joinCode}` };
}
