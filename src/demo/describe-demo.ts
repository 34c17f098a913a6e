import type { Database } from '../../db/database.ts';
import { listOpenLocations } from '../../db/queries/location-queries.ts';
import { listMerchants } from '../../db/queries/merchant-queries.ts';
import type { MerchantRow } from '../../db/queries/merchant-queries.ts';
import { listOwners, listStaff } from '../../db/queries/staff-queries.ts';
import type { Clock } from '../clock.ts';
import { businessDayOf } from '../operations/business-day-of.ts';
import { startEnrolment } from '../operations/enrol-device.ts';
import { loadAllowance } from '../operations/load-allowance.ts';
import type { Secrets } from '../secrets.ts';
import { findShowcase } from './find-showcase.ts';
import type { Showcase } from './find-showcase.ts';
import { demoCardSecret } from './make-demo.ts';
import { PASSWORD, STAFF } from './shop-plan.ts';

/** Long enough to have a look round; a till of a real shop has 15 minutes. */
const ENROLMENT_VALID_MS = 12 * 3_600_000;

/** Where to look and how to sign in, as the command prints it. Makes a code for a till at each location. */
export async function describeDemo(
  db: Database,
  clock: Clock,
  { secrets, publicUrl, path }: { secrets: Secrets; publicUrl: string; path: string },
): Promise<string> {
  const [merchant] = await db.read((queries) => listMerchants(queries, { limit: 1 }));
  const { merchantId, name } = merchant!;
  const tills = await startEnrolments(db, clock, merchantId);
  const showcase = await findShowcase(db, clock)({ merchantId });
  const linkOf = ({ cardId }: { cardId: string }) =>
    `${publicUrl}/c/${demoCardSecret(secrets, { merchantId, cardId })}`;
  const signIns = STAFF.filter(({ email }) => email).map(
    ({ email, role }) => `${email} (${role}), password ${PASSWORD}`,
  );
  return [
    '',
    `  ${name}: nobody in it exists, and nothing in it happened.`,
    '',
    `  The owner’s desk    ${publicUrl}/desk`,
    ...signIns.map((line) => `                      ${line}`),
    '',
    '  A till              open one of these on a tablet, or in another browser window; each works once',
    ...tills.map(({ name: place, code }) => `  ${place.padEnd(18)}  ${publicUrl}/till/?enrol=${code}`),
    '  PINs                and how many gestures each may still give today',
    ...(await describeStaff(db, clock, merchant!)),
    '',
    '  Customers’ cards',
    ...describeShowcase(showcase, linkOf),
    '',
    '  What was given, and what followed',
    `  The report          DATABASE_URL='${path}' npm run report`,
    `  The evidence        ${publicUrl}/desk/evidence: a season of lucky moments of which the truth is known`,
    `  As a file           ${publicUrl}/api/v1/reports/gestures.csv (signed in at the desk)`,
    `  The API             ${publicUrl}/api`,
    '',
    '  Stop it with Ctrl-C.',
    '',
    '',
  ].join('\n');
}

/** Some have given all of theirs by now: whoever tries the till wants to know before. */
async function describeStaff(
  db: Database,
  clock: Clock,
  { merchantId, weekStartsOn }: MerchantRow,
): Promise<string[]> {
  return db.read(async (queries) => {
    const [location] = await listOpenLocations(queries, { merchantId, after: '', limit: 1 });
    const { locationId } = location!;
    const businessDay = businessDayOf(location!, clock.now());
    const people = await listStaff(queries, { merchantId, after: '', limit: STAFF.length });
    const lines: string[] = [];
    for (const { name, pin } of STAFF) {
      const person = people.find((one) => one.name === name);
      if (!person) continue;
      const { staffId } = person;
      const giver = { merchantId, staffId, locationId, businessDay, weekStartsOn };
      const { remaining } = await loadAllowance(queries, giver);
      lines.push(`                      ${name.padEnd(7)} ${pin}   ${remaining ?? 'no limit'}`);
    }
    return lines;
  });
}

function describeShowcase(
  { nearlyFull, full, treated }: Showcase,
  linkOf: (card: { cardId: string }) => string,
): string[] {
  return [
    ...(nearlyFull ? [`  One stamp to go     ${linkOf(nearlyFull)}`] : []),
    ...(full ? [`  Full                ${linkOf(full)}`] : []),
    ...(treated ? [`  From ${treated.giverName}`.padEnd(22) + linkOf(treated)] : []),
  ];
}

/** A code for a till at each location, made by the owner. */
async function startEnrolments(
  db: Database,
  clock: Clock,
  merchantId: string,
): Promise<{ name: string; code: string }[]> {
  const { places, owner } = await db.read(async (queries) => ({
    places: await listOpenLocations(queries, { merchantId, after: '', limit: 10 }),
    owner: { merchantId, role: 'owner' as const, ...(await listOwners(queries, { merchantId }))[0]! },
  }));
  const start = startEnrolment(db, clock, { validMs: ENROLMENT_VALID_MS });
  const tills: { name: string; code: string }[] = [];
  for (const { locationId, name } of places) {
    const enrolment = await start(owner, { locationId, deviceName: `${name}, yours` });
    if ('refused' in enrolment) throw new Error(enrolment.refused);
    tills.push({ name, code: enrolment.code });
  }
  return tills;
}
