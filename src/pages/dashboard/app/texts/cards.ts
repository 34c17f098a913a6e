import { inLanguage } from '../language.ts';
import { counted } from '../plural.ts';

export const texts = inLanguage({
  title: 'Stamp cards',
  lead: 'What fills a card, and what a full card earns.',
  another: 'Start another stamp card',
  newTitle: 'Another stamp card',
  newLead: 'Customers who join get a card of each. Most shops need only one.',
  start: 'Start it',
  started: (name: string) => `${name} has begun`,
  all: 'All stamp cards',
  tableCaption: 'Stamp cards',
  columns: { name: 'Name', stamps: 'Stamps', reward: 'Reward' },
  none: 'No stamp card is issued',
  noneHint: 'Customers cannot join until there is one.',
  saved: 'Saved',

  preview: 'What the customer sees',
  previewStamps: (stamps: number, required: number) => `${stamps} of ${required} stamps`,
  previewToGo: (left: number) => `${left} to go`,

  name: 'Name',
  nameHint: 'Only you and your staff see it.',
  stamps: 'Stamps to fill it',
  reward: 'What a full card earns',
  rewardCost: 'What one reward costs you',
  rewardCostHint:
    'What the drink costs you to make, not its price. Reports count a double stamp as its part of this, and as nothing while it is empty.',
  colour: 'Colour',
  colours: {
    coffee: 'Coffee',
    espresso: 'Espresso',
    pine: 'Pine',
    sea: 'Sea',
    berry: 'Berry',
    clay: 'Clay',
    honey: 'Honey',
    milk: 'Milk',
  },
  otherColour: 'Another colour',
  colourGood: 'Easy to read.',
  colourDarker:
    'Neither light nor dark text can be read well on this colour, so the card takes a darker shade of it.',
  accrual: 'A stamp is earned by',
  accruals: {
    item: 'each item ticked on the menu',
    sale: 'each sale',
    amount: 'an amount spent',
  },
  minimum: 'When the sale is at least',
  amount: 'One stamp for every',
  expiry: 'Days until a reward runs out',
  expiryHint: 'Leave it empty and rewards never run out.',
  picture: 'Picture',
  pictureHint: 'A photograph or drawing, shown at the top of the card.',
  choosePicture: 'Choose a picture',
  changePicture: 'Choose another',
  removePicture: 'Remove it',
  pictureUnreadable: 'This file cannot be read as a picture',

  changeNow:
    'A card that a customer has begun keeps its rule and its look until it is full. Their next card, and every new card, is as you save it here.',
  changeLater: (required: number) =>
    `So cards already begun are still filled with ${counted(required, 'stamp', 'stamps')}: nobody loses one.`,
  changeExpiry: 'Rewards that were earned before keep the day they run out, or have none.',

  end: 'Issue no more of these',
  endTitle: (name: string) => `Issue no more cards of ${name}?`,
  endSays:
    'Cards that customers have go on: they can be filled, and what they earned can be redeemed. Nobody gets a new one. This cannot be undone; you can start another card at any time.',
  endLast: 'It is your only stamp card: after this, new customers cannot join.',
  endYes: 'Issue no more',
  ended: (name: string) => `No more cards of ${name} are issued`,
});
