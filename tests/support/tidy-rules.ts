// What keeps the folders apart and the names plain. Each rule looks at one file and says what is wrong with it.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, sep } from 'node:path';

export type SourceFile = { path: string; text: string };
export type Rule = (file: SourceFile) => string[];

type Import = { from: string; isTypeOnly: boolean };

const notOurs = new Set(['node_modules', '.git', '.installing', 'dist', 'data', 'coverage', 'screens']);
const textEndings =
  /\.(ts|tsx|mts|js|mjs|json|md|css|html|svg|sql|yml|yaml|sh|txt)$|\/run$|^\.[a-z]+rc$|^LICENSE$/;

/** Every text file of the project, by its path from the root with forward slashes. */
export function readProject(root: string): SourceFile[] {
  return pathsBelow(root, '')
    .filter((path) => textEndings.test(path) && path !== 'package-lock.json')
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function pathsBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : pathsBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/**
 * What a folder may import besides its own files; the first that fits counts. A folder that is not named here may
 * import anything. `types` are erased before the program runs, so they tie nothing together.
 */
const mayImport: { folder: string; files: string[]; types: string[]; packages: boolean }[] = [
  { folder: 'src/loyalty/', files: [], types: [], packages: false },
  { folder: 'src/evidence/', files: [], types: ['src/loyalty/'], packages: false },
  {
    folder: 'src/operations/',
    files: [
      'src/loyalty/',
      'src/evidence/',
      'src/clock.ts',
      'db/',
      'pos-adapter/sale.ts',
      'pos-adapter/sales-file/',
    ],
    types: [],
    packages: true,
  },
  {
    folder: 'src/http/',
    files: ['src/operations/', 'src/loyalty/', 'src/evidence/', 'src/clock.ts', 'pos-adapter/sale.ts'],
    types: ['db/', 'src/config.ts'],
    packages: true,
  },
  {
    folder: 'src/pages/',
    files: ['src/http/', 'src/operations/', 'src/loyalty/', 'src/evidence/', 'src/clock.ts'],
    types: ['db/', 'src/config.ts'],
    packages: true,
  },
  // The commands, the demo and what starts the server. None of them needs a test or a script.
  { folder: 'src/', files: ['db/', 'pos-adapter/', 'package.json'], types: [], packages: true },
  { folder: 'db/', files: [], types: ['src/loyalty/', 'src/evidence/'], packages: true },
  {
    folder: 'pos-adapter/',
    files: [
      'src/pages/style.css',
      'src/pages/older-browsers.ts',
      'src/loyalty/money.ts',
      'src/loyalty/business-day.ts',
    ],
    types: ['src/http/'],
    packages: true,
  },
];

const { dependencies } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as { dependencies: Record<string, string> };

/** `npm start` installs `dependencies` and no more. */
export const whatRunsIsInstalled: Rule = (file) => {
  if (!/^(src|db|pos-adapter)\//.test(file.path) || file.path.endsWith('.config.ts')) return [];
  return importsOf(file).flatMap(({ from, isTypeOnly }) => {
    if (isTypeOnly || from.startsWith('.') || from.startsWith('node:')) return [];
    const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/');
    return name in dependencies ? [] : [`imports ${name}, which is not among the dependencies`];
  });
};

const databasePackages = /^(drizzle-orm|drizzle-kit|better-sqlite3|pg)(\/|$)/;
const databaseDoors = new Set(['db/open.ts', 'db/sqlite.ts', 'db/postgres.ts']);
const commandFiles = /^src\/(main|server|cli(-[a-z-]+)?)\.ts$/;

export const importsPointOneWay: Rule = (file) => {
  const rule = isProgram(file.path) && mayImport.find(({ folder }) => file.path.startsWith(folder));
  if (!rule) return [];
  return importsOf(file).flatMap(({ from, isTypeOnly }) => {
    if (!from.startsWith('.')) return rule.packages ? [] : [`imports the package ${from}`];
    const target = pathOf(file, from);
    const allowed = [rule.folder, ...rule.files, ...(isTypeOnly ? rule.types : [])];
    if (allowed.some((start) => target.startsWith(start))) return [];
    return [
      `imports ${target}${rule.types.some((start) => target.startsWith(start)) ? ' (only its types may be)' : ''}`,
    ];
  });
};

export const onlyDatabaseFilesKnowTheDatabase: Rule = (file) => {
  if (!/^(src|pos-adapter)\//.test(file.path)) return [];
  return importsOf(file)
    .filter(({ from }) => databasePackages.test(from))
    .map(({ from }) => `imports ${from}: statements live in db/queries`);
};

export const onlyCommandsOpenAnything: Rule = (file) => {
  if (!/^(src|pos-adapter)\//.test(file.path) || commandFiles.test(file.path)) return [];
  const doors = importsOf(file).filter(
    ({ from, isTypeOnly }) => !isTypeOnly && from.startsWith('.') && databaseDoors.has(pathOf(file, from)),
  );
  const opensPort = isProgram(file.path) && /\.listen\(/.test(file.text);
  return [...doors.map(({ from }) => `opens a database (${from})`), ...(opensPort ? ['opens a port'] : [])];
};

export const onlyConfigReadsTheEnvironment: Rule = (file) => {
  if (!/^(src|db|pos-adapter)\//.test(file.path) || !isProgram(file.path) || file.path === 'src/config.ts')
    return [];
  const reads =
    /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\[|\{[^}]*\benv\b[^}]*\}\s*(=|from)\s*(['"]node:process['"]|process\b)/;
  return reads.test(file.text) ? ['reads the environment'] : [];
};

export const namesArePlain: Rule = ({ path }) => {
  const parts = path.split('/');
  if (parts.length === 1 || path.startsWith('db/migrations/') || path.startsWith('.')) return [];
  return parts.flatMap((part, position) => {
    const isFile = position === parts.length - 1;
    if (isFile && /^(README|CHANGELOG|LICENSE)(\.[a-z]+)*$/.test(part)) return [];
    if (isFile && /^index\.[cm]?[jt]sx?$/.test(part))
      return [`${part} is a barrel: name the file for what is inside`];
    if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part)) return [`${part} is not kebab-case`];
    const words = part.split('.')[0]!;
    return /(^|-)(utils?|helpers?|common)$/.test(words) ? [`${part} says nothing about what is inside`] : [];
  });
};

export const everyTestRuns: Rule = ({ path, text }) => {
  if (!/\.test\.tsx?$/.test(path)) return [];
  const found = text.matchAll(
    /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.(only|skip|todo|skipIf|runIf)\b|\bx(?:it|test|describe)\(/g,
  );
  return [...found].map(([match]) => `${match}: a test that does not run is a failure nobody sees`);
};

// In pieces, because this file is looked at too.
const machinePaths = new RegExp(
  ['(?<![\\w.@-])/(?:', ['work', 'home', 'root', 'farm', 'Users'].join('|'), ')/\\w|\\bC:\\\\', 'Users'].join(
    '',
  ),
);
const registryHosts = new RegExp(
  ['registry\\.(?:npm', 'js|yarn', 'pkg)|npm', 'mirror\\.com|deb\\.deb', 'ian'].join(''),
);

export const nothingNamesAMachine: Rule = ({ text }) =>
  text.split('\n').flatMap((line, index) => {
    const found = machinePaths.exec(line) ?? registryHosts.exec(line);
    return found ? [`line ${index + 1} names a machine: ${found[0]}`] : [];
  });

export const decisionsAreNumbered: Rule = ({ path }) =>
  dirname(path) === 'docs/decisions' && !/^\d{3}-[a-z0-9-]+\.md$/.test(basename(path))
    ? ['is not named NNN-title.md']
    : [];

function isProgram(path: string): boolean {
  return /\.(tsx?|mts|m?js)$/.test(path);
}

function importsOf({ text }: SourceFile): Import[] {
  const declared = text.matchAll(
    /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]*?\sfrom\s*)?['"]([^'"\n]+)['"]/gm,
  );
  const dynamic = text.matchAll(/\bimport\(\s*['"`]([^'"`]+)['"`]/g);
  const workers = text.matchAll(/\bnew URL\(\s*['"]([^'"]+\.tsx?)['"],\s*import\.meta\.url/g);
  return [
    ...[...declared].map(([, type, from]) => ({ from: from!, isTypeOnly: type !== undefined })),
    ...[...dynamic].map(([, from]) => ({ from: from!, isTypeOnly: false })),
    // A thread's file is named from where it is started, with or without a dot before it.
    ...[...workers].map(([, from]) => ({
      from: from!.startsWith('.') ? from! : `./${from!}`,
      isTypeOnly: false,
    })),
  ];
}

function pathOf(file: SourceFile, from: string): string {
  return normalize(join(dirname(file.path), from))
    .split(sep)
    .join('/');
}
