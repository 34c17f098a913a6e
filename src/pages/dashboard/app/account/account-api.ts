import type * as z from 'zod';
import type {
  openSessionSchema,
  recoveryCodesSchema,
  secondFactorSchema,
  secondFactorSecretSchema,
} from '../../../../http/routes/account-routes.ts';
import { ask, withQuery } from '../api.ts';
import type { ListPage } from '../api-types.ts';

export type OpenSession = z.infer<typeof openSessionSchema>;
export type SecondFactor = z.infer<typeof secondFactorSchema>;
export type SecondFactorSecret = z.infer<typeof secondFactorSecretSchema>;
type RecoveryCodes = z.infer<typeof recoveryCodesSchema>;

const SECOND_FACTOR = '/account/second-factor';

/** What people do about their own sign-in. Everything throws a Problem. */
export const accountApi = {
  sessions: (isEverybody: boolean) =>
    ask<ListPage<OpenSession>>('GET', withQuery('/sessions', { everybody: isEverybody ? 'true' : null })),
  endSession: (sessionId: string) => ask<undefined>('DELETE', `/sessions/${sessionId}`),
  endOthers: () => ask<undefined>('POST', '/sessions/end-others'),
  changePassword: (currentPassword: string, password: string) =>
    ask<undefined>('POST', '/account/password', { currentPassword, password }),
  changePin: (pin: string) => ask<undefined>('POST', '/account/pin', { pin }),
  secondFactor: () => ask<SecondFactor>('GET', SECOND_FACTOR),
  startSecondFactor: () => ask<SecondFactorSecret>('POST', SECOND_FACTOR),
  confirmSecondFactor: (code: string) => ask<RecoveryCodes>('POST', `${SECOND_FACTOR}/confirm`, { code }),
  renewRecoveryCodes: () => ask<RecoveryCodes>('POST', `${SECOND_FACTOR}/recovery-codes`),
  turnOffSecondFactor: (password: string, code: string) =>
    ask<undefined>('POST', `${SECOND_FACTOR}/turn-off`, { password, code }),
};
