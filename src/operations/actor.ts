import type { Role } from '../loyalty/role.ts';

/** Who asks for an operation: a member of staff, at a till or at the owner's desk. */
export interface Actor {
  merchantId: string;
  staffId: string;
  role: Role;
}

/** Where a till stands. */
export interface Place {
  merchantId: string;
  deviceId: string;
  locationId: string;
  timeZone: string;
  cutOffMinutes: number;
  /** The earliest business day it may be; see `computeBusinessDay`. */
  dayFloor: string | null;
  dayFloorAt: Date | null;
  weekStartsOn: number;
}

/** A member of staff signed in at a till. */
export interface TillActor extends Actor {
  place: Place;
}

/** A member of staff, at a till with its place or at the desk without one. */
export interface AnyActor extends Actor {
  place?: Place;
}
