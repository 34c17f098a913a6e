/** The words of the page about a sealed draw. */
export const texts = {
  title: 'A sealed draw',
  kinds: {
    lucky: 'lucky moments: at random, a visit is offered a treat on the house',
    bonus: 'bonus draws: when the allowance is spent, one more gesture is granted at random',
    suggestion: 'suggestions: at random, the till suggests a kindness',
  },
  lead: (merchant: string, kind: string) => `${merchant} makes ${kind}.`,
  why:
    'Nobody chooses who is drawn: not the barista, not the owner. A secret key decides every draw. Its fingerprint ' +
    'was published before the first draw; when the season ends, the key is published too, and everybody can draw again.',
  chance: 'Chance of each draw',
  from: 'From',
  until: 'Until',
  stillOn: 'still going on',
  keyHash: 'Fingerprint of the key (SHA-256)',
  key: 'The key',
  sealed: 'Sealed until the season ends',
  lost: 'Lost, with the secrets of the shop’s server. Nobody can check these draws any more.',
  checked: (draws: string, drawn: string) =>
    `${draws} draws were drawn again from the key; ${drawn} said yes.`,
  right: 'Every one of them is as the key says.',
  wrong: (mismatched: string) =>
    `${mismatched} of them are not as the key and the chance say. Something is wrong.`,
  keyWrong: 'The key is not the one whose fingerprint was published. Something is wrong.',
  download: 'Download every draw',
  howTitle: 'Draw again yourself',
  how:
    'For each line of the file, compute HMAC-SHA256 with the key (32 bytes, written here in hexadecimal) of the text ' +
    '“v1|location|customer|day”. The first 13 hexadecimal digits are u; the draw says yes when u divided by 2⁵² is ' +
    'below the chance.',
};
