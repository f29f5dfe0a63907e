import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const RUNTIME = fileURLToPath(new URL('../../tools/runtime.cjs', import.meta.url));

/** Loads the check in a process that believes to be another version. */
function runAs(version: string) {
  const pretend = `
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
    require(${JSON.stringify(RUNTIME)});
    console.log('runs');`;
  return spawnSync(process.execPath, ['-e', pretend], { encoding: 'utf8' });
}

test.each(['18.20.4', '20.20.2', '22.17.1', '23.5.0'])(
  'Node %s is refused in one sentence',
  (version) => {
    const { status, stdout, stderr } = runAs(version);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(
        `^Muster runs on Node 22\\.18 or later, and this is Node ${version} [^\\n]*npm ci[^\\n]*\\n$`,
      ),
    );
  },
);

test.each(['22.18.0', '23.6.0', '24.21.0', '26.0.0'])('Node %s is fine', (version) => {
  expect(runAs(version)).toMatchObject({ status: 0, stdout: 'runs\n', stderr: '' });
});
