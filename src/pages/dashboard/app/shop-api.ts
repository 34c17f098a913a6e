import { ask, askAll, askUnlessDone } from './api.ts';
import type { Ask } from './api.ts';
import type {
  Device,
  Enrolment,
  Item,
  Location,
  Merchant,
  Picture,
  Program,
  Staff,
  Summary,
} from './api-types.ts';

export type NewItem = Omit<Item, 'itemId'>;
export type ProgramRule = Omit<Program, 'programId' | 'version'>;
export interface PersonChange {
  name?: string;
  role?: Staff['role'];
  pin?: string;
  email?: string;
  password?: string;
  locationId?: string | null;
}
type LocationRule = Pick<Location, 'name' | 'timeZone' | 'cutOffMinutes'>;
type Settings = Pick<Merchant, 'name' | 'visitMinutes' | 'coolDownDays' | 'logoPictureId'>;

/** What the desk asks about the shop itself. Everything throws a Problem. What is added goes by a `makeAskOnce()`. */
export const shopApi = {
  summary: () => ask<Summary>('GET', '/summary'),

  editMerchant: (change: Partial<Settings>) => ask<Merchant>('PATCH', '/merchant', change),
  addPicture: (file: Blob) => ask<Picture>('POST', '/pictures', file),

  listLocations: () => askAll<Location>('/locations'),
  addLocation: (askOnce: Ask, location: LocationRule) => askOnce<Location>('POST', '/locations', location),
  editLocation: (locationId: string, change: Partial<LocationRule>) =>
    ask<Location>('PATCH', `/locations/${locationId}`, change),
  endLocation: (locationId: string) =>
    askUnlessDone('location-unknown', 'DELETE', `/locations/${locationId}`),

  listStaff: () => askAll<Staff>('/staff'),
  addStaff: (askOnce: Ask, person: PersonChange) => askOnce<Staff>('POST', '/staff', person),
  editStaff: (staffId: string, change: PersonChange) => ask<Staff>('PATCH', `/staff/${staffId}`, change),
  endStaff: (staffId: string) => askUnlessDone('staff-unknown', 'DELETE', `/staff/${staffId}`),
  takeOffSecondFactor: (staffId: string) => ask<undefined>('DELETE', `/staff/${staffId}/second-factor`),

  listDevices: () => askAll<Device>('/devices'),
  startEnrolment: (till: { deviceName: string; locationId: string }) =>
    ask<Enrolment>('POST', '/devices/enrolments', till),
  renameDevice: (deviceId: string, name: string) => ask<Device>('PATCH', `/devices/${deviceId}`, { name }),
  endDevice: (deviceId: string) => ask<undefined>('DELETE', `/devices/${deviceId}`),

  listPrograms: () => askAll<Program>('/programs'),
  addProgram: (askOnce: Ask, rule: Partial<ProgramRule>) => askOnce<Program>('POST', '/programs', rule),
  editProgram: (programId: string, change: Partial<ProgramRule>) =>
    ask<Program>('PATCH', `/programs/${programId}`, change),
  endProgram: (programId: string) => askUnlessDone('program-unknown', 'DELETE', `/programs/${programId}`),

  listItems: () => askAll<Item>('/items'),
  addItem: (askOnce: Ask, item: NewItem) => askOnce<Item>('POST', '/items', item),
  editItem: (itemId: string, change: Partial<NewItem>) => ask<Item>('PATCH', `/items/${itemId}`, change),
  endItem: (itemId: string) => askUnlessDone('item-unknown', 'DELETE', `/items/${itemId}`),
  restoreItem: (itemId: string) => ask<Item>('POST', `/items/${itemId}/restore`),
};
