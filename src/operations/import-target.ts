import type { Queries } from '../../db/database.ts';
import { findProgramVersion, listOpenPrograms } from '../../db/queries/card-queries.ts';
import { listMenuItems } from '../../db/queries/item-queries.ts';
import type { ItemRow } from '../../db/queries/item-queries.ts';
import { listOpenLocations } from '../../db/queries/location-queries.ts';
import type { LocationRow } from '../../db/queries/location-queries.ts';
import { findMerchant } from '../../db/queries/merchant-queries.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import type { ProgramVersionRow } from '../../db/queries/program-queries.ts';
import type { SaleItem } from '../../pos-adapter/sale.ts';
import { computeEarnedStamps } from '../loyalty/accrual.ts';
import type { Accrual, SaleLine } from '../loyalty/program.ts';

const MAX_LOCATIONS = 1_000;
const MAX_MENU_ITEMS = 10_000;
const UNNAMED_ITEM = 'Not named';

/** Where imported sales go: the shop, its menu, and the program that new customers get a card of. */
export interface ImportTarget {
  merchant: MerchantRow;
  location: LocationRow;
  /** The current version of the program for new cards. */
  version: ProgramVersionRow;
  /** The menu by what `menuKeyOf` makes of its names. */
  menu: ReadonlyMap<string, ItemRow>;
  /** Whether an item that is not on the menu earns stamps under a program that counts items. */
  everyItemQualifies: boolean;
}

/** Something the import cannot know and has to be told. */
export interface MappingIncomplete {
  refused: 'mapping-incomplete';
  /** What is missing or does not fit: `timeZone`, `location`, `amount` … */
  part: string;
  detail: string;
  [more: string]: unknown;
}

/** Finds the place and the program a file belongs to: those named, else those of the last time, or the only one there is. */
export async function loadImportTarget(
  queries: Queries,
  {
    merchantId,
    location: locationName,
    program: programName,
    last,
    everyItemQualifies,
  }: {
    merchantId: string;
    /** An id or a name. */
    location: string | undefined;
    program: string | undefined;
    /** The ids of those that files of this source went to before; what was closed since is passed over. */
    last: { location?: string; program?: string } | undefined;
    everyItemQualifies: boolean;
  },
): Promise<ImportTarget | MappingIncomplete> {
  const merchant = await findMerchant(queries, { merchantId });
  const locations = await listOpenLocations(queries, { merchantId, after: '', limit: MAX_LOCATIONS });
  const location = pick(
    locations.map((row) => ({ id: row.locationId, name: row.name, row })),
    locationName,
    last?.location,
  );
  if (!location) return incomplete('location', locationName, locations);
  const programs = await listOpenPrograms(queries, { merchantId });
  const program = pick(
    programs.map((row) => ({ id: row.programId, name: row.name, row })),
    programName,
    last?.program,
  );
  if (!program) return incomplete('program', programName, programs);
  const { programId, currentVersion } = program;
  const [version] = await findProgramVersion(queries, { merchantId, programId, version: currentVersion });
  if (!version) throw new Error(`Program ${programId} has no version ${currentVersion}`);
  const items = await listMenuItems(queries, { merchantId, after: '', limit: MAX_MENU_ITEMS });
  const menu = new Map(items.map((item) => [menuKeyOf(item.name), item]));
  return { merchant, location, version, menu, everyItemQualifies };
}

/** A name as the menu and a file are compared: a Mac may write the accent of `é` as a letter of its own. */
function menuKeyOf(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}

/** A line of a file as a line of a sale: an item of the menu if one has its name. */
export function toSaleLine({ name, quantity, totalMinor }: SaleItem, target: ImportTarget): SaleLine {
  const item = target.menu.get(menuKeyOf(name));
  return {
    itemId: item?.itemId ?? null,
    name: item?.name ?? (name || UNNAMED_ITEM),
    quantity,
    totalMinor,
    // Nothing was paid, so nothing was bought.
    qualifies: totalMinor > 0 && (item ? item.qualifies : target.everyItemQualifies),
    paidBy: 'money',
  };
}

/** What a sale earns on a card; none on one that is blocked. */
export function computeImportedStamps(
  card: { accrual: Accrual; blockedAt: Date | null },
  sale: { lines: readonly SaleLine[]; totalMinor: number },
): number {
  return card.blockedAt ? 0 : computeEarnedStamps({ accrual: card.accrual, ...sale });
}

interface Named<Row> {
  id: string;
  name: string;
  row: Row;
}

function pick<Row>(
  choices: readonly Named<Row>[],
  wanted: string | undefined,
  lastId: string | undefined,
): Row | undefined {
  if (wanted === undefined)
    return (choices.find(({ id }) => id === lastId) ?? (choices.length === 1 ? choices[0] : undefined))?.row;
  const exact = choices.find(({ id, name }) => id === wanted || name === wanted);
  const alike = choices.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return exact?.row ?? (alike.length === 1 ? alike[0]!.row : undefined);
}

function incomplete(
  part: 'location' | 'program',
  wanted: string | undefined,
  choices: readonly { name: string }[],
): MappingIncomplete {
  const names = choices.map(({ name }) => `“${name}”`).join(', ');
  const detail =
    choices.length === 0
      ? `There is no ${part} yet`
      : wanted === undefined
        ? `Say which ${part} these sales belong to: ${names}`
        : `There is no ${part} “${wanted}”; there is ${names}`;
  return { refused: 'mapping-incomplete', part, detail };
}
