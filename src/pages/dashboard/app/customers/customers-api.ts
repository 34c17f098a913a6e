import type * as z from 'zod';
import type {
  customerContactSchema,
  customerSchema,
  foundCustomerSchema,
  historyEntrySchema,
} from '../../../../http/routes/customer-routes.ts';
import { ask, makeAskOnce, withQuery } from '../api.ts';
import type { ListPage } from '../api-types.ts';

export type FoundCustomer = z.infer<typeof foundCustomerSchema>;
export type Customer = z.infer<typeof customerSchema>;
export type CustomerCard = Customer['cards'][number];
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type CustomerContact = z.infer<typeof customerContactSchema>;
export type CustomerChange = Partial<Pick<Customer, 'name' | 'phone' | 'preferences'>>;

/** A few screens of a phone. */
const PAGE_SIZE = 25;

/** What the desk asks about customers. Everything throws a Problem. */
export const customersApi = {
  find: (find: string, cursor: string | null, limit = PAGE_SIZE) =>
    ask<ListPage<FoundCustomer>>('GET', withQuery('/customers', { find, cursor, limit })),
  read: (customerId: string) => ask<Customer>('GET', `/customers/${customerId}`),
  history: (customerId: string, cursor: string | null) =>
    ask<ListPage<HistoryEntry>>('GET', withQuery(`/customers/${customerId}/history`, { cursor, limit: 20 })),
  edit: (customerId: string, change: CustomerChange) =>
    ask<CustomerContact>('PATCH', `/customers/${customerId}`, change),
  join: (customerId: string, otherCustomerId: string) =>
    ask<{ stamps: number }>('POST', `/customers/${customerId}/join/${otherCustomerId}`),
  forget: (customerId: string) => ask<undefined>('DELETE', `/customers/${customerId}`),
  setBlocked: (cardId: string, isBlocked: boolean) =>
    ask<{ blockedAt: string | null }>('POST', `/cards/${cardId}/${isBlocked ? 'block' : 'unblock'}`),
  undoGesture: (gestureId: string) =>
    makeAskOnce()<{ gestureId: string }>('POST', `/gestures/${gestureId}/undo`),
  makeLink: (cardId: string) => ask<{ link: string }>('POST', `/cards/${cardId}/link`),
};
