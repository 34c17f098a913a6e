import type {
  Allowance,
  CardAtTill,
  CardIssued,
  CardScanned,
  Enrolled,
  FairnessMirror,
  FoundCustomers,
  GestureAnswer,
  GestureKind,
  Lease,
  OwnThanks,
  Reason,
  RedemptionAnswer,
  StaffSession,
  Till,
} from './api-types.ts';
import { isOffline, isSlow, send, sendImpatiently } from './send.ts';
import type { Outcome } from './send.ts';

/** Without an answer a scanned card is served from memory, or as one nobody knows yet: the queue of customers moves on. */
const SCAN_PATIENCE_MS = 2_500;
const SCAN_PATIENCE_OFFLINE_MS = 1_000;
const SCAN_PATIENCE_SLOW_MS = 300;

const write = <Answer>(token: string, path: string, body?: object): Promise<Outcome<Answer>> =>
  send({ method: 'POST', path, token, body, isWrite: true });

/** The part of the server's API that a till uses; the types are the server's own. */
export const api = {
  enrol: (code: string) =>
    send<Enrolled>({ method: 'POST', path: '/api/v1/devices', body: { code }, isOnce: true }),
  /** `waiting`: how many taps this till has yet to send, which the owner sees. */
  readTill: (deviceToken: string, waiting: number) =>
    send<Till>({
      method: 'GET',
      path: `/api/v1/devices/current?waiting=${waiting}`,
      token: deviceToken,
      isBackground: true,
    }),
  signIn: (deviceToken: string, body: { staffId: string; pin: string }) =>
    send<StaffSession>({ method: 'POST', path: '/api/v1/staff-sessions', token: deviceToken, body }),
  signOut: (token: string, isStillWanted: () => boolean) =>
    send<undefined>({
      method: 'DELETE',
      path: '/api/v1/staff-sessions/current',
      token,
      isStillWanted,
      isBackground: true,
    }),

  /** What comes too late for whoever scanned is handed to `takeLate`. */
  scanCard: (token: string, cardCode: string, takeLate: (outcome: Outcome<CardScanned>) => void) =>
    sendImpatiently<CardScanned>(
      { method: 'POST', path: '/api/v1/scans', token, body: { cardCode } },
      { patienceMs: scanPatienceMs(), takeLate },
    ),
  /** As `scanCard`, for what may be no code at all: only the answer tells. */
  tryCode: (token: string, cardCode: string) =>
    send<CardScanned>({ method: 'POST', path: '/api/v1/scans', token, body: { cardCode } }),
  /** For what is good to know; nobody waits for it. */
  readCard: (token: string, code: string) =>
    send<CardAtTill>({
      method: 'GET',
      path: `/api/v1/cards/${encodeURIComponent(code)}`,
      token,
      isBackground: true,
    }),
  findCustomers: (token: string, find: string) =>
    send<FoundCustomers>({
      method: 'GET',
      path: `/api/v1/till/customers?find=${encodeURIComponent(find)}`,
      token,
    }),
  savePreferences: (
    token: string,
    { cardCode, ...body }: { cardCode: string; preferences: string | null; shown: string | null },
  ) =>
    send<{ preferences: string | null }>({
      method: 'PATCH',
      path: `/api/v1/cards/${encodeURIComponent(cardCode)}/preferences`,
      token,
      body,
    }),
  issueCard: (token: string, body: { customerName?: string; staffId?: string }) =>
    write<CardIssued>(token, '/api/v1/cards', body),
  readMirror: (token: string) =>
    send<FairnessMirror>({ method: 'GET', path: '/api/v1/fairness/mine', token }),
  readThanks: (token: string) =>
    send<OwnThanks>({ method: 'GET', path: '/api/v1/thanks/mine', token, isBackground: true }),
  readAllowance: (token: string) =>
    send<Allowance>({ method: 'GET', path: '/api/v1/allowance', token, isBackground: true }),

  takeLease: (token: string, key: string) =>
    send<Lease>({
      method: 'POST',
      path: '/api/v1/leases',
      token,
      body: { count: 1 },
      isBackground: true,
      headers: { 'Idempotency-Key': key },
    }),
  redeem: (
    token: string,
    body: { cardCode: string; rewardId: string; saleId?: string } & (
      { liveCode: string; scannedAgoMs: number } | { override: true }
    ),
  ) => write<RedemptionAnswer>(token, '/api/v1/redemptions', body),
  /** With a manager's PIN, which is never kept on the tablet; every other gesture goes by the queue of taps. */
  giveGranted: (
    token: string,
    body: {
      cardCode: string;
      kind: GestureKind;
      reason: Reason;
      itemId?: string | undefined;
      saleId?: string | undefined;
      grant: { staffId: string; pin: string };
    },
  ) => write<GestureAnswer>(token, '/api/v1/gestures', body),
};

function scanPatienceMs(): number {
  if (isOffline.value) return SCAN_PATIENCE_OFFLINE_MS;
  return isSlow.value ? SCAN_PATIENCE_SLOW_MS : SCAN_PATIENCE_MS;
}
