import type {
  Allowance,
  CardAtTill,
  CardIssued,
  Enrolled,
  FoundCustomers,
  GestureAnswer,
  GestureKind,
  Reason,
  RedemptionAnswer,
  RefundAnswer,
  SaleAnswer,
  StaffSession,
  Till,
  UndoAnswer,
} from './api-types.ts';
import { send } from './send.ts';
import type { Outcome } from './send.ts';

const write = <Answer>(token: string, path: string, body?: object): Promise<Outcome<Answer>> =>
  send({ method: 'POST', path, token, body, isWrite: true });

/** The part of the server's API that a till uses; the types are the server's own. */
export const api = {
  enrol: (code: string) =>
    send<Enrolled>({ method: 'POST', path: '/api/v1/devices', body: { code }, isOnce: true }),
  readTill: (deviceToken: string) =>
    send<Till>({ method: 'GET', path: '/api/v1/devices/current', token: deviceToken }),
  signIn: (deviceToken: string, body: { staffId: string; pin: string }) =>
    send<StaffSession>({ method: 'POST', path: '/api/v1/staff-sessions', token: deviceToken, body }),
  signOut: (token: string) =>
    send<undefined>({ method: 'DELETE', path: '/api/v1/staff-sessions/current', token }),

  findCustomers: (token: string, find: string) =>
    send<FoundCustomers>({
      method: 'GET',
      path: `/api/v1/till/customers?find=${encodeURIComponent(find)}`,
      token,
    }),
  savePreferences: (
    token: string,
    { cardCode, preferences }: { cardCode: string; preferences: string | null },
  ) =>
    send<{ preferences: string | null }>({
      method: 'PATCH',
      path: `/api/v1/cards/${encodeURIComponent(cardCode)}/preferences`,
      token,
      body: { preferences },
    }),
  readCard: (token: string, code: string) =>
    send<CardAtTill>({ method: 'GET', path: `/api/v1/cards/${encodeURIComponent(code)}`, token }),
  issueCard: (token: string, body: { customerName?: string; staffId?: string }) =>
    write<CardIssued>(token, '/api/v1/cards', body),
  readAllowance: (token: string) => send<Allowance>({ method: 'GET', path: '/api/v1/allowance', token }),

  recordSale: (
    token: string,
    body: { cardCode?: string | undefined; lines: { itemId: string; quantity: number }[] },
  ) => write<SaleAnswer>(token, '/api/v1/sales', body),
  claimSale: (token: string, body: { cardCode: string; saleId: string }) =>
    write<SaleAnswer>(token, '/api/v1/stamps', body),
  undoSale: (token: string, saleId: string) =>
    write<RefundAnswer>(token, `/api/v1/sales/${saleId}/refunds`, { wholeSale: true }),
  redeem: (
    token: string,
    body: { cardCode: string; rewardId: string; saleId?: string } & (
      { liveCode: string; scannedAgoMs: number } | { override: true }
    ),
  ) => write<RedemptionAnswer>(token, '/api/v1/redemptions', body),
  give: (
    token: string,
    body: {
      cardCode: string;
      kind: GestureKind;
      reason: Reason;
      itemId?: string | undefined;
      saleId?: string | undefined;
      grant?: { staffId: string; pin: string } | undefined;
    },
  ) => write<GestureAnswer>(token, '/api/v1/gestures', body),
  undoGesture: (token: string, gestureId: string) =>
    write<UndoAnswer>(token, `/api/v1/gestures/${gestureId}/undo`),
};
