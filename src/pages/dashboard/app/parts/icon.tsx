const paths = {
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  gift: 'M4 11h16v9H4zM3 7.5h18V11H3zM12 7.5V20M12 7.5S7.5 7.5 7.5 5 11 3 12 7.5c1-4.5 4.5-5 4.5-2.5S12 7.5 12 7.5',
  chart: 'M4 20V4M4 20h16M8.500 16v-4M13 16V8M17.500 16v-6',
  scale: 'M12 4v16M7 20h10M5 8l7-2 7 2M5 8l-2.500 6h5zM19 8l-2.500 6h5z',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500c2.200.8 3.500 2.700 3.500 5.500',
  person: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 21c0-4.500 3.500-7 7.500-7s7.500 2.500 7.500 7',
  cup: 'M5 9h11v6a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10.500h1a2.500 2.500 0 0 1 0 5h-1M8.500 3.500V6M12.500 3.500V6',
  receipt:
    'M6 3l2 1.500L10 3l2 1.500L14 3l2 1.500L18 3v18l-2-1.500-2 1.500-2-1.500-2 1.500-2-1.500L6 21zM9.500 9h5M9.500 13h5',
  card: 'M3 6h18v12H3zM7 12h.01M11 12h.01M15 12h.01',
  tablet: 'M6 3h12v18H6zM11 18h2',
  place:
    'M12 21s7-6.500 7-11.500a7 7 0 0 0-14 0C5 14.500 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  purse: 'M3 7h15v13H3zM18 10h3v7h-3M15 13.500h.01M3 7l11-4v4',
  settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h3M11 12h9M9 10v4',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  shield: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4',
  plus: 'M12 5v14M5 12h14',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  back: 'M14 6l-6 6 6 6',
  next: 'M10 6l6 6-6 6',
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
};

export type IconName = keyof typeof paths;

/** Decoration beside words; never the only thing that says something. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
