import { describe, expect, it } from 'vitest';
import type { SplitSide } from '../../electron/common/engine-protocol.ts';
import { splitCorrections } from '../../electron/training/validation-split.ts';
import { correction } from '../support/corrections.ts';

describe('validation is split off the corrections', () => {
  it('by patient: nobody is on both sides, a quarter validates, whatever the seed', () => {
    const corrections = Array.from({ length: 24 }, (_, index) => correction(`patient ${index % 8}`, `study ${index}`));
    for (let seed = 0; seed < 20; seed += 1) {
      const { train, validation, caution } = splitCorrections(corrections, seed);
      const patients = new Set(validation.map(({ patientKey }) => patientKey));
      expect(train.some(({ patientKey }) => patients.has(patientKey))).toBe(false);
      expect(validation).toHaveLength(6);
      expect(train).toHaveLength(18);
      expect(caution).toBeNull();
    }
  });

  it('by study where the patient is not known, and never all of them', () => {
    const corrections = [0, 0, 0, 1].map((study, index) => correction(null, `study ${study}`, index + 1));
    for (let seed = 0; seed < 10; seed += 1) {
      const { train, validation } = splitCorrections(corrections, seed);
      expect(train.length).toBeGreaterThan(0);
      expect(validation.length).toBeGreaterThan(0);
      const studies = new Set(validation.map(({ studyId }) => studyId));
      expect(train.some(({ studyId }) => studies.has(studyId))).toBe(false);
    }
  });

  it('says that the estimate is optimistic when all studies are of one patient', () => {
    const corrections = Array.from({ length: 8 }, (_, index) => correction('one', `study ${index % 4}`));
    expect(splitCorrections(corrections, 1).caution).toMatch(/one patient/);
    const uneven = Array.from({ length: 20 }, (_, index) => correction('one', `study ${Number(index === 0)}`, index));
    expect(splitCorrections(uneven, 1).caution).toMatch(/one patient/);
    expect(splitCorrections(uneven, 1).validation).toHaveLength(5);
  });

  it('by the patients whose number of corrections is nearest to a quarter, and at least half are trained on', () => {
    const sizes = [12, 3, 2, 2, 1];
    const corrections = sizes.flatMap((size, patient) =>
      Array.from({ length: size }, (_, index) => correction(`patient ${patient}`, `study ${patient}`, index)),
    );
    const chosen = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      const { train, validation, caution } = splitCorrections(corrections, seed);
      expect([train.length, validation.length, caution]).toEqual([15, 5, null]);
      const patients = new Set(validation.map(({ patientKey }) => patientKey));
      expect(train.some(({ patientKey }) => patients.has(patientKey))).toBe(false);
      chosen.add(validation.map(({ studyId, frameNumber }) => `${studyId} ${frameNumber}`).join());
      expect(splitCorrections(corrections, seed).validation).toEqual(validation);
    }
    expect(chosen.size).toBeGreaterThan(1);
  });

  it('by study, else by frames, where one patient has nearly all, and says that the estimate is optimistic', () => {
    const single = correction('two', 'other');
    for (let seed = 0; seed < 20; seed += 1) {
      const studies = Array.from({ length: 19 }, (_, index) => correction('one', `study ${index % 5}`, index));
      const byStudy = splitCorrections([...studies, single], seed);
      expect(Math.abs(byStudy.validation.length - 5)).toBeLessThanOrEqual(1);
      const inValidation = new Set(byStudy.validation.map(({ studyId }) => studyId));
      expect(byStudy.train.some(({ studyId }) => inValidation.has(studyId))).toBe(false);
      expect(byStudy.caution).toMatch(/not be kept apart.*optimistic/);
      const cine = Array.from({ length: 19 }, (_, index) => correction('one', 'cine', index));
      const byFrames = splitCorrections([...cine, single], seed);
      expect(byFrames.validation).toHaveLength(5);
      expect(byFrames.train.length).toBeGreaterThanOrEqual(10);
      expect(byFrames.caution).toMatch(/not be kept apart.*optimistic/);
    }
  });

  it('by a block of frames with a gap in one cine, and says that the estimate is optimistic', () => {
    const corrections = Array.from({ length: 20 }, (_, index) => correction('one', 'cine', 20 - index));
    const { train, validation, caution } = splitCorrections(corrections, 1);
    const first = Math.min(...validation.map(({ frameNumber }) => frameNumber));
    expect(validation.map(({ frameNumber }) => frameNumber)).toEqual([16, 17, 18, 19, 20]);
    expect(Math.max(...train.map(({ frameNumber }) => frameNumber))).toBeLessThan(first - 2);
    expect(caution).toMatch(/optimistic/);
  });

  describe('again, with more corrections', () => {
    const settled = (corrections: readonly ReturnType<typeof correction>[], seed: number) => {
      const { train, validation } = splitCorrections(corrections, seed);
      const of = new Map<object, SplitSide>([
        ...train.map((one) => [one, 'train'] as const),
        ...validation.map((one) => [one, 'validation'] as const),
      ]);
      return corrections.map((one) => ({ ...one, side: of.get(one) ?? null }));
    };

    it('nothing that was trained on validates, what validated still does, and so do enough of the new ones', () => {
      for (let seed = 0; seed < 20; seed += 1) {
        const before = settled(
          Array.from({ length: 20 }, (_, index) => correction(`patient ${index}`, `study ${index}`)),
          seed,
        );
        for (const more of [1, 4, 8, 40]) {
          const added = Array.from({ length: more }, (_, index) => correction(`new ${index}`, `new ${index}`));
          const { train, validation, caution } = splitCorrections([...before, ...added], seed);
          expect(validation.filter(({ side }) => side === 'train')).toEqual([]);
          expect(train.filter(({ side }) => side === 'validation')).toEqual([]);
          expect(validation).toHaveLength(Math.round((20 + more) / 4));
          expect(train.length + validation.length).toBe(20 + more);
          expect(caution).toBeNull();
        }
      }
    });

    it('frames of one cine stay on their side too', () => {
      const before = settled(
        Array.from({ length: 12 }, (_, index) => correction('one', 'cine', 2 * index)),
        1,
      );
      const added = Array.from({ length: 8 }, (_, index) => correction('one', 'cine', 2 * index + 1));
      const { train, validation } = splitCorrections([...before, ...added], 1);
      expect(validation.filter(({ side }) => side === 'train')).toEqual([]);
      expect(validation.filter(({ side }) => side === 'validation')).toHaveLength(3);
      expect(validation).toHaveLength(5);
      expect(train.length).toBeGreaterThan(0);
    });

    it('a patient who validated is trained on where too many frames would validate, and one trained on never turns', () => {
      const before = [
        ...Array.from({ length: 3 }, (_, index) => ({ ...correction('a', 'a', index), side: 'train' as const })),
        { ...correction('b', 'b'), side: 'validation' as const },
      ];
      const added = [
        ...Array.from({ length: 12 }, (_, index) => correction('b', 'b', index + 1)),
        ...Array.from({ length: 4 }, (_, index) => correction('c', 'c', index)),
      ];
      const { train, validation, caution } = splitCorrections([...before, ...added], 1);
      expect(new Set(validation.map(({ patientKey }) => patientKey))).toEqual(new Set(['c']));
      expect(train).toHaveLength(16);
      expect(caution).toBeNull();
    });

    it('says so where there is nothing that was not trained on', () => {
      const all = Array.from({ length: 8 }, (_, index) => ({
        ...correction(`patient ${index}`, `study ${index}`),
        side: 'train' as const,
      }));
      const { validation, caution } = splitCorrections(all, 1);
      expect(validation).toHaveLength(2);
      expect(caution).toMatch(/trained on before/);
    });
  });

  it('gives up the gap rather than the training frames when there are few', () => {
    const corrections = [1, 2, 3, 4].map((frameNumber) => correction(null, 'cine', frameNumber));
    const { train, validation } = splitCorrections(corrections, 1);
    expect([train.length, validation.length]).toEqual([3, 1]);
  });
});
