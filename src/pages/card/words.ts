import type { Gift, HistoryLine } from '../../operations/read-card-page.ts';
import { disguise } from './test-locales.ts';
import type { TestLocale } from './test-locales.ts';
import { english } from './texts.ts';
import type { Texts } from './texts.ts';

/** The languages of the customer's pages: English, and two that show whether a translation would fit. */
export const LOCALES = ['en', 'long', 'rtl'] as const;
export type Locale = (typeof LOCALES)[number];

/** The two ways in which days are written in English: "Mon 2 March" and "Mon, March 2". */
export const REGIONS = ['en-GB', 'en-US'] as const;
export type Region = (typeof REGIONS)[number];

/** What a page says in one language. */
export type Words = ReturnType<typeof makeWords>;

const known: Record<Region, Record<Locale, Words>> = { 'en-GB': wordsOf('en-GB'), 'en-US': wordsOf('en-US') };

/** `region` is only for pages that tell days. */
export function wordsIn(locale: Locale, region: Region = 'en-GB'): Words {
  return known[region][locale];
}

function wordsOf(region: Region): Record<Locale, Words> {
  return {
    en: makeWords(english, 'en', region),
    long: makeWords(disguise(english), 'long', region),
    rtl: makeWords(disguise(english), 'rtl', region),
  };
}

function makeWords(texts: Texts, locale: 'en' | TestLocale, region: Region) {
  const { gift: given, history } = texts;
  const listFormat = new Intl.ListFormat(region, { type: 'conjunction' });

  const sayReason = ({ reason }: Gift): string => given.reasons[reason];

  function sayWhatWasGiven({ kind, giverName, itemName }: Gift): string {
    const giver = giverName ? firstNameOf(giverName) : given.we;
    switch (kind) {
      case 'double_stamp':
        return given.extraStamp(giver);
      case 'free_item':
        return itemName ? given.treat(giver, itemName) : given.someTreat(giver);
      case 'voucher':
        return itemName ? given.sent(giver, itemName) : given.sentSomething(giver);
    }
  }

  return {
    texts,
    /** For `lang`: what the phone itself writes, it writes alike. */
    region,
    direction: locale === 'rtl' ? 'rtl' : 'ltr',
    sayReason,
    sayWhatWasGiven,

    sayHistoryLine(line: HistoryLine): string {
      switch (line.what) {
        case 'earned':
          return line.itemNames.length > 0
            ? history.earned(line.stamps, listFormat.format(line.itemNames))
            : history.earnedByVisit(line.stamps);
        case 'gift':
          return given.withReason(sayWhatWasGiven(line), sayReason(line));
        case 'redeemed':
        case 'expired':
        case 'returned':
          return history[line.what](line.rewardName);
        case 'refunded':
          return history.refunded(Math.abs(line.stamps));
        case 'joined':
          return history.joined(line.stamps);
        case 'adjusted':
          return line.stamps > 0 ? history.added(line.stamps) : history.taken(-line.stamps);
      }
    },

    /** "9 of 10 stamps" */
    sayProgress: ({ stamps, stampsRequired }: { stamps: number; stampsRequired: number }): string =>
      texts.progress(stamps, stampsRequired),

    /** What is missing, as something to look forward to. */
    sayToGo({ stampsOnCard, stampsRequired }: { stampsOnCard: number; stampsRequired: number }): string {
      if (stampsOnCard < 0) return texts.behind(-stampsOnCard);
      const left = stampsRequired - stampsOnCard;
      return stampsOnCard === 0 ? texts.allToGo(left) : texts.toGo(left);
    },

    /** A day in the shop's zone: "Mon 2 March", or "31 December 2025" when that is not this year; by region. */
    sayDay: (told: Told): string => format(told, {}),

    /** With the time, for what ends in the middle of a day: "Mon 2 March at 9:10". */
    sayMoment: (told: Told): string => format(told, { hour: 'numeric', minute: '2-digit' }),
  };

  function format({ at, now, timeZone }: Told, time: Intl.DateTimeFormatOptions): string {
    const yearOf = (date: Date) =>
      new Intl.DateTimeFormat(region, { timeZone, year: 'numeric' }).format(date);
    return new Intl.DateTimeFormat(region, {
      timeZone,
      day: 'numeric',
      month: 'long',
      ...(yearOf(at) === yearOf(now) ? { weekday: 'short' } : { year: 'numeric' }),
      ...time,
    }).format(at);
  }
}

interface Told {
  at: Date;
  now: Date;
  /** Of the shop. */
  timeZone: string;
}

/** The part of a name that a friend would use. */
export function firstNameOf(name: string): string {
  return name.trim().split(/\s+/)[0] ?? '';
}
