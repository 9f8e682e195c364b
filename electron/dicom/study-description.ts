// Owns what a file says about its study, made fit to be shown and kept: a pseudonym for the patient, a title without names, a position.
import { createHash } from 'node:crypto';
import { namesPatient } from '../common/patient.ts';
import type { Position } from '../common/prompts.ts';
import type { DataSet } from './data-set.ts';

/** The first 16 hexadecimal digits of the SHA-256 of PatientID and IssuerOfPatientID; null without a PatientID. */
export function readPatientKey(dataSet: DataSet): string | null {
  const patientID = dataSet.text('PatientID');
  if (patientID === null) return null;
  const issuer = dataSet.text('IssuerOfPatientID') ?? '';
  return createHash('sha256').update(`${patientID}\n${issuer}`).digest('hex').slice(0, 16);
}

/** Study description, body part and series description, as far as they are there and differ, without any that holds the patient's name or number. */
export function readTitle(dataSet: DataSet): string {
  const parts: string[] = [];
  const patient = { name: dataSet.text('PatientName'), id: dataSet.text('PatientID') };
  for (const keyword of ['StudyDescription', 'BodyPartExamined', 'SeriesDescription'] as const) {
    const text = dataSet.text(keyword)?.replaceAll(/[\p{C}\s]+/gu, ' ') ?? null;
    if (text === null || namesPatient(text, patient)) continue;
    const known = parts.some((part) => part.toLowerCase().includes(text.toLowerCase()));
    if (!known) parts.push(text);
  }
  return parts.join(' · ').slice(0, 120) || 'Ultrasound';
}

const positionWords: readonly (readonly [Position, RegExp])[] = [
  ['ovary', /\b(ovar\w*|adnex\w*)\b/],
  ['breast', /\b(breasts?|mamma\w*|mammo\w*)\b/],
  ['thyroid', /\bthyroid\w*\b/],
  ['carotid', /\b(carotid\w*|cca)\b/],
  ['appendix', /\bappendi\w*\b/],
  ['liver', /\b(liver|hepat\w*)\b/],
  ['cardiac', /\b(cardiac|heart|echocardio\w*|transesophageal|transoesophageal|transthoracic)\b/],
  ['head', /\b(head|fetal|foetal|fetus|foetus|skull|cranial|brain)\b/],
  ['kidney', /\b(kidneys?|renal)\b/],
  ['leg', /\b(legs?|thigh|calf|popliteal|lower extremit\w*)\b/],
];

/** The position that the descriptions name, or null where they name none or several: it only prefills what a reader can change. */
export function readPosition(dataSet: DataSet): Position | null {
  const anatomy = dataSet.items('AnatomicRegionSequence').map((item) => item.text('CodeMeaning'));
  const described = (['BodyPartExamined', 'StudyDescription', 'SeriesDescription'] as const).map((keyword) =>
    dataSet.text(keyword),
  );
  const text = [...anatomy, ...described].join(' ').toLowerCase().replaceAll(/[_^]/g, ' ');
  const found = positionWords.filter(([, words]) => words.test(text)).map(([position]) => position);
  // "Fetal heart" and "fetal kidney" are about the second word.
  const settled = found.length > 1 ? found.filter((position) => position !== 'head') : found;
  return settled.length === 1 ? settled[0] : null;
}
