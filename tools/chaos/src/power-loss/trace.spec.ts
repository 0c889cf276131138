import { describe, expect, it } from '@jest/globals';

import { readTrace } from './trace.js';

function hex(text: string): string {
  const bytes = Buffer.from(text).toString('hex').replace(/../g, '$& ').trim();
  return ` | 00000  ${bytes.padEnd(48)}  ${text.padEnd(16)} |`;
}

describe('readTrace', () => {
  it('reads what one thread does while another one syncs', () => {
    const text = [
      '10 mkdir("/d/log", 0777)              = 0',
      '10 openat(AT_FDCWD</w>, "/d/log/a", O_RDWR|O_CREAT, 0664) = 7</d/log/a>',
      '10 openat(AT_FDCWD</w>, "/d/log/a", O_WRONLY|O_DSYNC|O_CLOEXEC) = 8</d/log/a>',
      '10 openat(AT_FDCWD</w>, "/elsewhere", O_RDWR|O_CREAT, 0664) = 9</elsewhere>',
      '10 pwrite64(9</elsewhere>, ""..., 2, 0) = 2',
      hex('no'),
      '11 fdatasync(7</d/log/a> <unfinished ...>',
      '10 pwrite64(8</d/log/a>, ""..., 3, 40) = 3',
      hex('abc'),
      '11 <... fdatasync resumed>)          = 0',
      '10 lseek(7</d/log/a>, 100, SEEK_SET) = 100',
      '10 writev(7</d/log/a>, [{iov_base=""..., iov_len=2}, {iov_base=""..., iov_len=1}], 2) = 3',
      ' * 2 bytes in buffer 0',
      hex('de'),
      ' * 1 bytes in buffer 1',
      hex('f'),
      '10 fsync(7</d/log/a>) = -1 EIO (Input/output error) (INJECTED)',
      '10 fsync(7</d/log/a>) = 0 (INJECTED)',
    ].join('\n');
    expect(readTrace(text, '/d')).toEqual([
      { kind: 'make', path: '/d/log', directory: true },
      { kind: 'make', path: '/d/log/a', directory: false },
      { kind: 'write', path: '/d/log/a', offset: 40, bytes: Buffer.from('abc'), durable: true },
      { kind: 'sync', path: '/d/log/a', since: 2 },
      { kind: 'write', path: '/d/log/a', offset: 100, bytes: Buffer.from('def'), durable: false },
    ]);
  });

  it.each([
    ['a write through a memory map', '10 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 7</d/data.mdb>, 0) = 0x7f00'],
    ['a call that it does not know', '10 fallocate(7</d/data.mdb>, 0, 0, 100) = 0'],
    ['bytes that were not recorded', '10 pwrite64(7</d/data.mdb>, ""..., 2, 0) = 2'],
  ])('refuses %s', (_, line) => {
    expect(() => readTrace(line, '/d')).toThrow(/trace/);
  });
});
