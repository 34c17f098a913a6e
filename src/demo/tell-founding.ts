import type { AuditAction, AuditEvent } from '../operations/append-audit.ts';
import { presentAllowanceRule } from '../operations/list-allowance-rules.ts';
import { presentItem } from '../operations/list-items.ts';
import { presentProgram } from '../operations/list-programs.ts';
import type { FoundedShop } from './found-shop.ts';

/**
 * What the audit log says of the morning on which the owner founded the shop. Setting it up made the owner, the first
 * location and what everybody may give in a day as well: these have no lines of their own.
 */
export function tellFounding(shop: FoundedShop): AuditEvent[] {
  const { merchantId, currency, weekStartsOn, createdAt: at } = shop.merchant;
  const [{ staffId }, ...others] = shop.staff as [FoundedShop['staff'][number], ...FoundedShop['staff']];
  const tell = (action: AuditAction, subjectId: string, details: AuditEvent['details'] = {}): AuditEvent => ({
    merchantId,
    at,
    staffId,
    action,
    subjectId,
    details,
  });
  const {
    programId,
    version: _,
    ...program
  } = presentProgram({
    program: shop.program,
    version: shop.programVersion,
  });
  return [
    tell('merchant.set-up', merchantId, { currency, weekStartsOn, isMadeUp: true }),
    tell('pin.changed', staffId),
    tell('program.added', programId, program),
    ...shop.locations
      .slice(1)
      .map(({ locationId, name, timeZone, cutOffMinutes }) =>
        tell('location.added', locationId, { name, timeZone, cutOffMinutes }),
      ),
    ...others.map(({ staffId: newStaffId, role, locationId }) =>
      tell('staff.added', newStaffId, { role, locationId }),
    ),
    ...shop.items.map(presentItem).map(({ itemId, ...item }) => tell('item.added', itemId, item)),
    ...shop.allowances
      .slice(1)
      .map(presentAllowanceRule)
      .map(({ allowanceId, ...rule }) => tell('allowance.added', allowanceId, rule)),
    ...shop.enrolments.flatMap(({ enrolmentId, locationId, deviceName }, place) => [
      tell('enrolment.started', enrolmentId, { locationId, deviceName }),
      tell('device.enrolled', shop.devices[place]!.deviceId, { enrolmentId, locationId, deviceName }),
    ]),
  ];
}
