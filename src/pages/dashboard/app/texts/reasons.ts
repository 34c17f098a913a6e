/** Why something was given. */
export const reasons = {
  long_day: 'Long day',
  long_wait: 'Long wait',
  our_mistake: 'Our mistake',
  regular: 'A regular',
  newcomer: 'New here',
  celebration: 'Celebrating',
  other: 'Just because',
};
