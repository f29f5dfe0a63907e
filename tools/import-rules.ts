// The directions of import between the rooms of src/, and what may stand in which room. The table is
// the architecture: change it together with a record in docs/decisions.
import path from 'node:path';

/** Domains in their order: each may use those before it. What attaches to any record comes early. */
export const DOMAINS = [
  'organization',
  'people',
  'comments',
  'customers',
  'catalog',
  'funnels',
  'tasks',
  'meetings',
  'targets',
  'leaderboards',
];

const FOUNDATION = ['database', 'calendar', 'generated'];
const RECORD = [...FOUNDATION, 'events', 'metrics', 'aggregates', 'live'];

/** What each room may import, besides itself. `domain` is a domain's core, `graphql` its GraphQL. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  main: ['app', 'greeting', 'demonstration', 'settings'],
  demonstration: ['settings', ...FOUNDATION],
  greeting: ['app', 'server', 'settings', 'domain', ...RECORD],
  app: ['server', 'schema', 'settings', 'domain', ...RECORD],
  settings: [],
  'print-schema': ['schema', 'api'],
  schema: ['graphql', 'api'],
  server: ['schema', 'settings', 'api', 'domain', ...RECORD],
  graphql: ['api', 'domain', ...RECORD],
  api: RECORD,
  commands: ['app', 'schema', 'settings', 'imports', 'domain', ...RECORD],
  imports: ['domain', ...RECORD],
  domain: RECORD,
  live: [...FOUNDATION, 'events', 'metrics', 'aggregates'],
  aggregates: [...FOUNDATION, 'events', 'metrics'],
  metrics: [...FOUNDATION, 'events'],
  events: FOUNDATION,
  calendar: FOUNDATION,
  database: FOUNDATION,
  client: [],
  screens: ['client'],
};

const TRANSPORTS = /^(graphql-yoga|@graphql-yoga\/.*|ws|graphql-ws|graphql-ws\/.*|graphql-sse)$/;
const GRAPHQL = /^(graphql|graphql\/.*|@pothos\/.*)$/;
const RAW_SQL = /\bsql(<[^>`]*>)?`|\.query\(|\brunText\b|\btx\.text\b/;
const SQL_ROOMS = ['database', 'events', 'metrics', 'aggregates'];
const SQL_FILES = /(^|\/)([a-z-]+-)?(store|metrics)\.ts$/;
const NO_GRAPHQL = ['database', 'calendar', 'events', 'metrics', 'aggregates', 'domain'];
const LONGEST = 400;
const LONGEST_MAIN = 60;

export interface SourceFile {
  /** From the root of the project, with slashes: `src/domains/tasks/rules.ts`. */
  path: string;
  text: string;
}

interface Room {
  room: string;
  domain: string | null;
}

/** The room of a file of src/; files at its top are rooms of their own (`settings-reader.ts` belongs to `settings`). */
export function roomOf(file: string): Room {
  const [, first = '', second = '', third = ''] = file.split('/');
  if (first === 'domains') {
    return { room: third === 'graphql' ? 'graphql' : 'domain', domain: second };
  }
  if (second !== '') return { room: first, domain: null };
  const name = first.replace(/\.ts$/, '');
  if (name in ALLOWED) return { room: name, domain: null };
  return { room: name.split('-')[0] ?? name, domain: null };
}

/** Every broken rule as a sentence that says what to do instead. */
export function violationsIn(file: SourceFile): string[] {
  const from = roomOf(file.path);
  const imports = importsOf(file.text);
  return [
    ...unknownRoom(file, from),
    ...imports.flatMap((target) =>
      target.startsWith('.')
        ? badImport(file, from, path.posix.join(path.posix.dirname(file.path), target))
        : badPackage(file, from, target),
    ),
    ...badText(file, from),
  ];
}

function unknownRoom(file: SourceFile, { room, domain }: Room): string[] {
  if (domain !== null && !DOMAINS.includes(domain)) {
    return [
      `${file.path}: the domain ${domain} has no place in DOMAINS of tools/import-rules.ts: give it one, early if it attaches to any record.`,
    ];
  }
  if (room in ALLOWED) return [];
  return [
    `${file.path}: the room ${room} is not in ALLOWED of tools/import-rules.ts: put the file into a room of the design, or add the room with a decision.`,
  ];
}

