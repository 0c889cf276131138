import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parsePolicy, policyBytesMax } from './parse-policy.js';
import { policyFaultsMax, policyFaultText, type PolicyFault } from './policy-fault.js';
import { changed, policyText } from './policy-text.fixture.js';

const ringYaml = readFileSync(new URL('../../../../ring.yaml', import.meta.url), 'utf8');

describe('A policy', () => {
  it('is read from a text that is in order', () => {
    const parsed = parsePolicy(policyText);
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        tenant: 'ringside',
        regions: { eu: { label: 'Europe', jurisdiction: 'GDPR', successors: ['us'] }, ap: { successors: [] } },
        zones: {
          global: { kind: 'global', retention: { hours: null, lagHoursMax: 336, offloadBytes: 50e9 } },
          casework: { kind: 'cross-region', routes: { eu: ['us'], us: ['eu'] }, retention: { offloadBytes: null } },
        },
        topics: { 'report-evidence': { zone: 'evidence' } },
        views: { case_steps: { zone: 'casework', from: ['cases'] } },
        services: { intake: { produce: ['global', 'evidence'], consume: ['global'] } },
        homes: { rules: [{ idPrefix: 'eu-', region: 'eu', ground: 'Accounts made in Europe.' }], otherwise: 'hash' },
      },
    });
  });

  it('has a digest of its text, so that an audit can say which one it was about', () => {
    const digests = [policyText, policyText, `${policyText}# a comment\n`].map((text) => {
      const parsed = parsePolicy(text);
      return parsed.ok ? parsed.value.digest : '';
    });
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it('may do without views, and may let messages expire where no view is built from them', () => {
    expect(parsePolicy(changed('views:\n  case_steps: { zone: casework, from: [cases] }\n', '')).ok).toBe(true);
    const kept = '    legalGround: Data minimisation.\n    retention: { keep: forever, lagMax: 14d';
    const parsed = parsePolicy(changed(kept, `${kept}, messageTtl: 6w`));
    expect(parsed).toMatchObject({ ok: true, value: { zones: { evidence: { retention: { messageTtlHours: 1008 } } } } });
  });

  it('may be narrower than the contract', () => {
    expect(parsePolicy(changed('  sanctions: { zone: global }', '  sanctions: { zone: evidence }')).ok).toBe(true);
  });

  it('is that of this workspace', () => {
    const parsed = parsePolicy(ringYaml);
    expect(parsed.ok ? [] : parsed.error.map((fault) => policyFaultText(fault))).toEqual([]);
  });
});

describe('Faults', () => {
  it('are told all at once, in the order of the text, whatever they are', () => {
    const text = changed('successors: [us]', 'successors: [su]')
      .replace('purpose: Facts about opaque ids.', 'purpos: Facts.')
      .replace('report-evidence: { zone: evidence }', 'report-evidence: { zone: casework }')
      .replace('produce: [global, casework]', 'produce: [globe]');
    const parsed = parsePolicy(text, 'policies/ring.yaml');
    expect(parsed.ok ? [] : parsed.error.map((fault) => policyFaultText(fault).split(': ').slice(0, 2).join(' '))).toEqual([
      'policies/ring.yaml:7:18 regions.eu.successors[0]',
      'policies/ring.yaml:16:3 zones.global.purpose',
      'policies/ring.yaml:18:5 zones.global.purpos',
      'policies/ring.yaml:45:28 topics.report-evidence.zone',
      'policies/ring.yaml:51:21 services.team.produce[0]',
    ]);
  });

  it('are not told of what another fault already keeps from being known', () => {
    // Without a kind nobody can say whether a topic goes too far, and a name is not unknown because its entry is broken.
    const parsed = parsePolicy(changed('kind: cross-region', 'kind: crossregion'));
    expect(parsed.ok ? [] : parsed.error.map(({ path }) => path)).toEqual(['zones.casework.kind']);
  });

  it('are shown under another name of the file, where somebody asks for it', () => {
    const parsed = parsePolicy('version: 1');
    expect(parsed.ok ? '' : policyFaultText(parsed.error[0]!, 'x.yaml')).toMatch(/^x\.yaml:1:1: tenant: /);
  });

  it('are one for a text that is longer than any policy', () => {
    const parsed = parsePolicy('#'.repeat(policyBytesMax + 1));
    expect(parsed.ok ? [] : parsed.error.map((fault) => policyFaultText(fault))).toEqual([
      'ring.yaml:1:1: The file has 262145 bytes, and a policy has at most 262144.',
    ]);
    expect(parsePolicy(policyText + '#'.repeat(policyBytesMax - policyText.length)).ok).toBe(true);
  });

  it.each(['[', '{a: ', 'a: [', '- ', '? ', '"', '&a ', '*a ', '- &a [*a]\n', '\u0000', '%YAML 1.1\n---\n', 'é\uD800'])(
    'are few for a whole file of %j, and come soon',
    (part) => {
      const parsed = parsePolicy(part.repeat(Math.floor(policyBytesMax / Buffer.byteLength(part))));
      expect(parsed.ok).toBe(false);
      if (!parsed.ok) expect(parsed.error.length).toBeLessThanOrEqual(policyFaultsMax);
    },
  );
});

/** A text that was a policy before somebody's cat walked over it. */
const mutated = fc
  .tuple(
    fc.constantFrom(policyText, ringYaml),
    fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.string({ unit: 'binary', maxLength: 12 })), { minLength: 1, maxLength: 6 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce((changedText, [at, length, instead]) => {
      const from = at % (changedText.length + 1);
      return changedText.slice(0, from) + instead + changedText.slice(from + length);
    }, text),
  );

const words = fc.constantFrom(
  ...policyText.split(/([\s:{}[\],]+)/),
  '__proto__',
  'constructor',
  'toString',
  '*a',
  '&a ',
  '<<',
  '~',
  '0x1',
  '- ',
  '? ',
);

/** Words of a policy in another order: much of it is YAML, and some of it has the shape of a policy. */
const shuffled = fc.array(words, { maxLength: 60 }).map((parts) => parts.join(''));

describe('Any text', () => {
  it.each([
    ['arbitrary', fc.string({ unit: 'binary', maxLength: 400 })],
    ['mutated', mutated],
    ['shuffled', shuffled],
  ] as const)('%s, gives a policy or faults that lie within it, and never throws', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parsePolicy(text);
        if (parsed.ok) return;
        const lines = text.split('\n');
        expect(parsed.error.length).toBeGreaterThan(0);
        const isWithin = ({ line, column }: PolicyFault): boolean =>
          line >= 1 && column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
        expect(parsed.error.filter((fault) => !isWithin(fault) || fault.message === '')).toEqual([]);
      }),
      // A text that fails is shown as it is: to shorten it would take minutes.
      { numRuns: 400, endOnFailure: true },
    );
  });
});
