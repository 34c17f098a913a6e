import type { Database } from '../../db/database.ts';
import { listCustomersByPhoneEnd, listStaffCustomers } from '../../db/queries/fairness-queries.ts';
import { findReportNames } from '../../db/queries/report-queries.ts';
import type { Clock } from '../clock.ts';
import { findAlarms, ServedCounts } from '../evidence/fairness.ts';
import type { SharedContact } from '../evidence/fairness.ts';
import type { Actor } from './actor.ts';
import { customerPseudonym } from './customer-pseudonym.ts';
import { readServedVisits, startOfFairness } from './served-visits.ts';

export interface FairnessAlarms {
  /** The first day that is looked at, `YYYY-MM-DD`. */
  from: string;
  items: {
    kind: 'one-pair' | 'shared-contact' | 'before-closing';
    staffId: string;
    staffName: string;
    /** A pseudonym, never a name. */
    customer?: string;
    gestures: number;
    served?: number;
    expected?: number;
    by?: 'card' | 'phone';
    beforeClosing?: number;
    expectedShare?: number;
  }[];
}

/** What an owner is told of, with the numbers behind it: alarms alone, never anybody's mirror. */
export const readFairnessAlarms =
  (db: Database, clock: Clock) =>
  async ({ merchantId }: Pick<Actor, 'merchantId'>): Promise<FairnessAlarms> => {
    const since = startOfFairness(clock.now());
    const counts = new ServedCounts();
    for await (const visits of readServedVisits(db, { merchantId, since })) counts.add(visits);
    const { staff } = await db.read((queries) => findReportNames(queries, { merchantId }));
    const names = new Map(staff.map(({ staffId, name }) => [staffId, name]));
    const alarms = findAlarms(counts, await findSharedContacts(db, merchantId));
    return {
      from: since.toISOString().slice(0, 10),
      items: alarms.map((alarm) => {
        const staffName = names.get(alarm.staffId) ?? '';
        if (alarm.kind === 'before-closing') return { ...alarm, staffName };
        const { customerId, ...told } = alarm;
        return { ...told, staffName, customer: customerPseudonym({ merchantId, customerId }) };
      }),
    };
  };

/** Cards of members of staff themselves, and those of customers who share a phone number with one. */
async function findSharedContacts(db: Database, merchantId: string): Promise<SharedContact[]> {
  const own = await db.read((queries) => listStaffCustomers(queries, { merchantId }));
  const shared: SharedContact[] = own.map(({ customerId, staffId }) => ({
    staffId: staffId!,
    customerId,
    by: 'card',
  }));
  for (const { customerId, staffId, phone, phoneEnd } of own) {
    if (!phone || !phoneEnd) continue;
    const alike = await db.read((queries) => listCustomersByPhoneEnd(queries, { merchantId, phoneEnd }));
    for (const other of alike)
      if (other.customerId !== customerId && other.phone === phone)
        shared.push({ staffId: staffId!, customerId: other.customerId, by: 'phone' });
  }
  return shared;
}