function badImport(file: SourceFile, from: Room, target: string): string[] {
  const says = (advice: string) => [`${file.path} imports ${target}: ${advice}`];
  // The demonstration's data stands beside the migrations, and acts through the services.
  if (from.room === 'demonstration' && target.startsWith('prisma/demo/')) return [];
  if (!target.startsWith('src/')) {
    return says('src/ imports nothing outside of itself; move what it needs into a room.');
  }
  const to = roomOf(target);
  if (from.domain !== null && to.domain !== null && from.domain !== to.domain) {
    return betweenDomains(from, to, target, says);
  }
  if (from.room === to.room) return [];
  if (ALLOWED[from.room]?.includes(to.room)) return [];
  return says(adviceFor(from.room, to.room));
}

function betweenDomains(
  from: Room,
  to: Room,
  target: string,
  says: (advice: string) => string[],
): string[] {
  const order = (domain: string | null) => DOMAINS.indexOf(domain ?? '');
  if (order(to.domain) > order(from.domain)) {
    return says(
      `${to.domain} comes after ${from.domain}; let ${from.domain} write an event that ${to.domain} reacts to, or extend the type from ${to.domain}.`,
    );
  }
  if (from.room === 'domain' && to.room === 'graphql') {
    return says('a domain’s core knows no GraphQL; import the other domain’s service or model.');
  }
  if (SQL_FILES.test(target) && target.includes('store')) {
    return says(
      `only ${to.domain} touches its tables; use its service, or add there what you need.`,
    );
  }
  return [];
}

function adviceFor(from: string, to: string): string {
  if (from === 'live')
    return 'live/ is handed `execute` and knows no schema; hand it a function instead.';
  if (from === 'api')
    return 'api/ knows no domain; let the domain register what it brings, as a type or a loader.';
  if (from === 'domain' && (to === 'graphql' || to === 'api')) {
    return 'a domain’s core knows no GraphQL; throw a named error or return plain data, and translate it in graphql/.';
  }
  if (to === 'domain' || to === 'graphql') {
    return `${from}/ knows no domain; let the domain register itself with ${from}/, or react to its event.`;
  }
  if (to === 'settings')
    return 'only main, app, server and commands read settings; take the value as a parameter.';
  if (from === 'screens' || from === 'client') {
    return 'clients import client/ and generated documents only; ask the API for it.';
  }
  return `${from} may import ${(ALLOWED[from] ?? []).join(', ') || 'nothing'}; take it as a parameter, or move the shared part down.`;
}

function badPackage(file: SourceFile, { room, domain }: Room, name: string): string[] {
  if (TRANSPORTS.test(name) && room !== 'server' && room !== 'client') {
    return [
      `${file.path} imports ${name}: only server/ knows how requests arrive; take a function or plain data instead.`,
    ];
  }
  if (GRAPHQL.test(name) && NO_GRAPHQL.includes(room)) {
    const instead = domain ? `src/domains/${domain}/graphql/` : 'api/';
    return [`${file.path} imports ${name}: this room knows no GraphQL; do it in ${instead}.`];
  }
  return [];
}

function badText(file: SourceFile, { room, domain }: Room): string[] {
  const found: string[] = [];
  const lines = file.text.split('\n').length - 1;
  const longest = file.path === 'src/main.ts' ? LONGEST_MAIN : LONGEST;
  if (lines > longest) {
    found.push(
      `${file.path} has ${lines} lines, and ${longest} is the limit: split it by what changes together.`,
    );
  }
  if (/^export default\b/m.test(file.text)) {
    found.push(`${file.path} has a default export: export it by its name.`);
  }
  if (
    !SQL_ROOMS.includes(room) &&
    !SQL_FILES.test(file.path) &&
    RAW_SQL.test(withoutComments(file.text))
  ) {
    const place = domain
      ? 'the domain’s store.ts (or a file named …-store.ts)'
      : 'database/, events/, metrics/ or a file named …-store.ts';
    found.push(`${file.path} contains raw SQL: move it into ${place}.`);
  }
  return found;
}

function importsOf(text: string): string[] {
  const code = withoutComments(text);
  const statements = code.matchAll(/^\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]/gm);
  const bare = code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm);
  const dynamic = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [...statements, ...bare, ...dynamic].map((match) => match[1] ?? '');
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
