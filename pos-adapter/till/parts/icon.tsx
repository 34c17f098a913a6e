const paths = {
  cup: 'M5 9h11v6a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10.500h1a2.5 2.5 0 0 1 0 5h-1M8.5 3.500v2.500M12.5 3.500v2.5',
  gift: 'M4 11h16v9H4zM3 7.500h18V11H3zM12 7.500V20M12 7.500S7.5 7.5 7.5 5 11 3 12 7.500c1-4.5 4.5-5 4.5-2.500S12 7.5 12 7.5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  undo: 'M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M7.5 8v8M11 8v8M14 8v8M16.5 8v8',
  back: 'M14 6l-6 6 6 6',
  erase: 'M9 6h11v12H9l-5-6zM12 9.500l5 5M17 9.500l-5 5',
  star: 'M12 3.500l2.6 5.4 5.9.8-4.3 4.1 1.1 5.900L12 16.800l-5.3 2.9 1.1-5.900L3.5 9.700l5.9-.800z',
  camera: 'M4 8h3.500L9 5.500h6L16.500 8H20v11H4zM12 16.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7',
  heart: 'M12 19.500 4.800 12.400a4.4 4.4 0 0 1 6.200-6.200l1 1 1-1a4.4 4.400 0 0 1 6.200 6.200z',
  sparkle:
    'M12 4l1.800 5.200L19 11l-5.200 1.800L12 18l-1.800-5.200L5 11l5.200-1.800zM19 16.500v4M17 18.500h4',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  settings: 'M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5M13 5v4M7 10v4M11 15v4',
  card: 'M3 6h18v12H3zM7 12h.01M11 12h.01M15 12h.01',
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
