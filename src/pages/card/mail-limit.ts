import { makeHourlyLimit } from '../../http/hourly-limit.ts';

/** Mail to one address, whoever asks for it and on however many cards: nobody is written to against their will. */
const MAX_MAILS_PER_HOUR = 5;
/** Fewer from one network: a stranger there who asks for all of them leaves some to whoever has the address. */
const MAX_MAILS_FROM_ONE_NETWORK = 3;
/** A whole café may share one address of the network. */
const MAX_CODES_PER_NETWORK_AND_HOUR = 30;

/** Says whether a code may be sent to an address, and counts it. */
export interface MailLimit {
  /** `network` as `networkOf` says it. */
  maySend(email: string, network: string, now: Date): boolean;
}

/** Counts mail to one address and from one network, for all the pages that send any. */
export function makeMailLimit(): MailLimit {
  const byNetwork = makeHourlyLimit(MAX_CODES_PER_NETWORK_AND_HOUR);
  const byBoth = makeHourlyLimit(MAX_MAILS_FROM_ONE_NETWORK);
  const byAddress = makeHourlyLimit(MAX_MAILS_PER_HOUR);
  return {
    maySend(email, network, now) {
      const address = email.toLowerCase();
      return (
        byNetwork.take(network, now) &&
        byBoth.take(`${network} ${address}`, now) &&
        byAddress.take(address, now)
      );
    },
  };
}
