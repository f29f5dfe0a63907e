import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type BrokenRow,
  type CsvOptions,
  type CsvRow,
  readCsv,
} from '../../src/imports/csv-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'muster-csv-'));
let made = 0;

async function read(content: string | Buffer, options: Partial<CsvOptions> = {}) {
  made += 1;
  const file = path.join(folder, `${made}.csv`);
  writeFileSync(file, content);
  return collect(readCsv(file, { columns: [], ...options }));
}

async function collect(rows: AsyncIterable<CsvRow | BrokenRow>) {
  const all: (CsvRow | BrokenRow)[] = [];
  for await (const one of rows) all.push(one);
  return all;
}

const row = (line: number, fields: Record<string, string>) => ({ line, fields });

describe('a CSV file', () => {
  it('may begin with a byte order mark, end without a line break, and break lines inside quotes', async () => {
    expect(await read('\uFEFFid,note\n1,"two\nlines, and ""quotes"""\n2,x')).toEqual([
      row(2, { id: '1', note: 'two\nlines, and "quotes"' }),
      row(4, { id: '2', note: 'x' }),
    ]);
  });

  it.each([['\n'], ['\r\n'], ['\r']])(
    'tells the line that a record begins on, with line ends %j',
    async (end) => {
      const lines = ['id,note', '1,"a', 'b"', '', '2,x', '3,"c', '', 'd"', '4,y'];
      const rows = await read(lines.join(end));
      expect(rows.map(({ line }) => line)).toEqual([2, 5, 6, 9]);
      expect(rows[2]).toEqual(row(6, { id: '3', note: 'c\n\nd' }));
    },
  );

  it('is read as GB18030 where that is said, also across the borders of chunks', async () => {
    // 张三 and 李四; long enough for many chunks, and odd, so that a chunk ends inside a character.
    const name = Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]);
    const line = Buffer.concat([Buffer.from('x'), name, Buffer.from(',1\n')]);
    const all = Buffer.concat([Buffer.from('name,n\n'), ...Array<Buffer>(30_000).fill(line)]);
    const rows = await read(all, { encoding: 'gb18030' });
    expect(rows).toHaveLength(30_000);
    for (const [at, one] of rows.entries()) {
      expect(one).toEqual(row(at + 2, { name: 'x张三', n: '1' }));
    }
  });

  it('may be delimited otherwise', async () => {
    const rows = await read('a;b\n1;2', { delimiter: ';' });
    expect(rows).toEqual([row(2, { a: '1', b: '2' })]);
  });

  it('goes on after a broken record, and says what is broken', async () => {
    const rows = await read('a,b\n1,2\n3\n4,5,6\n7,8\n');
    expect(rows).toEqual([
      row(2, { a: '1', b: '2' }),
      { line: 3, value: '', broken: 'has 1 fields where the header has 2' },
      { line: 4, value: '', broken: 'has 3 fields where the header has 2' },
      row(5, { a: '7', b: '8' }),
    ]);
  });

  it('keeps a quote that stands inside a field, and reports one that is never closed', async () => {
    const rows = await read('a,b\n5" disk,"6"x\n7,"8\n9,10\n');
    expect(rows).toEqual([
      row(2, { a: '5" disk', b: '"6"x' }),
      {
        line: 3,
        value: '',
        broken: 'a quote is opened and never closed: nothing after it could be read',
      },
    ]);
  });

  it('is refused as a whole when it is not there, is empty, or lacks a column', async () => {
    const missing = collect(readCsv(path.join(folder, 'none.csv'), { columns: [] }));
    await expect(missing).rejects.toThrow(/^none\.csv cannot be read: ENOENT/);
    await expect(read('')).rejects.toThrow(/is empty: not even a header/);
    await expect(read('a,b\n', { columns: ['a', 'c', 'd'] })).rejects.toThrow(
      /has no column "c", "d"; it has a, b\./,
    );
    await expect(read('a,a\n', { columns: ['a'] })).rejects.toThrow(/has the column "a" twice/);
  });
});
