export type Role = 'barista' | 'manager' | 'owner';

/** Managers and owners may grant, apologise with a voucher, and undo another's gesture. */
export function isInCharge(role: Role): boolean {
  return role === 'manager' || role === 'owner';
}
