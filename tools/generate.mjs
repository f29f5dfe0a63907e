// Makes everything under src/generated: the Prisma client, Pothos' and Kysely's types, and the typed
// documents of schema/operations. Runs as npm's postinstall, so it uses installed packages only, and
// any Node from 20 on. It does nothing when what it reads has not changed; `--force` runs it anyway,
// `--check` changes nothing and fails when something would have to be made.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const generated = path.join(root, 'src', 'generated');
const bin = path.join(root, 'node_modules', '.bin');
const resolve = createRequire(path.join(root, 'package.json')).resolve;

const steps = [
  {
    name: 'prisma',
    inputs: ['prisma/schema', 'prisma.config.ts'],
    packages: ['prisma', 'prisma-kysely', '@pothos/plugin-prisma'],
    outputs: ['prisma/client.ts', 'pothos-prisma-types.ts', 'kysely/types.ts'],
    clear: ['prisma', 'kysely', 'pothos-prisma-types.ts'],
    run: () => run([resolve('prisma/build/index.js'), 'generate', '--no-hints']),
  },
  {
    name: 'documents',
    inputs: ['schema/schema.graphql', 'schema/operations', 'codegen.ts'],
    packages: ['@graphql-codegen/core', '@graphql-codegen/typescript-operations'],
    outputs: ['operations.ts'],
    clear: [],
    run: () => run([path.join(root, 'codegen.ts')]),
    // Only tests and screens read the documents, and an installation without the development
    // packages has no code generator.
    skip: () => !existsSync(path.join(root, 'codegen.ts')) || !installed('@graphql-codegen/core'),
  },
];

function main() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    fail(`Muster needs Node 20 or later to install, and this is Node ${process.versions.node}.`);
  }
  const check = process.argv.includes('--check');
  const force = process.argv.includes('--force');
  for (const step of steps) {
    if (step.skip?.()) continue;
    const stamp = path.join(generated, `.${step.name}.sha256`);
    const digest = digestOf(step);
    const current =
      existsSync(stamp) &&
      readFileSync(stamp, 'utf8') === digest &&
      step.outputs.every((output) => existsSync(path.join(generated, output)));
    if (current && !force) continue;
    if (check) fail(`src/generated is older than its sources (${step.name}): npm run generate.`);
    rmSync(stamp, { force: true });
    for (const output of step.clear) {
      rmSync(path.join(generated, output), { recursive: true, force: true });
    }
    step.run();
    mkdirSync(generated, { recursive: true });
    writeFileSync(stamp, digest);
  }
}

/** Runs a program of ours with the pinned Node; prints what it said only when it fails. */
function run(args) {
  const node = pinnedNode();
  const result = spawnSync(node, args, {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
      // Generating needs no engine, but the command line downloads one first unless it is told
      // where one is. Any executable will do.
      PRISMA_SCHEMA_ENGINE_BINARY: node,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
      NO_COLOR: '1',
    },
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail(`"node ${args.map((arg) => path.relative(root, arg) || arg).join(' ')}" failed.`);
  }
}

function pinnedNode() {
  const pinned = path.join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(pinned) ? pinned : process.execPath;
}

function digestOf(step) {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const input of step.inputs) {
    for (const file of filesOf(path.join(root, input))) {
      hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
    }
  }
  for (const name of step.packages) hash.update(`\0${name}@${versionOf(name)}`);
  return hash.digest('hex');
}

function filesOf(at) {
  if (!existsSync(at)) return [];
  if (statSync(at).isFile()) return [at];
  return readdirSync(at)
    .sort()
    .flatMap((name) => filesOf(path.join(at, name)));
}

function versionOf(name) {
  const manifest = path.join(root, 'node_modules', ...name.split('/'), 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : 'none';
}

function installed(name) {
  return versionOf(name) !== 'none';
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

main();
