import * as z from 'zod';
import type { addItem, editItem, endItem, restoreItem } from '../../operations/edit-item.ts';
import type { listItems } from '../../operations/list-items.ts';
import { actorOf, jsonRoute, MANAGERS, repeatableRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { cursorQuerySchema, itemFields, itemSchema, listOf } from './desk-schemas.ts';
import { idSchema } from './till-schemas.ts';

const params = z.object({ itemId: idSchema });
const tag = 'Menu';

interface ItemOperations {
  listItems: ReturnType<typeof listItems>;
  addItem: ReturnType<typeof addItem>;
  editItem: ReturnType<typeof editItem>;
  endItem: ReturnType<typeof endItem>;
  restoreItem: ReturnType<typeof restoreItem>;
}

export const itemRoutes = (operations: ItemOperations): Route[] => [
  jsonRoute({
    method: 'get',
    path: '/api/v1/items',
    summary: 'The menu',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    query: cursorQuerySchema,
    status: 200,
    answer: listOf(itemSchema, 'ItemList'),
    handle: async ({ principal, query }) => operations.listItems(actorOf(principal), query),
  }),
  repeatableRoute({
    method: 'post',
    path: '/api/v1/items',
    summary: 'Put an item on the menu',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    body: z
      .strictObject({
        ...itemFields,
        qualifies: itemFields.qualifies.default(true),
        mayBeGiven: itemFields.mayBeGiven.default(false),
      })
      .meta({ id: 'NewItem' }),
    status: 201,
    answer: itemSchema,
    handle: async ({ principal, body, attempt }) =>
      operations.addItem(actorOf(principal), { ...body, attempt }),
  }),
  jsonRoute({
    method: 'patch',
    path: '/api/v1/items/{itemId}',
    summary: 'Edit an item',
    description: 'Sales and gestures keep the price and cost they were made with.',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    body: z.strictObject(itemFields).partial().meta({ id: 'ItemChange' }),
    status: 200,
    answer: itemSchema,
    refusals: ['item-unknown'],
    handle: async ({ principal, params: { itemId }, body }) =>
      operations.editItem(actorOf(principal), { itemId, change: body }),
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/items/{itemId}',
    summary: 'Take an item off the menu',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    status: 204,
    answer: z.undefined(),
    refusals: ['item-unknown'],
    handle: async ({ principal, params: { itemId } }) => operations.endItem(actorOf(principal), { itemId }),
  }),
  jsonRoute({
    method: 'post',
    path: '/api/v1/items/{itemId}/restore',
    summary: 'Put an item back on the menu',
    tag,
    audience: MANAGERS,
    needsDesk: true,
    params,
    status: 200,
    answer: itemSchema,
    refusals: ['item-unknown'],
    handle: async ({ principal, params: { itemId } }) =>
      operations.restoreItem(actorOf(principal), { itemId }),
  }),
];
