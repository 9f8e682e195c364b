// Owns how a patient's identity is recognised in words, so that it stays out of them, and how it is written where a reader asked for it.
import type { Patient } from './study.ts';

/** Whether a text holds part of the patient's name or their number. Words of fewer than three letters would fit inside common ones. */
export function namesPatient(text: string, patient: Pick<Patient, 'name' | 'id'> | null): boolean {
  const words = [...(patient?.name ?? '').split(/[\s^=,.]+/), patient?.id ?? ''].filter((word) => word.length >= 3);
  return words.some((word) => text.toLowerCase().includes(word.toLowerCase()));
}

/** A DICOM person name (PS3.5 6.2.1.2: family^given^middle^prefix^suffix, the first representation that is filled in) as people write it. */
export function readableName(personName: string): string {
  const written = personName.split('=').find((representation) => representation.trim() !== '') ?? '';
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = written
    .split('^')
    .map((part) => part.trim());
  const first = [prefix, given, middle].filter(Boolean).join(' ');
  return [family, first, suffix].filter(Boolean).join(', ');
}
